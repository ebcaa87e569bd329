import { Module } from "node:module";
import { dirname } from "node:path";
import { packageType } from "../src/instrument/package_type.ts";

/** The parts of Bun's CommonJS module object that are used here. */
interface CommonJsModule {
  id: string;
  filename: string;
  paths: string[];
  exports: unknown;
  loaded: boolean;
  _compile(code: string, filename: string): void;
}

const { _cache: cache, _nodeModulePaths: nodeModulePaths } = Module as unknown as {
  _cache: Record<string, CommonJsModule | undefined>;
  _nodeModulePaths(folder: string): string[];
};

/** What Bun's `onLoad` takes instead of a source: the namespace of the module. */
export interface ObjectResult {
  loader: "object";
  exports: Record<string, unknown>;
}

/** Modules whose code is running: a cycle of imports comes back here and gets what they have exported so far. */
const running = new Map<string, CommonJsModule>();

/**
 * Runs a CommonJS file and gives back what `onLoad` must return for it.
 *
 * Bun takes the text that `onLoad` returns for ESM, so the file is compiled here. A `require` has put a module
 * without exports into the cache before it asks `onLoad`; an `import` has not.
 */
export function loadCommonJs(filename: string, readCode: () => string): ObjectResult {
  const known = running.get(filename) ?? cache[filename];
  if (known === undefined) {
    const module = createModule(filename);
    run(module, filename, readCode());
    return namespaceOf(module.exports, filename);
  }
  if (known.loaded || running.has(filename)) return namespaceOf(known.exports, filename);
  run(known, filename, readCode());
  // To `require`, an object with this mark means its default export.
  return { loader: "object", exports: { __esModule: true, default: known.exports } };
}

function createModule(filename: string): CommonJsModule {
  const module = new (Module as unknown as new (id: string) => CommonJsModule)(filename);
  // Bun's own id for CommonJS that was not required, the main module among it.
  module.id = ".";
  module.filename = filename;
  module.paths = nodeModulePaths(dirname(filename));
  cache[filename] = module;
  return module;
}

function run(module: CommonJsModule, filename: string, code: string): void {
  running.set(filename, module);
  try {
    // `_compile` gives the code another `this` than `module.exports`. The text stays on its lines.
    const head = "(function (exports, require, module, __filename, __dirname) {";
    const body = code.replace(/^#!.*/, "");
    module._compile(
      `${head}${body}\n}).call(exports, exports, require, module, __filename, __dirname);`,
      filename,
    );
    module.loaded = true;
  } catch (error) {
    if (cache[filename] === module) delete cache[filename];
    throw error;
  } finally {
    running.delete(filename);
  }
}

/**
 * As Bun itself shows CommonJS to `import`: own keys by name, and as default the `exports`; what a compiler marked
 * with `__esModule` has its own default, except in a package of `"type": "module"`.
 */
function namespaceOf(exports: unknown, filename: string): ObjectResult {
  if ((typeof exports !== "object" && typeof exports !== "function") || exports === null) {
    return { loader: "object", exports: { default: exports } };
  }
  const names: Record<string, unknown> = {};
  for (const name of Object.getOwnPropertyNames(exports)) {
    try {
      names[name] = (exports as Record<string, unknown>)[name];
    } catch {
      names[name] = undefined;
    }
  }
  const isMarked = Boolean(names.__esModule) && packageType(filename) !== "module";
  if (isMarked) delete names.__esModule;
  if (!isMarked || !("default" in names)) names.default = exports;
  return { loader: "object", exports: names };
}

import { Module } from "node:module";
import { dirname } from "node:path";
import { packageType } from "../../src/instrument/syntax/package_type.ts";
import { SafeMap } from "../../src/tables/safe_collections.ts";
import { noteWrapper, quietly } from "../../src/tracing.ts";

/** The parts of Bun's CommonJS module object that are used here. */
interface CommonJsModule {
  id: string;
  filename: string;
  paths: string[];
  exports: unknown;
  loaded: boolean;
  $tmapply$?: typeof Reflect.apply;
  _compile(code: string, filename: string): void;
}

const {
  _cache: cache,
  _nodeModulePaths: nodeModulePaths,
  // What Bun itself puts in front.
  wrapper: [ownHead],
} = Module as unknown as {
  _cache: Record<string, CommonJsModule | undefined>;
  _nodeModulePaths(folder: string): string[];
  wrapper: readonly [head: string, tail: string];
};

/** What Bun's `onLoad` takes instead of a source: the namespace of the module. */
export interface ObjectResult {
  loader: "object";
  exports: Record<string, unknown>;
}

// Getters of exports, and the code of modules, are the program's: these may not be `quietly` done.
const { apply } = Reflect;
const { getOwnPropertyNames } = Object;

/** Modules whose code is running: a cycle of imports comes back here and gets what they have exported so far. */
const running = new SafeMap<string, CommonJsModule>();

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

// `_compile` gives the code another `this` than `module.exports`; and `call` may be the program's. The text stays on its lines.
const APPLY = "$tmapply$";
const HEAD =
  `(function(){var apply=module.${APPLY};delete module.${APPLY};return apply})()(` +
  "function (exports, require, module, __filename, __dirname) {";
const TAIL = "\n},exports,[exports,require,module,__filename,__dirname]);";

function run(module: CommonJsModule, filename: string, code: string): void {
  running.set(filename, module);
  try {
    const body = quietly(() => code.replace(/^#!.*/, ""));
    module[APPLY] = apply;
    noteWrapper(filename, ownHead.length + HEAD.length);
    module._compile(`${HEAD}${body}${TAIL}`, filename);
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
  const keys = getOwnPropertyNames(exports);
  for (let i = 0; i < keys.length; i++) {
    try {
      names[keys[i]!] = (exports as Record<string, unknown>)[keys[i]!];
    } catch {
      names[keys[i]!] = undefined;
    }
  }
  const isMarked = names.__esModule ? quietly(() => packageType(filename)) !== "module" : false;
  if (isMarked) delete names.__esModule;
  if (!isMarked || !("default" in names)) names.default = exports;
  return { loader: "object", exports: names };
}

import { readFileSync } from "node:fs";
import type { LoadFnOutput, LoadHookContext } from "node:module";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import { BOUNDARIES, currentRuntime, hasReached } from "../../src/host/capabilities.ts";
import { threadNumber } from "../../src/host/thread.ts";
import { createOwnCode, type OwnCode } from "../../src/instrument/cache/own_code.ts";
import type { FileFormat, FileInstrumenter } from "../../src/instrument/instrument_file.ts";
import { deferBuiltins, noteText, quietly } from "../../src/tracing.ts";
import { warn } from "../preload/warn.ts";
import {
  asDenoReads,
  hasLostClass,
  isCompiledByDeno,
  isLostImporter,
  loadDenoFile,
  loadedByDeno,
} from "./deno_files.ts";
import { watchCompiledCommonJs } from "./node_commonjs.ts";
import { quoteOriginalLines } from "./uncaught.ts";

/** What Node calls a file that is JavaScript or TypeScript; Deno gives no format, Node 26 none for some `require`d files. */
const FORMATS: Readonly<Record<string, FileFormat>> = {
  module: "module",
  "module-typescript": "module",
  commonjs: "commonjs",
  "commonjs-typescript": "commonjs",
  // Required, in a package that does not say what its files are.
  typescript: "unambiguous",
};

const LOST_CLASS = "Deno compiles its decorated classes wrongly for load hooks, see docs/loaders.md";
const LOST_IMPORTS =
  "Deno does not find what a required ES module imports with load hooks, see docs/loaders.md";

/** Whether this Node or Deno has the hooks that `hookNode` needs. */
export function hasModuleHooks(): boolean {
  return typeof nodeModule.registerHooks === "function";
}

/**
 * Puts the instrumenter behind `import` and `require` of Node and Deno.
 *
 * @returns Takes it away for modules that are not yet loaded.
 */
export function hookNode(instrumentFile: FileInstrumenter): () => void {
  const isDeno = currentRuntime() === "deno";
  const isOwn = createOwnCode();
  const commonJs = isDeno
    ? null
    : watchCompiledCommonJs((name, source) =>
        quietly(() => (isOwn(name, source) ? source : instrumentFile({ name, source, format: "commonjs" }))),
      );
  const release = seesAllFiles() ? deferBuiltins() : () => {};
  // How each file was read, for the line that Node quotes of an uncaught error.
  const formats = new Map<string, FileFormat>();
  const loadedText = (name: string): string | null => {
    const format = formats.get(name);
    return format === undefined ? null : instrumentFile({ name, source: readFileSync(name, "utf8"), format });
  };
  const unquote = isDeno || threadNumber() > 0 ? () => {} : quoteOriginalLines(loadedText);
  const instrumented: Instrumented = (url, context, loaded) => {
    if (isOther(context.importAttributes)) return loaded;
    const source = textOf(loaded);
    if (source === null) {
      if (isCommonJsFile(url, loaded.format)) commonJs?.expect(fileURLToPath(url));
      return loaded;
    }
    const format = formatOf(url, loaded.format ?? context.format, isDeno ? context.conditions : []);
    if (format === null) return loaded;
    const name = url.startsWith("file:") ? fileURLToPath(url) : url;
    if (isOwn(name, source)) return loaded;
    noteText(source);
    commonJs?.noteText(source);
    if (commonJs?.compiles(name) && context.conditions.includes("require")) return loaded;
    formats.set(name, format);
    const transpiled = isDeno && isCompiledByDeno(name);
    const code = instrumentFile({ name, source, format });
    if (transpiled && (code === source || hasLostClass(source))) {
      if (code !== source) warn(`tracemalloc: not instrumented: ${name}: ${LOST_CLASS}`);
      return asDenoReads(loaded, context);
    }
    return code === source ? loaded : { ...loaded, source: code };
  };
  const deregister = registerLoad(isOwn, instrumented);
  return () => {
    deregister();
    commonJs?.stop();
    unquote();
    release();
  };
}

type Instrumented = (url: string, context: LoadHookContext, loaded: LoadFnOutput) => LoadFnOutput;

/** Puts the hook in its place, and round what Deno breaks where there is one. */
function registerLoad(isOwn: OwnCode, instrumented: Instrumented): () => void {
  const isDeno = currentRuntime() === "deno";
  let hasWarned = false;
  const load: nodeModule.LoadHookSync = (url, context, nextLoad) => {
    // `nextLoad` runs the program's own hooks.
    const denoFile = isDeno ? quietly(() => loadDenoFile(url, context)) : null;
    if (denoFile === "json") return { ...nextLoad(url, context), format: "json" };
    if (denoFile !== null) return denoFile;
    const loaded = nextLoad(url, context);
    return quietly(() => {
      const source = isDeno ? textOf(loaded) : null;
      if (source === null || !isLostImporter(url, source, context)) return instrumented(url, context, loaded);
      const name = fileURLToPath(url);
      if (!isOwn(name, source) && !hasWarned) {
        hasWarned = true;
        warn(`tracemalloc: not instrumented: ${name}, and what is like it: ${LOST_IMPORTS}`);
      }
      return loadedByDeno(withoutHooks);
    });
  };
  let hooks = nodeModule.registerHooks({ load });
  const withoutHooks = (work: () => unknown): unknown => {
    hooks.deregister();
    try {
      return work();
    } finally {
      hooks = nodeModule.registerHooks({ load });
    }
  };
  return () => hooks.deregister();
}

/** Null: the host reads the file itself, or there is none (built-in modules, addons). */
function textOf({ source }: LoadFnOutput): string | null {
  if (source === null || source === undefined) return null;
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}

function seesAllFiles(): boolean {
  return (
    currentRuntime() === "node" && hasReached(BOUNDARIES.commonJsThroughHooks.node, process.versions.node)
  );
}

/** Such a file comes without its text where the process has asynchronous hooks (`--experimental-loader`, Yarn's Plug'n'Play). */
function isCommonJsFile(url: string, format: string | null | undefined): boolean {
  return format !== null && format !== undefined && FORMATS[format] === "commonjs" && url.startsWith("file:");
}

/** `with { type: "json" }`, `"text"`, `"bytes"`: no JavaScript. */
function isOther(attributes: { type?: string | undefined } | undefined): boolean {
  return attributes?.type !== undefined;
}

function formatOf(
  url: string,
  format: string | null | undefined,
  conditions: readonly string[],
): FileFormat | null {
  if (format !== null && format !== undefined) return FORMATS[format] ?? null;
  if (/\.m[jt]s(?:[?#]|$)/.test(url)) return "module";
  if (/\.c[jt]s(?:[?#]|$)/.test(url)) return "commonjs";
  // Deno has decided by now: it loads CommonJS with the conditions of `require`, also when it is imported.
  return conditions.includes("import") ? "module" : "unambiguous";
}

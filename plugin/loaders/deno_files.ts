import { createRequire, type LoadFnOutput, type LoadHookContext, Module } from "node:module";

/**
 * Answers for the files that Deno 2.9 breaks as soon as any load hook is registered, even one that passes everything
 * on: WebAssembly and `require`d JSON and addons are compiled as JavaScript. "json": as it is loaded, in this format. Null: an ordinary file.
 */
export function loadDenoFile(url: string, context: LoadHookContext): LoadFnOutput | "json" | null {
  const extension = /\.(json|node|wasm)(?:[?#]|$)/.exec(url)?.[1];
  if (!url.startsWith("file:") || extension === undefined) return null;
  // Without a source, Deno reads the module itself.
  if (extension === "wasm")
    return { format: "wasm", source: undefined, shortCircuit: true } as unknown as LoadFnOutput;
  if (!context.conditions.includes("require")) return null;
  if (extension === "json") return "json";
  return { format: "commonjs", source: "process.dlopen(module, __filename);", shortCircuit: true };
}

/** What Deno compiles first, so that a hook does not see the file's own text. */
export function isCompiledByDeno(name: string): boolean {
  return /\.(?:[cm]?ts|[jt]sx)$/.test(name);
}

/**
 * Whether Deno has compiled a decorated class wrongly. For hooks alone, in files without `import` or `export`, Deno 2.9 calls `@d class A {}` `A1` and has
 * the rest of the text go on with an `A` that is not there, a ReferenceError; without hooks that is `_A`, the decorated class.
 *
 * @param code What Deno has made of a file, with its source map.
 */
export function hasLostClass(code: string): boolean {
  // What Deno's compiler (swc) makes of decorators of classes; those of members lose nothing.
  if (!/\bc: \[\s*_[\w$]+,\s*_initClass/.test(code)) return false;
  const original = originalOf(code);
  // Deno's own names start with "_".
  const names = [...code.matchAll(/\bclass ([A-Za-z$][\w$]*\d)(?![\w$])/g)].map(([, name]) => name!);
  return names.some((name) => !new RegExp(`\\bclass\\s+${RegExp.escape(name)}(?![\\w$])`).test(original));
}

function originalOf(code: string): string {
  const map = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(code)?.[1] ?? "";
  try {
    const { sourcesContent } = JSON.parse(Buffer.from(map, "base64").toString("utf8")) as {
      sourcesContent: string[];
    };
    return sourcesContent[0]!;
  } catch {
    return "";
  }
}

/**
 * The same module without a source: Deno compiles the file once more, by itself, rightly. Not what another hook has made, and not CommonJS,
 * which it ends the program over without a source.
 */
export function asDenoReads(loaded: LoadFnOutput, { conditions }: LoadHookContext): LoadFnOutput {
  const hasFormat = loaded.format !== undefined && loaded.format !== null;
  if (hasFormat || conditions.includes("require")) return loaded;
  return { ...loaded, source: undefined, shortCircuit: true } as unknown as LoadFnOutput;
}

/** A static import of something that is no built-in module. In a comment or a string it does no harm: the file runs, as it is. */
const IMPORT =
  /(?:^|[;}])[ \t]*(?:import\s*(?:[\w$*{][^;'"()]*?\bfrom\s*)?|export\s*[*{][^;'"()]*?\bfrom\s*)["'](?!node:)/m;

/**
 * Whether Deno 2.9 cannot load a file with any load hook, even one that passes everything on: an ES module that is required finds nothing
 * that it imports ("Cannot resolve module").
 */
export function isLostImporter(url: string, source: string, { conditions }: LoadHookContext): boolean {
  if (!conditions.includes("require") || !url.startsWith("file:") || /\.c[jt]s(?:[?#]|$)/.test(url))
    return false;
  return IMPORT.test(source);
}

const KEY = Symbol.for("tracemalloc.require");

/**
 * CommonJS that has Deno load the file once more, by itself and without load hooks.
 *
 * @param withoutHooks Runs work while there are none of ours.
 */
export function loadedByDeno(withoutHooks: (work: () => unknown) => unknown): LoadFnOutput {
  const load = (name: string): unknown => {
    delete (globalThis as Record<symbol, unknown>)[KEY];
    // Else it would find itself, which is being loaded.
    delete (Module as unknown as { _cache: Record<string, unknown> })._cache[name];
    return withoutHooks(() => createRequire(name)(name) as unknown);
  };
  Object.defineProperty(globalThis, KEY, { value: load, configurable: true });
  const source = `module.exports = globalThis[Symbol.for(${JSON.stringify(KEY.description)})](__filename);`;
  return { format: "commonjs", source, shortCircuit: true };
}

import type { LoadFnOutput, LoadHookContext } from "node:module";

/**
 * Answers for the files that Deno 2.9 breaks as soon as any load hook is registered, even one that passes everything
 * on: WebAssembly and `require`d JSON and addons are compiled as JavaScript. Null: an ordinary file.
 */
export function loadDenoFile(
  url: string,
  context: LoadHookContext,
  nextLoad: (url: string, context: LoadHookContext) => LoadFnOutput,
): LoadFnOutput | null {
  const extension = /\.(json|node|wasm)(?:[?#]|$)/.exec(url)?.[1];
  if (!url.startsWith("file:") || extension === undefined) return null;
  // Without a source, Deno reads the module itself.
  if (extension === "wasm")
    return { format: "wasm", source: undefined, shortCircuit: true } as unknown as LoadFnOutput;
  if (!context.conditions.includes("require")) return null;
  if (extension === "json") return { ...nextLoad(url, context), format: "json" };
  return { format: "commonjs", source: "process.dlopen(module, __filename);", shortCircuit: true };
}

import { type ParserOptions, parse } from "@babel/parser";
import type { Cache } from "../../src/instrument/cache/cache.ts";
import { packageType } from "../../src/instrument/syntax/package_type.ts";

/** Bun's loaders for files that hold JavaScript or TypeScript. */
export type BunLoader = "js" | "jsx" | "ts" | "tsx";

interface Transpiler {
  scan(code: string): { exports: string[]; imports: { kind: string }[] };
  transformSync(code: string): string;
}

interface BunHost {
  Transpiler: new (options: { loader: BunLoader; target: "bun" }) => Transpiler;
}

const transpilers = new Map<BunLoader, Transpiler>();

/** The loader that Bun takes for a file by its extension. */
export function loaderOf(filename: string): BunLoader {
  const extension = /\.([cm]?[jt]sx?)$/.exec(filename)?.[1];
  if (extension === "tsx") return "tsx";
  if (extension?.endsWith("ts")) return "ts";
  return extension === "js" || extension === "jsx" ? "jsx" : "js";
}

/** TypeScript and JSX as plain JavaScript. Bun gives no source map for it, so lines of stacks may differ. */
export function transpile(code: string, loader: BunLoader): string {
  return transpilerFor(loader).transformSync(code);
}

/**
 * Whether Bun would run a file as a module or as CommonJS: `import`, `export` and `await` at top level make a module;
 * then the package's type and the use of CommonJS's own names decide.
 */
export function formatOf(filename: string, source: string, cache: Cache | null): "module" | "commonjs" {
  if (/\.m[jt]s$/.test(filename)) return "module";
  if (/\.c[jt]s$/.test(filename)) return "commonjs";
  if (/\b(?:import|export|await)\b/.test(source) && hasModuleSyntax(filename, source, cache)) return "module";
  if (packageType(filename) === "commonjs") return "commonjs";
  return /\b(?:require|module|exports|__filename|__dirname)\b/.test(source) ? "commonjs" : "module";
}

/** Bun's scan is fast but does not tell `export {}`, `import.meta` and `await`; then a whole parse is needed, once. */
function hasModuleSyntax(filename: string, source: string, cache: Cache | null): boolean {
  if (isScannedAsModule(source, loaderOf(filename))) return true;
  const key = { source, filename, options: ["module syntax"] };
  const known = cache?.get(key) ?? null;
  if (known !== null) return known === "yes";
  const isModule = isParsedAsModule(filename, source);
  cache?.set(key, isModule ? "yes" : "no");
  return isModule;
}

function isScannedAsModule(source: string, loader: BunLoader): boolean {
  try {
    const { exports, imports } = transpilerFor(loader).scan(source);
    return exports.length > 0 || imports.some(({ kind }) => kind === "import-statement");
  } catch {
    return false;
  }
}

function isParsedAsModule(filename: string, source: string): boolean {
  const loader = loaderOf(filename);
  const plugins: ParserOptions["plugins"] = [];
  if (loader.startsWith("ts")) plugins.push("typescript");
  if (loader.endsWith("x")) plugins.push("jsx");
  try {
    return (
      parse(source, { sourceType: "unambiguous", errorRecovery: true, plugins }).program.sourceType ===
      "module"
    );
  } catch {
    return false;
  }
}

function transpilerFor(loader: BunLoader): Transpiler {
  let transpiler = transpilers.get(loader);
  if (transpiler === undefined) {
    const { Bun: bun } = globalThis as unknown as { Bun: BunHost };
    transpilers.set(loader, (transpiler = new bun.Transpiler({ loader, target: "bun" })));
  }
  return transpiler;
}

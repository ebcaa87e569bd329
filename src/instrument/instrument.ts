// STUB, replaced at merge by the lead's transform.
import { type ParserOptions, parse } from "@babel/parser";

export interface InstrumentOptions {
  filename: string;
  sourceType?: "module" | "commonjs" | "script" | "unambiguous";
  sourceMap?: boolean | "inline";
  inputSourceMap?: unknown;
}

export function instrument(
  code: string,
  options: InstrumentOptions,
): { code: string; map: null; sites: never[] } {
  const { filename, sourceType = "unambiguous", sourceMap } = options;
  const plugins: ParserOptions["plugins"] = [];
  if (/\.[cm]?tsx?$/.test(filename)) plugins.push("typescript");
  if (!/\.[cm]?ts$/.test(filename)) plugins.push("jsx");
  const { program } = parse(code, { sourceType, plugins } as ParserOptions);
  const first = program.body[0];
  if (first === undefined) return { code, map: null, sites: [] };
  const head = `;globalThis.__tm_seen=(globalThis.__tm_seen||0)+1;(globalThis.__tm_files??=[]).push(${JSON.stringify(filename)});`;
  const tail = sourceMap === "inline" ? "\n//# tm-inline-map" : "";
  return { code: code.slice(0, first.start!) + head + code.slice(first.start!) + tail, map: null, sites: [] };
}

// Compiles with Babel and nothing but what a test asks for.
import { createRequire } from "node:module";
import { type BabelFileResult, type PluginItem, type TransformOptions, transformSync } from "@babel/core";
import tracemalloc from "../../../plugin/babel/babel.ts";

const require = createRequire(import.meta.url);

/** The plugin. */
export const plugin: PluginItem = tracemalloc;

/** A preset of Babel's, with options. */
export const preset = (name: string, options: object = {}): PluginItem => [
  require.resolve(`@babel/preset-${name}`),
  options,
];

/** Everything is compiled away that can be. */
export const OLD: PluginItem = preset("env", { targets: "ie 11", modules: false });

/** What Babel makes of a text, with our plugin unless told otherwise. */
export function compile(
  source: string,
  options: TransformOptions,
  plugins: PluginItem[] = [plugin],
): BabelFileResult {
  const own = { filename: "/app/case.js", configFile: false, babelrc: false, compact: false } as const;
  return transformSync(source, { ...own, ...options, plugins })!;
}

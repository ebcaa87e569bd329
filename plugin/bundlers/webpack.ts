// `tracemalloc/unplugin/webpack`
import { tracemalloc as anywhere, type BuildOptions } from "./unplugin.ts";

/** The plugin for webpack 5. */
export const tracemalloc: (options?: BuildOptions) => ReturnType<typeof anywhere.webpack> = anywhere.webpack;

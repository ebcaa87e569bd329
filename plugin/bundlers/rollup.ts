// `tracemalloc/unplugin/rollup`
import { tracemalloc as anywhere, type BuildOptions } from "./unplugin.ts";

/** The plugin for Rollup. */
export const tracemalloc: (options?: BuildOptions) => ReturnType<typeof anywhere.rollup> = anywhere.rollup;

// `tracemalloc/unplugin/esbuild`
import { tracemalloc as anywhere, type BuildOptions } from "./unplugin.ts";

/** The plugin for esbuild. */
export const tracemalloc: (options?: BuildOptions) => ReturnType<typeof anywhere.esbuild> = anywhere.esbuild;

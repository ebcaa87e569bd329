// `tracemalloc/unplugin/vite`
import { tracemalloc as anywhere, type BuildOptions } from "./unplugin.ts";

/** The plugin for Vite. */
export const tracemalloc: (options?: BuildOptions) => ReturnType<typeof anywhere.vite> = anywhere.vite;

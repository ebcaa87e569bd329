// `tracemalloc/unplugin/rspack`
import { tracemalloc as anywhere, type BuildOptions } from "./unplugin.ts";

/** The plugin for Rspack. */
export const tracemalloc: (options?: BuildOptions) => ReturnType<typeof anywhere.rspack> = anywhere.rspack;

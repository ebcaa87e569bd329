// `tracemalloc/unplugin/rolldown`
import { tracemalloc as anywhere, type BuildOptions } from "./unplugin.ts";

/** The plugin for Rolldown. */
export const tracemalloc: (options?: BuildOptions) => ReturnType<typeof anywhere.rolldown> =
  anywhere.rolldown;

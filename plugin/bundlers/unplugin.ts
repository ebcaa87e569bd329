// `tracemalloc/unplugin`: one plugin for the bundlers that the `unplugin` library knows.
import { createUnplugin, type UnpluginFactory, type UnpluginInstance } from "unplugin";
import type { BuildOptions } from "./build_step.ts";
import { createTransform } from "./build_transform.ts";
import { resolveTracker, resolveTrackerInEsbuild, resolveTrackerInWebpack } from "./resolve_tracker.ts";

export type { BuildOptions } from "./build_step.ts";

/** What bundlers need to ask the plugin about. */
export const SOURCE_FILES: RegExp = /\.[cm]?[jt]sx?(?:\?[^?]*)?$/;

const factory: UnpluginFactory<BuildOptions | undefined, false> = (options = {}) => {
  const transform = createTransform(options);
  const hook = { filter: { id: SOURCE_FILES }, handler: transform };
  return {
    name: "tracemalloc",
    // Before types and JSX are compiled: sites are then where people wrote them, and types say what is what.
    enforce: "pre",
    transform: hook,
    rollup: { transform: { ...hook, order: "pre" }, resolveId: resolveTracker as never },
    rolldown: { resolveId: resolveTracker as never },
    vite: { resolveId: resolveTracker as never },
    esbuild: { setup: (build) => resolveTrackerInEsbuild(build as never) },
    webpack: (compiler) => resolveTrackerInWebpack(compiler as never),
    rspack: (compiler) => resolveTrackerInWebpack(compiler as never),
  };
};

/** The plugin, with a property for each bundler: `tracemalloc.vite(options)`, `tracemalloc.webpack(options)` … */
export const tracemalloc: UnpluginInstance<BuildOptions | undefined, false> = createUnplugin(factory);

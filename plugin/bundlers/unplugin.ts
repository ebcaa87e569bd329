// `tracemalloc/unplugin`: one plugin for the bundlers that the `unplugin` library knows.
import { createUnplugin, type UnpluginFactory, type UnpluginInstance, type UnpluginOptions } from "unplugin";
import { withoutAnnotationLogs } from "./annotations.ts";
import type { BuildOptions } from "./build_step.ts";
import { createTransform } from "./build_transform.ts";
import { mapComponentsInRspack, mapComponentsInWebpack, placeComponentsInVite } from "./component_maps.ts";
import { COMPONENT_FILES, createComponentTransform } from "./components.ts";
import { resolveTracker, resolveTrackerInEsbuild, resolveTrackerInWebpack } from "./resolve_tracker.ts";

export type { BuildOptions } from "./build_step.ts";

/** What bundlers need to ask the plugin about. */
export const SOURCE_FILES: RegExp = /\.[cm]?[jt]sx?(?:\?[^?]*)?$/;

const COMPONENTS = "tracemalloc:components";

/** These read a file once, by the first plugin that does: what another has compiled never comes to ours. */
const WITHOUT_COMPONENTS: ReadonlySet<string> = new Set(["esbuild", "bun"]);

const factory: UnpluginFactory<BuildOptions | undefined, true> = (options = {}, { framework }) =>
  WITHOUT_COMPONENTS.has(framework) ? [sources(options)] : [sources(options), components(options)];

function sources(options: BuildOptions): UnpluginOptions {
  const { handler, onLog } = withoutAnnotationLogs(createTransform(options));
  const hook = { filter: { id: SOURCE_FILES }, handler };
  const resolving = { resolveId: resolveTracker as never, onLog };
  return {
    name: "tracemalloc",
    // Before types and JSX are compiled: sites are then where people wrote them, and types say what is what.
    enforce: "pre",
    transform: hook,
    rollup: { transform: { ...hook, order: "pre" }, ...resolving },
    rolldown: resolving,
    vite: resolving,
    esbuild: { setup: (build) => resolveTrackerInEsbuild(build as never) },
    webpack: (compiler) => resolveTrackerInWebpack(compiler as never),
    rspack: (compiler) => resolveTrackerInWebpack(compiler as never),
  };
}

/** Components come last, when they are JavaScript. */
function components(options: BuildOptions): UnpluginOptions {
  const { handler, onLog } = withoutAnnotationLogs(createComponentTransform(options));
  const hook = { filter: { id: COMPONENT_FILES }, handler };
  const last = { transform: { ...hook, order: "post" }, onLog } as never;
  return {
    name: COMPONENTS,
    enforce: "post",
    transform: hook,
    rollup: last,
    rolldown: last,
    vite: { configResolved: placeComponentsInVite(COMPONENTS) as never, onLog },
    webpack: (compiler) => mapComponentsInWebpack(compiler as never),
    rspack: (compiler) => mapComponentsInRspack(compiler as never),
  };
}

/** The plugin, with a property for each bundler: `tracemalloc.vite(options)`, `tracemalloc.webpack(options)` … */
export const tracemalloc: UnpluginInstance<BuildOptions | undefined, true> = createUnplugin(factory);

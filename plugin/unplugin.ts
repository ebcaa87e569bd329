// `tracemalloc/unplugin`: one plugin for the bundlers that the `unplugin` library knows.
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createUnplugin, type UnpluginFactory, type UnpluginInstance } from "unplugin";
import { type BuildOptions, type BuiltCode, createBuildStep, pathOf, startingTracker } from "./build_step.ts";

export type { BuildOptions } from "./build_step.ts";

const SOURCE_FILES = /\.[cm]?[jt]sx?(?:\?[^?]*)?$/;

/** This package's own module that instrumented code loads first, from the sources or from `dist/`. */
const TRACKER_FILE: string = fileURLToPath(import.meta.url).replace(/plugin([\\/])unplugin\.([jt]s)$/, "src$1track$1install.$2");

const factory: UnpluginFactory<BuildOptions | undefined, false> = (options = {}) => {
  const transform = createTransform(options);
  const hook = { filter: { id: SOURCE_FILES }, handler: transform };
  return {
    name: "tracemalloc",
    // Before types and JSX are compiled: sites are then where people wrote them, and types say what is what.
    enforce: "pre",
    transform: hook,
    rollup: { transform: { ...hook, order: "pre" } },
  };
};

/** The plugin, with a property for each bundler: `tracemalloc.vite(options)`, `tracemalloc.webpack(options)` … */
export const tracemalloc: UnpluginInstance<BuildOptions | undefined, false> = createUnplugin(factory);

/**
 * The transform that all bundlers share.
 *
 * @param tracker The text of the tracker's module, where it is not its own.
 */
export function createTransform(
  options: BuildOptions,
  tracker: string | null = startingTracker(options.start, "../../mod" + TRACKER_FILE.slice(-3)),
): (code: string, id: string) => BuiltCode | { code: string; map: null } | null {
  const step = createBuildStep(options);
  return (code, id) => {
    const name = pathOf(id);
    if (name === null) return null;
    if (tracker !== null && isTracker(name)) return { code: tracker, map: null };
    return step({ name, source: code });
  };
}

function isTracker(path: string): boolean {
  if (!/[\\/]src[\\/]track[\\/]install\.[jt]s$/.test(path)) return false;
  if (path === TRACKER_FILE) return true;
  try {
    return realpathSync(path) === realpathSync(TRACKER_FILE);
  } catch {
    return false;
  }
}

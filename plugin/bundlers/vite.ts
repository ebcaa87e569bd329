// `tracemalloc/unplugin/vite`
import { createTransform } from "./build_transform.ts";
import { resolveTracker } from "./resolve_tracker.ts";
import { tracemalloc as anywhere, type BuildOptions, SOURCE_FILES } from "./unplugin.ts";
import { type LiveServer, serveLive } from "./vite_live.ts";

/** The part of Vite's `Plugin` that is used here. */
export interface TracemallocVitePlugin {
  name: string;
  enforce?: "pre" | "post";
  apply?: "serve" | "build";
}

/** What the development server traces with unless it is told otherwise. */
const WHILE_SERVING = { nframe: 25, sampling: "adaptive" } as const;

/** Packages that Vite has bundled in advance are instrumented while it does so, when their files still have names. */
const BUNDLED_IN_ADVANCE = /[\\/]\.vite[\\/]deps/;
/** What Vite itself adds to the page. */
const OWN_CLIENT = /[\\/]vite[\\/]dist[\\/]client[\\/]/;

/**
 * The plugin for Vite.
 *
 * Builds are instrumented, and start tracing when `start` says so. The development server traces the page from its start
 * (adaptive sampling, 25 frames; `start: false`: not), and shows what it holds at `/__tracemalloc/`.
 *
 * @param options Which files, and what to start with.
 * @throws {TypeError | RangeError} when an option is not what it should be.
 * @example
 * ```ts ignore
 * // vite.config.ts
 * import { tracemalloc } from "tracemalloc/unplugin/vite";
 * export default { plugins: [tracemalloc()] };
 * ```
 */
export function tracemalloc(options: BuildOptions = {}): TracemallocVitePlugin[] {
  const [sources, components] = anywhere.vite(options) as TracemallocVitePlugin[];
  const building = { ...sources!, apply: "build" as const };
  return [building, servingPlugin({ ...options, start: options.start ?? WHILE_SERVING }), components!];
}

function servingPlugin(options: BuildOptions): TracemallocVitePlugin {
  const transform = createTransform(options, "bundlers/vite_client");
  const filter = { id: SOURCE_FILES };
  // Vite makes its bundles anew when the names of these plugins change.
  const inAdvance = {
    name: `tracemalloc:${JSON.stringify([options.include ?? [], options.exclude ?? [], options.calls ?? true])}`,
    transform: { filter, handler: createTransform({ ...options, start: false }) },
  };
  const plugin = {
    name: "tracemalloc",
    enforce: "pre" as const,
    apply: "serve" as const,
    transform: {
      filter,
      handler: (code: string, id: string) =>
        BUNDLED_IN_ADVANCE.test(id) || OWN_CLIENT.test(id) ? null : transform(code, id),
    },
    resolveId: resolveTracker,
    config: () => ({
      optimizeDeps: {
        // One copy of the tracker: the page's, the packages' and ours.
        exclude: ["tracemalloc", "tracemalloc/tracker"],
        rolldownOptions: { plugins: [inAdvance] },
      },
    }),
    configureServer: (server: LiveServer) => serveLive(server),
  };
  return plugin;
}

import { readFileSync } from "node:fs";
import type { Cache } from "../../src/instrument/cache/cache.ts";
import { createOwnCode } from "../../src/instrument/cache/own_code.ts";
import { instrument } from "../../src/instrument/instrument.ts";
import type { FileInstrumenter } from "../../src/instrument/instrument_file.ts";
import { quietly } from "../../src/tracing.ts";
import { loadCommonJs, type ObjectResult } from "../loaders/bun_commonjs.ts";
import { type BunLoader, formatOf, loaderOf, transpile } from "../loaders/bun_format.ts";
import { fileInstrumenter, setRegistered } from "../preload/setup.ts";
import type { BuildOptions } from "./build_step.ts";
import { createTransform, type Transform } from "./build_transform.ts";
import { resolveTrackerInBun } from "./resolve_tracker.ts";

/** The part of Bun's `PluginBuilder` that is used here. */
export interface BunPluginBuilder {
  /** Only `Bun.build` has one. */
  config?: unknown;
  onResolve(options: { filter: RegExp }, callback: () => { path: string } | undefined): unknown;
  onLoad(
    constraints: { filter: RegExp; namespace?: string },
    callback: (args: { path: string }) => ObjectResult | { contents: string; loader: BunLoader },
  ): unknown;
}

/** The part of Bun's `BunPlugin` that is used here. */
export interface TracemallocBunPlugin {
  name: string;
  setup(builder: BunPluginBuilder): void;
}

const SOURCE_FILES = /\.[cm]?[jt]sx?$/;

/**
 * A plugin for `Bun.plugin` and `Bun.build` that instruments what is loaded or bundled.
 *
 * @param options `include` and `exclude`: globs, as in `TRACEMALLOC_INCLUDE`; default: everything. `start`: what a bundle
 * starts tracing with; programs that `Bun.plugin` loads call `start()` themselves.
 * @throws {TypeError | RangeError} when an option is not what it should be.
 * @example
 * ```ts ignore
 * Bun.plugin(tracemalloc({ exclude: ["node_modules"] }));
 * ```
 */
export function tracemalloc(options: BuildOptions = {}): TracemallocBunPlugin {
  const { include = [], exclude = [] } = options;
  const transform = createTransform(options);
  return {
    name: "tracemalloc",
    setup(builder) {
      if (builder.config !== undefined) {
        setupBundler(builder, transform);
        return;
      }
      const { instrumentFile, cache } = fileInstrumenter(
        { include: [...include], exclude: [...exclude] },
        () => instrument,
      );
      setupLoader(builder, { instrumentFile, cache });
    },
  };
}

/** Puts the instrumenter behind `import` and `require` of Bun; Bun offers no way to take a plugin away alone. */
export function hookBun(instrumentFile: FileInstrumenter, cache: Cache | null): () => void {
  const { Bun: bun } = globalThis as unknown as { Bun: { plugin(plugin: TracemallocBunPlugin): unknown } };
  let active = true;
  bun.plugin({
    name: "tracemalloc",
    setup(builder) {
      setupLoader(builder, {
        instrumentFile: (file) => (active ? instrumentFile(file) : file.source),
        cache,
      });
    },
  });
  return () => {
    active = false;
  };
}

/** Instruments what `Bun.build` bundles. Bun 1.4 reads no source map of what `onLoad` gives it; lines hold all the same. */
function setupBundler(builder: BunPluginBuilder, transform: Transform): void {
  resolveTrackerInBun(builder);
  builder.onLoad({ filter: SOURCE_FILES, namespace: "file" }, ({ path }) => {
    const source = readFileSync(path, "utf8");
    const built = transform(source, path);
    const loader = loaderOf(path);
    return { contents: built === null ? source : built.code, loader };
  });
}

/** Instruments what Bun loads to run. `onLoad` answers for every file that its filter matches, also for those left alone. */
function setupLoader(
  builder: BunPluginBuilder,
  { instrumentFile, cache }: { instrumentFile: FileInstrumenter; cache: Cache | null },
): void {
  const isOwn = createOwnCode();
  setRegistered(true);
  builder.onLoad({ filter: SOURCE_FILES, namespace: "file" }, ({ path }) => {
    // All but what runs the program: CommonJS.
    const { loader, format, code } = quietly(() => {
      const source = readFileSync(path, "utf8");
      const loader = loaderOf(path);
      const format = formatOf(path, source, cache);
      const code = isOwn(path, source) ? source : instrumentFile({ name: path, source, format });
      const isReady = format === "module" || loader === "js" || path.endsWith(".js");
      return { loader, format, code: isReady ? () => code : () => quietly(() => transpile(code, loader)) };
    });
    return format === "module" ? { contents: code(), loader } : loadCommonJs(path, code);
  });
}

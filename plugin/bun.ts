import { readFileSync } from "node:fs";
import type { Cache } from "../src/instrument/cache.ts";
import type { FileInstrumenter } from "../src/instrument/instrument_file.ts";
import { loadCommonJs, type ObjectResult } from "./bun_commonjs.ts";
import { type BunLoader, formatOf, loaderOf, transpile } from "./bun_format.ts";
import { fileInstrumenter, setRegistered } from "./setup.ts";

/** The part of Bun's `PluginBuilder` that is used here. */
export interface BunPluginBuilder {
  /** Only `Bun.build` has one. */
  config?: unknown;
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
 * @param options `include` and `exclude`: globs, as in `TRACEMALLOC_INCLUDE`; default: everything.
 * @example
 * ```ts ignore
 * Bun.plugin(tracemalloc({ exclude: ["node_modules"] }));
 * ```
 */
export function tracemalloc(options: { include?: string[]; exclude?: string[] } = {}): TracemallocBunPlugin {
  const { include = [], exclude = [] } = options;
  const { instrumentFile, cache } = fileInstrumenter({ include, exclude });
  return bunPlugin(instrumentFile, cache);
}

/** Puts the instrumenter behind `import` and `require` of Bun; Bun offers no way to take a plugin away alone. */
export function hookBun(instrumentFile: FileInstrumenter, cache: Cache | null): () => void {
  const { Bun: bun } = globalThis as unknown as { Bun: { plugin(plugin: TracemallocBunPlugin): unknown } };
  let active = true;
  bun.plugin(bunPlugin((file) => (active ? instrumentFile(file) : file.source), cache));
  return () => {
    active = false;
  };
}

function bunPlugin(instrumentFile: FileInstrumenter, cache: Cache | null): TracemallocBunPlugin {
  return {
    name: "tracemalloc",
    setup(builder) {
      const isBundler = builder.config !== undefined;
      if (!isBundler) setRegistered(true);
      // `onLoad` answers for every file that its filter matches, also for those that are left alone.
      builder.onLoad({ filter: SOURCE_FILES, namespace: "file" }, ({ path }) => {
        const source = readFileSync(path, "utf8");
        const loader = loaderOf(path);
        if (isBundler)
          return { contents: instrumentFile({ name: path, source, format: "unambiguous" }), loader };
        const format = formatOf(path, source, cache);
        const code = (): string => instrumentFile({ name: path, source, format });
        if (format === "module") return { contents: code(), loader };
        return loadCommonJs(path, () =>
          loader === "js" || path.endsWith(".js") ? code() : transpile(code(), loader),
        );
      });
    },
  };
}

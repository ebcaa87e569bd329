// The step that bundlers and Babel share: from a file to instrumented code and its source map.
import { isAbsolute } from "node:path";
import { instrument } from "../../src/instrument/instrument.ts";
import { createFileInstrumenter, type FileFormat } from "../../src/instrument/instrument_file.ts";
import type { InputMap } from "../../src/instrument/maps/input_map.ts";
import { createSelection } from "../../src/instrument/selection.ts";
import { checkStartOptions, describe, type StartOptions } from "../../src/vocabulary/start_options.ts";
import { openCache } from "../preload/open_cache.ts";
import { warn } from "../preload/warn.ts";

/** What the plugins for bundlers take. */
export interface BuildOptions {
  /** Globs, as in `TRACEMALLOC_INCLUDE`; a file must match one of them. Default: every file, dependencies too. */
  include?: readonly string[];
  /** Globs; a file that matches one of them is left alone. */
  exclude?: readonly string[];
  /**
   * Whether calls are recorded, which exact mode needs for tracebacks of more than one frame. Default `true`. With `false`, the code of
   * pages is smaller and faster, and tracebacks come from the engine's stacks and the bundle's source maps, in the sampled modes.
   */
  calls?: boolean;
  /**
   * Starts tracing before the program's first module: `true`, the number of frames, or what `start()` takes. Default
   * `false`: the program calls `start()` itself.
   */
  start?: boolean | number | StartOptions;
}

/** Instrumented code, and its source map of version 3. */
export interface BuiltCode {
  code: string;
  map: SourceMapObject;
}

/** A source map of version 3. */
export interface SourceMapObject {
  version: number;
  names: string[];
  sources: string[];
  sourcesContent?: string[];
  mappings: string;
}

/** One file as a bundler or Babel has it. */
export interface BuildFile {
  name: string;
  source: string;
  format?: FileFormat;
  /** See `LoadedFile`. */
  inputMap?: InputMap;
}

/** Null where the file stays as it is: not selected, nothing to report in it, or a syntax that we cannot read. */
export interface BuildStep {
  (file: BuildFile): BuiltCode | null;
  /** Whether a file is to be instrumented at all. */
  selects(name: string): boolean;
}

/** The module that bundled code loads first: it puts the tracker where instrumented code looks for it. */
export const TRACKER = "tracemalloc/tracker";

/** Any copy of the package: a tracker that reported to itself would never end. */
const OWN_PACKAGE = /[\\/]node_modules[\\/]tracemalloc[\\/](?:dist|src|plugin|mod\.ts)/;

/** What Babel makes compiled code call: the tracker, too, where Babel compiles it (Metro, Jest), and it would never end. */
const BABEL_RUNTIME = /[\\/]node_modules[\\/]@babel[\\/]runtime(?:-corejs\d)?[\\/]/;

const INLINE_MAP = /\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)$/;

/**
 * Builds the step.
 *
 * @param options `tracker`: what the code loads first; null: nothing. `inContext`, `chainMap`: see `InstrumentOptions`.
 */
export function createBuildStep({
  include = [],
  exclude = [],
  calls = true,
  tracker = TRACKER,
  inContext = false,
  chainMap = false,
}: Pick<BuildOptions, "include" | "exclude" | "calls"> & {
  tracker?: string | null;
  inContext?: boolean;
  chainMap?: boolean;
}): BuildStep {
  if (typeof calls !== "boolean")
    throw new TypeError(`tracemalloc: calls must be a boolean, got ${describe(calls)}`);
  const chosen = createSelection({ include: globs("include", include), exclude: globs("exclude", exclude) });
  const selects = (name: string): boolean =>
    chosen(name) && !OWN_PACKAGE.test(name) && !BABEL_RUNTIME.test(name);
  const instrumentFile = createFileInstrumenter({
    selected: selects,
    wantsSourceMap: () => true,
    chainMap,
    calls,
    tracker,
    inContext,
    cache: openCache(),
    warn,
    loadInstrument: () => instrument,
  });
  const step = ({ format = "unambiguous", ...file }: BuildFile): BuiltCode | null => {
    const { source } = file;
    const text = instrumentFile({ ...file, format });
    // The one form that the cache keeps: code and map in one text.
    const found = text === source ? null : INLINE_MAP.exec(text);
    if (found === null) return null;
    const map = JSON.parse(Buffer.from(found[1]!, "base64").toString("utf8")) as SourceMapObject;
    return { code: text.slice(0, found.index), map };
  };
  return Object.assign(step, { selects });
}

/**
 * The path of a bundler's module; null where it is none of a file's text: virtual modules, and `?raw`, `?url` and their
 * like, which stand for something else than the file's code.
 */
export function pathOf(id: string): string | null {
  const query = id.indexOf("?");
  if (query >= 0 && !isPlainQuery(id.slice(query))) return null;
  const path = query < 0 ? id : id.slice(0, query);
  return isAbsolute(path) && !path.includes("\0") ? path : null;
}

/** Whether a query leaves the module what its file is: Vite's versions and times. */
export function isPlainQuery(query: string): boolean {
  return /^\?(?:(?:v|t)=[\w.-]*|import)(?:&(?:(?:v|t)=[\w.-]*|import))*$/.test(query);
}

/**
 * The statements that start tracing; null: none.
 *
 * @throws {TypeError | RangeError} when `start` is nothing that `start()` takes.
 */
export function callOfStart(start: BuildOptions["start"]): string | null {
  if (start === undefined || start === false) return null;
  if (start !== true) checkStartOptions(start);
  // The mark says that instrumented code is to come, so that `start()` need not warn of none.
  const mark = 'globalThis[Symbol.for("tracemalloc.registered")] = true;\n';
  return `${mark}start(${start === true ? "" : JSON.stringify(start)});\n`;
}

function globs(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value as string[];
  throw new TypeError(`tracemalloc: ${name} must be an array of globs, got ${describe(value)}`);
}

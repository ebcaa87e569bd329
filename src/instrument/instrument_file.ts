import type { Cache } from "./cache/cache.ts";
import type { EditDescription, instrument as Instrument, InstrumentResult } from "./instrument.ts";
import { type InputMap, readInputMap, textsOf } from "./maps/input_map.ts";
import { isInPackage, keepsOwnLines } from "./maps/package_text.ts";
import type { Selection } from "./selection.ts";

/** How a host reads a file; `"unambiguous"`: the file's own syntax decides. */
export type FileFormat = "module" | "commonjs" | "unambiguous";

/** One loaded file. */
export interface LoadedFile {
  /** A plain path for a file, the URL for any other module. */
  name: string;
  source: string;
  format: FileFormat;
  /** The text's map, where the host has it: sites are then those of its sources. Absent: it is looked for in the text. */
  inputMap?: InputMap;
}

/** What became of a file, for what tells of places in the text that runs. */
export interface InstrumentedFile {
  name: string;
  source: string;
  code: string;
  edits: EditDescription;
  inputSourceMap: InputMap | null;
}

/** Gives back the text to run: instrumented, or the source as it came. Never throws. */
export type FileInstrumenter = (file: LoadedFile) => string;

/** What the step that all loaders share depends on. */
export interface FileInstrumenterOptions {
  selected: Selection;
  /** Asked for each file, as a program may switch source maps on while it runs. */
  wantsSourceMap: () => boolean;
  /** See `InstrumentOptions`. */
  chainMap?: boolean;
  /** Whether calls are recorded: tracebacks of one frame do without. */
  calls: boolean;
  /** See `InstrumentOptions`; absent: code finds the tracker that is there. */
  tracker?: string | null;
  /** See `InstrumentOptions`. */
  inContext?: boolean;
  cache: Cache | null;
  /** Is told of each file that was instrumented; the cache, which knows nothing of insertions, is then not asked. */
  onInstrumented?: ((file: InstrumentedFile) => void) | null;
  warn: (message: string) => void;
  /** Is called when a text has been instrumented whose tree takes a good deal of memory, which is garbage now. */
  afterLarge?: () => void;
  /**
   * Gives the transform; asked only for files that the cache does not hold: loading it takes longer than reading them.
   * Null: for the transform's own modules, which have to stay as they are.
   */
  loadInstrument: () => typeof Instrument | null;
}

/** Characters: a tree has 14 bytes and more for each. */
const LARGE = 2 ** 21;

/** Builds the one step of all loaders: from a loaded file to the text to run. */
export function createFileInstrumenter(options: FileInstrumenterOptions): FileInstrumenter {
  const { selected, wantsSourceMap, chainMap = true, calls, tracker = null, inContext = false } = options;
  const { cache, onInstrumented = null, afterLarge, loadInstrument } = options;
  const warnings = new FileWarnings(options.warn);

  return (file) => {
    const { name, format } = file;
    try {
      if (!selected(name)) return file.source;
      const source = file.source.startsWith("\uFEFF") ? file.source.slice(1) : file.source;
      const sourceMap = wantsSourceMap() ? ("inline" as const) : false;
      const inputSourceMap = file.inputMap ?? inputMapOf(source, name, warnings);
      const key = {
        source,
        filename: name,
        options: [format, sourceMap, chainMap, calls, tracker, inContext],
        maps: inputSourceMap === null ? [] : textsOf(inputSourceMap),
      };
      const cached = onInstrumented === null ? (cache?.get(key) ?? null) : null;
      if (cached !== null) return cached;
      const instrument = loadInstrument();
      if (instrument === null) return file.source;
      const describesEdits = onInstrumented !== null;
      const settings = {
        sourceMap,
        chainMap,
        mapSites: file.inputMap !== undefined || !keepsOwnLines(name, source),
        describesEdits,
        calls,
        tracker,
        inContext,
        instrument,
      } as const;
      try {
        const { code, edits } = transform({ ...file, source }, { ...settings, inputSourceMap });
        if (source.length >= LARGE) afterLarge?.();
        cache?.set(key, code);
        if (edits !== undefined) onInstrumented?.({ name, source, code, edits, inputSourceMap });
        return code;
      } catch (error) {
        // By its name: the transform can be a bundle with a class of its own.
        if (!(error instanceof Error) || error.name !== "SourceMapError") throw error;
        warnings.ofMap(name, error.message);
        const { code, edits } = transform({ ...file, source }, { ...settings, inputSourceMap: null });
        if (edits !== undefined) onInstrumented?.({ name, source, code, edits, inputSourceMap: null });
        return code;
      }
    } catch (error) {
      warnings.ofFile(name, error);
      return file.source;
    }
  };
}

/** What users are told of files that run otherwise than they may think. */
class FileWarnings {
  readonly #warn: (message: string) => void;
  readonly #warned = new Set<string>();
  #hasWarnedOfMap = false;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** Once for each file: it is not instrumented. */
  ofFile(name: string, error: unknown): void {
    if (this.#warned.has(name)) return;
    this.#warned.add(name);
    const { position, reason } = describe(error);
    this.#warn(`tracemalloc: not instrumented: ${name}${position}: ${reason}`);
  }

  /** Once for all files: a folder of maps that were left out would give a line for each. */
  ofMap(name: string, reason: string): void {
    if (this.#hasWarnedOfMap) return;
    this.#hasWarnedOfMap = true;
    this.#warn(`tracemalloc: lines of ${name} are those of the generated text, as may be others: ${reason}`);
  }
}

function inputMapOf(source: string, name: string, warnings: FileWarnings): InputMap | null {
  const { map, problem } = readInputMap(source, name);
  // Packages leave their maps out as a matter of course.
  const isExpected = problem?.kind === "missing" && isInPackage(name);
  if (problem !== null && !isExpected) warnings.ofMap(name, problem.reason);
  return map;
}

interface TransformOptions {
  sourceMap: "inline" | false;
  chainMap: boolean;
  mapSites: boolean;
  describesEdits: boolean;
  calls: boolean;
  tracker: string | null;
  inContext: boolean;
  inputSourceMap: InputMap | null;
  instrument: typeof Instrument;
}

function transform(
  { name, source, format }: LoadedFile,
  { instrument, ...settings }: TransformOptions,
): InstrumentResult {
  const options = { filename: name, ...settings };
  try {
    return instrument(source, { ...options, sourceType: format });
  } catch (error) {
    const other = otherFormat(format, error);
    if (other === null) throw error;
    try {
      return instrument(source, { ...options, sourceType: other });
    } catch {
      throw error;
    }
  }
}

/** What else a text may be that cannot be parsed as what its host says; null: nothing. */
function otherFormat(format: FileFormat, error: unknown): FileFormat | null {
  if (!(error instanceof SyntaxError)) return null;
  // CommonJS allows `return` at top level, which neither a module nor a script does.
  if (format === "unambiguous") return "commonjs";
  // A compiler will make CommonJS of a module: tsx in a folder of `"type": "commonjs"`.
  const { code } = error as { code?: unknown };
  return format === "commonjs" && code === "BABEL_PARSER_SOURCETYPE_MODULE_REQUIRED" ? "module" : null;
}

function describe(error: unknown): { position: string; reason: string } {
  const message = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!;
  const { loc } = error as { loc?: { line?: number; column?: number } };
  if (loc?.line === undefined) return { position: "", reason: message };
  // The parser counts columns from 0 and repeats the position at the end of its message.
  return {
    position: `:${loc.line}:${(loc.column ?? 0) + 1}`,
    reason: message.replace(/\s*\(\d+:\d+\)$/, ""),
  };
}

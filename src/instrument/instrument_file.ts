import type { Cache } from "./cache.ts";
import type { instrument as Instrument } from "./instrument.ts";
import type { Selection } from "./selection.ts";

/** How a host reads a file; `"unambiguous"`: the file's own syntax decides. */
export type FileFormat = "module" | "commonjs" | "unambiguous";

/** One loaded file. */
export interface LoadedFile {
  /** A plain path for a file, the URL for any other module. */
  name: string;
  source: string;
  format: FileFormat;
  /** The text is a compiler's output whose inline source map leads to the file (Deno's TypeScript). */
  transpiled?: boolean;
}

/** Gives back the text to run: instrumented, or the source as it came. Never throws. */
export type FileInstrumenter = (file: LoadedFile) => string;

/** What the step that all loaders share depends on. */
export interface FileInstrumenterOptions {
  selected: Selection;
  /** Asked for each file, as a program may switch source maps on while it runs. */
  wantsSourceMap: () => boolean;
  /** Whether calls are recorded: tracebacks of one frame do without. */
  calls: boolean;
  /** See `InstrumentOptions`; absent: code finds the tracker that is there. */
  tracker?: string | null;
  /** See `InstrumentOptions`. */
  inContext?: boolean;
  cache: Cache | null;
  warn: (message: string) => void;
  /**
   * Gives the transform; asked only for files that the cache does not hold: loading it takes longer than reading them.
   * Null: for the transform's own modules, which have to stay as they are.
   */
  loadInstrument: () => typeof Instrument | null;
}

/** Builds the one step of all loaders: from a loaded file to the text to run. */
export function createFileInstrumenter(options: FileInstrumenterOptions): FileInstrumenter {
  const { selected, wantsSourceMap, calls, tracker = null, inContext = false } = options;
  const { cache, warn, loadInstrument } = options;
  const warned = new Set<string>();

  function warnOnce(name: string, position: string, reason: string): void {
    if (warned.has(name)) return;
    warned.add(name);
    warn(`tracemalloc: not instrumented: ${name}${position}: ${reason}`);
  }

  return (file) => {
    const { name, format, transpiled = false } = file;
    try {
      if (!selected(name)) return file.source;
      const source = file.source.startsWith("\uFEFF") ? file.source.slice(1) : file.source;
      const sourceMap = wantsSourceMap() ? ("inline" as const) : false;
      const key = {
        source,
        filename: name,
        options: [format, sourceMap, transpiled, calls, tracker, inContext],
      };
      const cached = cache?.get(key) ?? null;
      if (cached !== null) return cached;
      const instrument = loadInstrument();
      if (instrument === null) return file.source;
      const code = transform({ ...file, source }, { sourceMap, calls, tracker, inContext, instrument });
      cache?.set(key, code);
      return code;
    } catch (error) {
      const { position, reason } = describe(error);
      warnOnce(name, position, reason);
      return file.source;
    }
  };
}

interface TransformOptions {
  sourceMap: "inline" | false;
  calls: boolean;
  tracker: string | null;
  inContext: boolean;
  instrument: typeof Instrument;
}

function transform(
  { name, source, format, transpiled = false }: LoadedFile,
  { instrument, ...settings }: TransformOptions,
): string {
  const inputSourceMap = transpiled ? inlineSourceMap(source) : null;
  const options = {
    filename: name,
    ...settings,
    ...(inputSourceMap === null ? {} : { inputSourceMap }),
  };
  try {
    return instrument(source, { ...options, sourceType: format }).code;
  } catch (error) {
    if (format !== "unambiguous" || !(error instanceof SyntaxError)) throw error;
    // CommonJS allows `return` at top level, which neither a module nor a script does.
    try {
      return instrument(source, { ...options, sourceType: "commonjs" }).code;
    } catch {
      throw error;
    }
  }
}

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([\w+/=]+)\s*$/;

function inlineSourceMap(source: string): object | null {
  const found = INLINE_MAP.exec(source.slice(source.lastIndexOf("\n//# sourceMappingURL=") + 1));
  if (found === null) return null;
  const map: unknown = JSON.parse(Buffer.from(found[1]!, "base64").toString("utf8"));
  return typeof map === "object" ? map : null;
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

import { isMainThread, parentPort } from "node:worker_threads";
import { instrument } from "../../instrument/instrument.ts";
import { createFileInstrumenter, type LoadedFile } from "../../instrument/instrument_file.ts";

/** A text to instrument. */
export interface TransformJob extends LoadedFile {
  /** Starts the text's code off with an import of this; null: of nothing. */
  readonly tracker: string | null;
}

/** What became of it. */
export interface TransformDone {
  readonly code: string;
  readonly warnings: readonly string[];
}

/** Instruments one text; what cannot be read stays as it is, with a warning. */
export function transform({ tracker, ...file }: TransformJob): TransformDone {
  const warnings: string[] = [];
  const instrumentFile = createFileInstrumenter({
    selected: () => true,
    wantsSourceMap: () => true,
    calls: true,
    tracker,
    cache: null,
    loadInstrument: () => instrument,
    warn: (message) => warnings.push(message.replace(/^tracemalloc: /, "")),
  });
  return { code: instrumentFile(file), warnings };
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  port.on("message", (job: TransformJob) => port.postMessage(transform(job)));
}

import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { HeapMismatchError } from "./heap_mismatch.ts";

/** A place in the source. */
export interface Place {
  readonly filename: string;
  readonly lineno: number;
  readonly functionName: string;
}

/** Which marks a dump knows. */
export interface DumpMarks {
  /** When its session started. */
  readonly started: number;
  /** The first mark's number; the block of row `i` bears number `firstId + i`. */
  readonly firstId: number;
  readonly rows: number;
  /** The line that made blocks of a row; null: not known. */
  placeOf(row: number): Place | null;
}

const UNKNOWN =
  "the dump does not say what the marks of objects stand for: it was written by another tool or an older version, or merged";

/** @throws {HeapMismatchError} where it knows none. */
export function dumpMarks(dump: Snapshot): DumpMarks {
  const { marks } = dump.metadata;
  if (!Array.isArray(marks) || marks.length < 4) throw new HeapMismatchError(UNKNOWN);
  const [started, firstId, rows, allRows, lines] = marks as unknown[];
  if (![started, firstId, rows, allRows].every((each) => typeof each === "number"))
    throw new HeapMismatchError(UNKNOWN);
  const known = { started: started as number, firstId: firstId as number, rows: rows as number };
  if (lines === null)
    throw new HeapMismatchError(
      "the dump has too many rows to say what the marks of objects stand for: trace less (--exclude)",
    );
  const { length } = dump.columns.blocks.count;
  if (allRows !== length || !(known.rows >= 0) || (lines === undefined && known.rows > length))
    throw new HeapMismatchError(
      `the dump was filtered or merged since it was taken (${length} rows of ${allRows}): give the file as it was written`,
    );
  // Without a table of them the dump's first rows are the session's.
  const placeOf = lines === undefined ? (row: number) => placeOfRow(dump, row) : placesOfTable(lines);
  return { ...known, placeOf };
}

/** The line that made a row's blocks. */
export function placeOfRow({ columns: { blocks, tracebacks, frames } }: Snapshot, row: number): Place {
  const frame = tracebacks.frames[tracebacks.offset[blocks.traceback[row] + 1] - 1];
  return {
    filename: frames.filenames[frames.filename[frame]],
    lineno: frames.lineno[frame],
    functionName: frames.functionNames[frames.functionName[frame]],
  };
}

/** As `src/snapshot/take/mark_lines.ts` writes it. Whatever is no such thing names no line. */
function placesOfTable(lines: unknown): (row: number) => Place | null {
  const { files, functions, sites, rows } = (lines ?? {}) as Record<string, unknown>;
  if (![files, functions, sites, rows].every((list) => Array.isArray(list)))
    throw new HeapMismatchError(UNKNOWN);
  return (row) => {
    const at = Number((rows as unknown[])[row]) * 3;
    const [file, lineno, name] = (sites as unknown[]).slice(at, at + 3);
    const filename = (files as unknown[])[file as number];
    const functionName = (functions as unknown[])[name as number];
    if (
      typeof filename !== "string" ||
      typeof functionName !== "string" ||
      typeof lineno !== "number" ||
      filename === ""
    )
      return null;
    return { filename, lineno, functionName };
  };
}

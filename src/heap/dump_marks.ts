import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { HeapMismatchError } from "./heap_mismatch.ts";

/** Which marks a dump knows. */
export interface DumpMarks {
  /** When its session started. */
  readonly started: number;
  /** The first mark's number; the block of row `i` bears number `firstId + i`. */
  readonly firstId: number;
  readonly rows: number;
}

/** @throws {HeapMismatchError} where it knows none. */
export function dumpMarks({ columns, metadata }: Snapshot): DumpMarks {
  const { marks } = metadata;
  if (!Array.isArray(marks) || marks.length !== 4 || !marks.every((each) => typeof each === "number"))
    throw new HeapMismatchError(
      "the dump does not say what the marks of objects stand for: it was written by another tool or an older version, or merged",
    );
  const [started, firstId, rows, allRows] = marks as [number, number, number, number];
  const { length } = columns.blocks.count;
  if (allRows !== length || !(rows >= 0 && rows <= length))
    throw new HeapMismatchError(
      `the dump was filtered or merged since it was taken (${length} rows of ${allRows}): give the file as it was written`,
    );
  return { started, firstId, rows };
}

// Browser compatible.
import type { FrameColumns, SnapshotColumns } from "./columns.ts";
import { Snapshot } from "./snapshot.ts";

/** A snapshot, and what to call it in errors. */
export interface NamedSnapshot {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** A merged snapshot, and what whoever reads its figures should know. */
export interface Merged {
  readonly snapshot: Snapshot;
  readonly notes: readonly string[];
}

/** Puts the snapshots of several processes and workers side by side as one; figures add up. */
export function mergeSnapshots(parts: readonly NamedSnapshot[]): Merged {
  const metadata = parts.map(({ snapshot }) => snapshot.metadata);
  const processes = metadata.map(({ timeline, ...rest }) => rest);
  const columns = parts.map(({ snapshot }) => snapshot.columns).reduce(append);
  return { snapshot: new Snapshot(columns, { ...processes[0], processes }), notes: [] };
}

function append(a: SnapshotColumns, b: SnapshotColumns): SnapshotColumns {
  const frameShift = a.frames.lineno.length;
  const end = a.tracebacks.offset.at(-1)!;
  const numbers = (key: "domain" | "size" | "count" | "allocatedCount" | "allocatedSize") =>
    joined(a.blocks[key], b.blocks[key]);
  return {
    frames: appendFrames(a.frames, b.frames),
    tracebacks: {
      offset: Int32Array.from(joined(a.tracebacks.offset, shifted(b.tracebacks.offset.subarray(1), end))),
      frames: Int32Array.from(joined(a.tracebacks.frames, shifted(b.tracebacks.frames, frameShift))),
      totalNframe: Int32Array.from(joined(a.tracebacks.totalNframe, b.tracebacks.totalNframe)),
    },
    blocks: {
      traceback: Int32Array.from(
        joined(a.blocks.traceback, shifted(b.blocks.traceback, a.tracebacks.totalNframe.length)),
      ),
      type: Int32Array.from(joined(a.blocks.type, shifted(b.blocks.type, a.types.length))),
      domain: Int32Array.from(numbers("domain")),
      size: numbers("size"),
      count: numbers("count"),
      allocatedCount: numbers("allocatedCount"),
      allocatedSize: numbers("allocatedSize"),
    },
    types: [...a.types, ...b.types],
    tracebackLimit: Math.max(a.tracebackLimit, b.tracebackLimit),
  };
}

function appendFrames(a: FrameColumns, b: FrameColumns): FrameColumns {
  const lines = (key: "lineno" | "column" | "functionLine") => Int32Array.from(joined(a[key], b[key]));
  return {
    filenames: [...a.filenames, ...b.filenames],
    functionNames: [...a.functionNames, ...b.functionNames],
    filename: Int32Array.from(joined(a.filename, shifted(b.filename, a.filenames.length))),
    lineno: lines("lineno"),
    column: lines("column"),
    functionName: Int32Array.from(joined(a.functionName, shifted(b.functionName, a.functionNames.length))),
    functionLine: lines("functionLine"),
  };
}

type Numbers = Int32Array | Float64Array;

function joined(a: Numbers, b: Numbers): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

const shifted = (numbers: Int32Array, by: number): Int32Array => numbers.map((number) => number + by);

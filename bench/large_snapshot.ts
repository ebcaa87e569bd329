// A snapshot of very many distinct tracebacks, as a large program leaves one.
import type { SnapshotColumns } from "../src/snapshot/model/columns.ts";
import { Snapshot } from "../src/snapshot/model/snapshot.ts";

const FILES = 500;
const LINES = 200;
const TYPES = ["Object", "Array", "closure", "Map", "string", "ArrayBuffer"];

/** Numbers from 0 to 1 that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * A program of 500 files with 200 allocating lines each, in which every line calls one of five others, some more often:
 * no two tracebacks are the same, and most have most of their callers in common. `growth` multiplies the live counts
 * of every tenth traceback.
 */
export function largeSnapshot({
  traces,
  depth = 12,
  growth = 1,
}: {
  traces: number;
  depth?: number;
  growth?: number;
}): Snapshot {
  const random = randomNumbers(1);
  const frameCount = FILES * LINES;
  const frames = new Int32Array(traces * depth);
  for (let trace = 0; trace < traces; trace++) {
    // The leaf and its caller spell the number of the trace: distinct whatever the rest is.
    const at = trace * depth;
    for (let level = 0, frame = 7; level < depth - 2; level++) {
      frame = (Math.imul(frame, 31) + Math.floor(random() ** 3 * 5) * 7919) % frameCount;
      frames[at + level] = Math.abs(frame);
    }
    frames[at + depth - 2] = Math.floor(trace / frameCount);
    frames[at + depth - 1] = trace % frameCount;
  }
  const counts = Float64Array.from({ length: traces }, (_, trace) => {
    const count = Math.floor(random() ** 8 * 100);
    return trace % 10 === 0 ? count * growth : count;
  });
  const sizes = Float64Array.from({ length: traces }, () => 16 + 8 * Math.floor(random() ** 6 * 512));
  const columns: SnapshotColumns = {
    frames: {
      filenames: Array.from(
        { length: FILES },
        (_, file) => `/srv/app/packages/package-${file % 20}/src/module-${file}.ts`,
      ),
      functionNames: Array.from({ length: 3000 }, (_, name) => `method${name}`),
      filename: Int32Array.from({ length: frameCount }, (_, frame) => Math.floor(frame / LINES)),
      lineno: Int32Array.from({ length: frameCount }, (_, frame) => (frame % LINES) * 3 + 1),
      column: Int32Array.from({ length: frameCount }, (_, frame) => 1 + (frame % 80)),
      functionName: Int32Array.from({ length: frameCount }, (_, frame) => Math.floor(frame / 7) % 3000),
      functionLine: Int32Array.from(
        { length: frameCount },
        (_, frame) => Math.floor((frame % LINES) / 7) * 21 + 1,
      ),
    },
    tracebacks: {
      offset: Int32Array.from({ length: traces + 1 }, (_, trace) => trace * depth),
      frames,
      totalNframe: new Int32Array(traces).fill(depth),
    },
    blocks: {
      traceback: Int32Array.from({ length: traces }, (_, trace) => trace),
      type: Int32Array.from({ length: traces }, (_, trace) => trace % TYPES.length),
      domain: Int32Array.from({ length: traces }, (_, trace) => (trace % TYPES.length === 5 ? 1 : 0)),
      size: sizes,
      count: counts,
      allocatedCount: counts.map((count) => count * 3 + 1),
      allocatedSize: counts.map((count, trace) => (count * 3 + 1) * sizes[trace]),
    },
    types: TYPES,
    tracebackLimit: depth,
  };
  return new Snapshot(columns, { program: "/srv/app/main.ts", pid: 100 + growth, sampling: "exact" });
}

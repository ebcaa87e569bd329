// Browser compatible.

import type { SnapshotColumns } from "../model/columns.ts";
import { newBlockColumns } from "../model/columns.ts";
import { tracebackColumns } from "../model/traceback_sequences.ts";
import { IntSequences } from "../pprof/int_sequences.ts";
import { type ReadLimits, readLimits } from "../pprof/limits.ts";
import { mergeRows } from "../pprof/merge_rows.ts";
import { JsonCursor } from "./json_cursor.ts";
import { otherJson } from "./other_json.ts";
import { type ProfileNodes, readNodes, readWhole } from "./profile_nodes.ts";

/**
 * Reads V8's sampling heap profile, as `node --heap-prof`, DevTools and the protocol's `HeapProfiler.stopSampling` give it.
 *
 * It says how many bytes each function has allocated that are alive, by way of calls, and where the function begins. Of blocks it
 * says nothing: what is counted are samples. Whatever is wrong throws a SnapshotFormatError.
 *
 * @param limits Those of the file that the bytes were unpacked from.
 */
export function decodeHeapprofile(
  bytes: Uint8Array,
  filename: string,
  limits: ReadLimits = readLimits(bytes.length),
): { columns: SnapshotColumns; metadata: Record<string, unknown> } {
  const cursor = new JsonCursor(bytes, filename);
  const keys: string[] = [];
  let nodes: ProfileNodes | undefined;
  let samples: ReadonlyMap<number, number> = new Map();
  cursor.open("{");
  for (let key = cursor.key(true); key !== null; key = cursor.key(false)) {
    keys.push(key.slice(0, 100));
    if (keys.length > 100) cursor.fail(notOne(keys));
    if (key === "head" && nodes === undefined) nodes = readNodes(cursor, limits);
    else if (key === "samples" && nodes !== undefined) samples = readSamples(cursor, limits);
    // Without a head it is something else, which may be large: its first names tell.
    else if (nodes === undefined && otherJson(keys) !== undefined) cursor.fail(notOne(keys));
    else cursor.skip();
  }
  if (nodes === undefined) return cursor.fail(notOne(keys));
  cursor.end();
  return { columns: columnsOf(nodes, { samples, limits, cursor }), metadata: { format: "heapprofile" } };
}

function notOne(keys: readonly string[]): string {
  return `not a snapshot, pprof profile or .heapprofile, but ${otherJson(keys) ?? 'JSON of another kind (it has no "head")'}`;
}

/** How many samples each node has, by its id. */
function readSamples(cursor: JsonCursor, limits: ReadLimits): Map<number, number> {
  const counts = new Map<number, number>();
  let count = 0;
  cursor.openList("a list of samples");
  for (let isFirst = true; cursor.entry(isFirst); isFirst = false) {
    if (++count > limits.samples)
      cursor.fail(`more than ${limits.samples} samples, the most that is read of a file of this size`);
    cursor.open("a sample");
    let node = -1;
    for (let key = cursor.key(true); key !== null; key = cursor.key(false)) {
      if (key === "nodeId") node = readWhole(cursor, { what: "nodeId", from: 0 });
      else cursor.skip();
    }
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}

function columnsOf(
  { parent, frame, selfSize, id, frames }: ProfileNodes,
  {
    samples,
    limits,
    cursor,
  }: { samples: ReadonlyMap<number, number>; limits: ReadLimits; cursor: JsonCursor },
): SnapshotColumns {
  const rows = selfSize.reduce((count, size) => count + Number(size > 0), 0);
  const blocks = newBlockColumns(rows);
  const tracebacks = new IntSequences(Math.min(rows, 2 ** 20));
  const hasRoot = frames.isRoot(frame[0]);
  const stack: number[] = [];
  let row = 0;
  let inAll = 0;
  let unfolded = 0;
  let deepest = 1;
  for (let node = 0; node < parent.length; node++) {
    const size = selfSize[node];
    if (size === 0) continue;
    inAll += size;
    if (inAll > Number.MAX_SAFE_INTEGER) cursor.fail("its sizes come to more than 2^53 bytes");
    let depth = 0;
    for (let at = node; at >= 0 && (at > 0 || !hasRoot); at = parent[at]) stack[depth++] = frame[at];
    unfolded += depth;
    if (unfolded > limits.frames)
      cursor.fail(
        `more than ${limits.frames} frames in tracebacks, the most that is read of a file of this size`,
      );
    deepest = Math.max(deepest, depth);
    oldestFirst(stack, depth);
    // How many there were is not known: V8 keeps the innermost 128 of a deeper stack, or as many as it was told.
    stack[depth] = -1;
    const count = Math.max(samples.get(id[node]) ?? 1, 1);
    blocks.traceback[row] = tracebacks.intern(stack, depth + 1);
    blocks.size[row] = size / count;
    blocks.count[row] = blocks.allocatedCount[row] = count;
    blocks.allocatedSize[row] = size;
    row++;
  }
  const { data, offset, size } = tracebacks;
  return {
    frames: frames.columns(),
    tracebacks: tracebackColumns({ pool: data, offset }, size),
    blocks: mergeRows(blocks),
    types: ["<unknown>"],
    tracebackLimit: deepest,
  };
}

function oldestFirst(stack: number[], depth: number): void {
  for (let low = 0, high = depth - 1; low < high; low++, high--) {
    const frame = stack[low];
    stack[low] = stack[high];
    stack[high] = frame;
  }
}

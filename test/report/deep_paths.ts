import { Snapshot } from "../../src/snapshot/model/snapshot.ts";

/** A recursion so many calls deep, of which the innermost one allocates. */
export function deepSnapshot(depth: number): Snapshot {
  const frames = Array.from({ length: depth }, (_, at): [string, number] => ["deep.js", 1 + (at % 2)]);
  return Snapshot.fromTraces([[0, 100, frames]], 65_535);
}

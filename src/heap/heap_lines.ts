import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import type { DumpMarks } from "./dump_marks.ts";
import type { FoundMarks } from "./find_marks.ts";

/** A place in the source. */
export interface Place {
  readonly filename: string;
  readonly lineno: number;
  readonly functionName: string;
}

/** The lines that made the objects of a heap. */
export interface HeapLines {
  /** By node: the line's number, from 1 on; 0: none is known. */
  readonly ofNode: Uint32Array<ArrayBuffer>;
  /** Place `i - 1` is line `i`'s. */
  readonly places: readonly Place[];
  /** Marks that the dump does not know. */
  readonly unknown: number;
  /** The line's number, from 1 on; 0: there is none. */
  find(filename: string, lineno: number): number;
  /** The lines of files whose path ends so. */
  findAll(filename: string, lineno: number): number[];
}

/** Looks up in a dump which line each mark names. `ids` becomes the lines: there is one such column only. */
export function linesOf(
  { ids }: FoundMarks,
  { blocks, frames, tracebacks }: SnapshotColumns,
  { firstId, rows }: DumpMarks,
): HeapLines {
  const places: Place[] = [];
  const numbers = new Map<string, number>();
  const byFrame = new Int32Array(frames.lineno.length);
  const lineOf = (frame: number): number => {
    if (byFrame[frame] !== 0) return byFrame[frame];
    const filename = frames.filenames[frames.filename[frame]];
    const lineno = frames.lineno[frame];
    const key = `${lineno} ${filename}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = places.push({
        filename,
        lineno,
        functionName: frames.functionNames[frames.functionName[frame]],
      });
      numbers.set(key, number);
    }
    return (byFrame[frame] = number);
  };
  let unknown = 0;
  for (let node = 0; node < ids.length; node++) {
    if (ids[node] === 0) continue;
    const row = ids[node] - firstId;
    // Marks of former sessions stay, and say nothing any more.
    const isKnown = row >= 0 && row < rows;
    if (row >= rows) unknown++;
    ids[node] = isKnown ? lineOf(tracebacks.frames[tracebacks.offset[blocks.traceback[row] + 1] - 1]) : 0;
  }
  return {
    ofNode: ids,
    places,
    unknown,
    find: (filename, lineno) => numbers.get(`${lineno} ${filename}`) ?? 0,
    findAll: (filename, lineno) => {
      const isMeant = (name: string): boolean => name === filename || name.endsWith(`/${filename}`);
      return places.flatMap((place, i) =>
        place.lineno === lineno && isMeant(place.filename) ? [i + 1] : [],
      );
    },
  };
}

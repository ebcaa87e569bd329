import type { DumpMarks, Place } from "./dump_marks.ts";
import type { FoundMarks } from "./find_marks.ts";

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

/** Looks up which line each mark names. `ids` becomes the lines: there is one such column only. */
export function linesOf({ ids }: FoundMarks, { firstId, rows, placeOf }: DumpMarks): HeapLines {
  const places: Place[] = [];
  const numbers = new Map<string, number>();
  const byRow = new Map<number, number>();
  const lineOf = (row: number): number => {
    let number = byRow.get(row);
    if (number !== undefined) return number;
    const place = placeOf(row);
    number = place === null ? 0 : numberOf(place);
    byRow.set(row, number);
    return number;
  };
  const numberOf = (place: Place): number => {
    const key = `${place.lineno} ${place.filename}`;
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = places.push(place)));
    return number;
  };
  let unknown = 0;
  for (let node = 0; node < ids.length; node++) {
    if (ids[node] === 0) continue;
    const row = ids[node] - firstId;
    // Marks of former sessions stay, and say nothing any more.
    const isKnown = row >= 0 && row < rows;
    if (row >= rows) unknown++;
    ids[node] = isKnown ? lineOf(row) : 0;
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

// Browser compatible.

import { OwnInt32Array } from "../tables/safe_collections.ts";
import { decodeNumbers } from "./decode_numbers.ts";
import type { EncodedPlaces } from "./payload.ts";

/** Where a text calls, and where its functions begin, in the order of the text: a column per field. */
export interface CallPlaces {
  readonly count: number;
  /** Of the instrumented text: 1-based. */
  readonly line: Int32Array;
  readonly column: Int32Array;
  /** Of what people wrote: 1-based, 0 where they are not known. */
  readonly sourceLine: Int32Array;
  readonly sourceColumn: Int32Array;
  readonly functionIndex: Int32Array;
}

const { parse } = JSON;
const PLACES = 8;

/** What a payload says of where the text calls; null: it records its calls. */
export function placesOf(payload: string): EncodedPlaces | null {
  return (parse(payload) as { [PLACES]?: EncodedPlaces })[PLACES] ?? null;
}

/** Reads what `CallPlaces` of the transform wrote. */
export function decodeCallPlaces({ 1: count, 2: fields, 3: text }: EncodedPlaces): CallPlaces {
  const numbers = decodeNumbers(text, count * fields);
  const isMapped = fields === 5;
  const places: CallPlaces = {
    count,
    line: new OwnInt32Array(count),
    column: new OwnInt32Array(count),
    sourceLine: new OwnInt32Array(count),
    sourceColumn: new OwnInt32Array(count),
    functionIndex: new OwnInt32Array(count),
  };
  let line = 0;
  let column = 0;
  let away = 0;
  let awayColumn = 0;
  let functionIndex = 0;
  for (let i = 0, at = 0; i < count; i++) {
    const lines = numbers[at++];
    line += lines;
    if (lines !== 0) column = awayColumn = 0;
    column += numbers[at++];
    if (isMapped) away += numbers[at++];
    awayColumn += numbers[at++];
    functionIndex += numbers[at++];
    places.line[i] = line;
    places.column[i] = column;
    places.sourceLine[i] = line + away;
    places.sourceColumn[i] = column + awayColumn;
    places.functionIndex[i] = functionIndex;
  }
  return places;
}

import type { EncodedPlaces } from "../../sites/payload.ts";
import { encodeNumbers } from "../../tables/vlq.ts";
import type { Node } from "../syntax/ast.ts";
import type { Place } from "./planner.ts";

interface CallPlace {
  /** Of the text. */
  readonly offset: number;
  readonly line: number;
  /** 0-based. */
  readonly column: number;
  readonly functionIndex: number;
  readonly source: Place;
  readonly isCall: boolean;
}

/** In the place of a function: what stands there is no frame. */
export const NO_FUNCTION: number = -1;

/**
 * Where a text calls, for code that does not record its calls: the engine's own stacks name positions in the instrumented text, and this
 * leads back from them to the function and to the line and column that people wrote. As in recorded calls, one place serves all
 * calls of a function that stand on one line.
 */
export class CallPlaces {
  readonly #places: CallPlace[] = [];
  /** Whether there is a call among them. */
  hasCalls = false;

  /** A call. */
  add(node: Node, functionIndex: number, source: Place): void {
    this.hasCalls = true;
    const { line, column } = node.loc!.start;
    this.#places.push({ offset: node.start!, line, column, functionIndex, source, isCall: true });
  }

  /** From here on the text is another function's; of nobody's, `NO_FUNCTION`. */
  enter(node: Node, functionIndex: number, source: Place): void {
    const { line, column } = node.loc!.start;
    this.#places.push({ offset: node.start!, line, column, functionIndex, source, isCall: false });
  }

  /** From the node's end on. */
  leave(node: Node, functionIndex: number, source: Place): void {
    const { line, column } = node.loc!.end;
    this.#places.push({ offset: node.end!, line, column, functionIndex, source, isCall: false });
  }

  /**
   * What `decodeCallPlaces` reads.
   *
   * @param insertions Position in the text and length of each, in turns, in the order of the text.
   */
  encode(insertions: readonly number[], isModule: boolean): EncodedPlaces {
    const places = this.#places.sort((a, b) => a.offset - b.offset);
    const isMapped = places.some(({ line, source }) => source.line !== line);
    const shiftAt = shifts(insertions);
    const shiftBefore = shifts(insertions);
    const numbers: number[] = [];
    let count = 0;
    let last: CallPlace | null = null;
    let [line, column, away, awayColumn, functionIndex] = [0, 0, 0, 0, 0];
    for (const place of places) {
      if (last !== null && adds(last, place) === false) continue;
      last = place;
      // Insertions hold no newlines: those of the same line alone move a place.
      const lineStart = place.offset - place.column;
      const textColumn = place.column + 1 + shiftAt(place.offset + 1) - shiftBefore(lineStart);
      if (place.line !== line) column = awayColumn = 0;
      numbers.push(place.line - line, textColumn - column);
      if (isMapped) numbers.push(place.source.line - place.line - away);
      numbers.push(place.source.column - textColumn - awayColumn, place.functionIndex - functionIndex);
      line = place.line;
      column = textColumn;
      away = place.source.line - place.line;
      awayColumn = place.source.column - textColumn;
      functionIndex = place.functionIndex;
      count++;
    }
    return [Number(isModule), count, isMapped ? 5 : 4, encodeNumbers(numbers)];
  }
}

/** Whether the place says anything that the one before it does not. */
function adds(before: CallPlace, place: CallPlace): boolean {
  return (
    before.line !== place.line ||
    before.functionIndex !== place.functionIndex ||
    before.source.where !== place.source.where ||
    (place.isCall && !before.isCall)
  );
}

/** Gives how much was inserted before an offset of the text; asked for offsets that do not go down. */
function shifts(insertions: readonly number[]): (end: number) => number {
  let at = 0;
  let sum = 0;
  return (end) => {
    for (; at < insertions.length && insertions[at] < end; at += 2) sum += insertions[at + 1];
    return sum;
  };
}

import type { EncodedPlaces } from "../../sites/payload.ts";
import { encodeNumbers } from "../../tables/vlq.ts";
import type { Node } from "../syntax/ast.ts";
import type { Lines } from "../syntax/lines.ts";
import type { Place } from "./planner.ts";

interface CallPlace {
  /** Of the text. */
  readonly offset: number;
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
    this.#places.push({ offset: node.start!, functionIndex, source, isCall: true });
  }

  /** From here on the text is another function's; of nobody's, `NO_FUNCTION`. */
  enter(node: Node, functionIndex: number, source: Place): void {
    this.#places.push({ offset: node.start!, functionIndex, source, isCall: false });
  }

  /** From the node's end on. */
  leave(node: Node, functionIndex: number, source: Place): void {
    this.#places.push({ offset: node.end!, functionIndex, source, isCall: false });
  }

  /**
   * What `decodeCallPlaces` reads.
   *
   * @param lines Those of the text.
   * @param insertions Position in the text and length of each, in turns, in the order of the text.
   */
  encode(lines: Lines, insertions: readonly number[], isModule: boolean): EncodedPlaces {
    const places = this.#places.sort((a, b) => a.offset - b.offset);
    const isMapped = places.some(({ offset, source }) => source.line !== lines.lineAt(offset));
    const shiftAt = shifts(insertions);
    const shiftBefore = shifts(insertions);
    const numbers: number[] = [];
    let count = 0;
    let last: CallPlace | null = null;
    let [line, column, away, awayColumn, functionIndex] = [0, 0, 0, 0, 0];
    for (const place of places) {
      const { offset, source } = place;
      const placeLine = lines.lineAt(offset);
      if (last !== null && line === placeLine && !adds(last, place)) continue;
      last = place;
      // Insertions hold no newlines: those of the same line alone move a place.
      const lineStart = offset - lines.columnAt(offset);
      const textColumn = offset - lineStart + 1 + shiftAt(offset + 1) - shiftBefore(lineStart);
      if (placeLine !== line) column = awayColumn = 0;
      numbers.push(placeLine - line, textColumn - column);
      if (isMapped) numbers.push(source.line - placeLine - away);
      numbers.push(source.column - textColumn - awayColumn, place.functionIndex - functionIndex);
      line = placeLine;
      column = textColumn;
      away = source.line - placeLine;
      awayColumn = source.column - textColumn;
      functionIndex = place.functionIndex;
      count++;
    }
    return [Number(isModule), count, isMapped ? 5 : 4, encodeNumbers(numbers)];
  }
}

/** Whether the place says anything that the one before it on its line does not. */
function adds(before: CallPlace, place: CallPlace): boolean {
  return (
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

import type { EncodedPlaces } from "../../sites/payload.ts";
import { IntColumn } from "../../tables/columns.ts";
import { encodeNumbers } from "../../tables/vlq.ts";
import type { Node } from "../syntax/ast.ts";
import type { Lines } from "../syntax/lines.ts";
import type { Place } from "./planner.ts";

/** In the place of a function: what stands there is no frame. */
export const NO_FUNCTION: number = -1;

/**
 * Where a text calls, for code that does not record its calls: the engine's own stacks name positions in the instrumented text, and this
 * leads back from them to the function and to the line and column that people wrote. As in recorded calls, one place serves all
 * calls of a function that stand on one line.
 */
export class CallPlaces {
  // Columns, as a bundle has 100,000 of them while its tree takes most of the memory.
  readonly #offset = new IntColumn();
  readonly #functionIndex = new IntColumn();
  /** 1: a call. */
  readonly #isCall = new IntColumn();
  readonly #file = new IntColumn();
  readonly #line = new IntColumn();
  readonly #column = new IntColumn();
  /** Whether there is a call among them. */
  hasCalls = false;

  /** A call. */
  add(node: Node, functionIndex: number, source: Place): void {
    this.hasCalls = true;
    this.#push(node.start!, functionIndex, source, 1);
  }

  /** From here on the text is another function's; of nobody's, `NO_FUNCTION`. */
  enter(node: Node, functionIndex: number, source: Place): void {
    this.#push(node.start!, functionIndex, source, 0);
  }

  /** From the node's end on. */
  leave(node: Node, functionIndex: number, source: Place): void {
    this.#push(node.end!, functionIndex, source, 0);
  }

  #push(offset: number, functionIndex: number, { file, line, column }: Place, isCall: number): void {
    this.#offset.push(offset);
    this.#functionIndex.push(functionIndex);
    this.#isCall.push(isCall);
    this.#file.push(file);
    this.#line.push(line);
    this.#column.push(column);
  }

  /**
   * What `decodeCallPlaces` reads.
   *
   * @param lines Those of the text.
   * @param insertions Position in the text and length of each, in turns, in the order of the text.
   */
  encode(lines: Lines, insertions: readonly number[], isModule: boolean): EncodedPlaces {
    const order = this.#inOrder();
    const isMapped = order.some((i) => this.#line.at(i) !== lines.lineAt(this.#offset.at(i)));
    const shiftAt = shifts(insertions);
    const shiftBefore = shifts(insertions);
    const numbers: number[] = [];
    let count = 0;
    let last = -1;
    let [line, column, away, awayColumn, functionIndex] = [0, 0, 0, 0, 0];
    for (const i of order) {
      const offset = this.#offset.at(i);
      const placeLine = lines.lineAt(offset);
      if (last !== -1 && line === placeLine && !this.#adds(last, i)) continue;
      last = i;
      // Insertions hold no newlines: those of the same line alone move a place.
      const lineStart = offset - lines.columnAt(offset);
      const textColumn = offset - lineStart + 1 + shiftAt(offset + 1) - shiftBefore(lineStart);
      if (placeLine !== line) column = awayColumn = 0;
      numbers.push(placeLine - line, textColumn - column);
      const sourceLine = this.#line.at(i);
      const sourceColumn = this.#column.at(i);
      if (isMapped) numbers.push(sourceLine - placeLine - away);
      numbers.push(sourceColumn - textColumn - awayColumn, this.#functionIndex.at(i) - functionIndex);
      line = placeLine;
      column = textColumn;
      away = sourceLine - placeLine;
      awayColumn = sourceColumn - textColumn;
      functionIndex = this.#functionIndex.at(i);
      count++;
    }
    return [Number(isModule), count, isMapped ? 5 : 4, encodeNumbers(numbers)];
  }

  /** In the order of the text; at one offset, as they came. */
  #inOrder(): number[] {
    const order = Array.from({ length: this.#offset.length }, (_, i) => i);
    return order.sort((a, b) => this.#offset.at(a) - this.#offset.at(b));
  }

  /** Whether the place says anything that the one before it on its line does not. */
  #adds(before: number, place: number): boolean {
    return (
      this.#functionIndex.at(before) !== this.#functionIndex.at(place) ||
      this.#line.at(before) !== this.#line.at(place) ||
      this.#file.at(before) !== this.#file.at(place) ||
      this.#isCall.at(before) < this.#isCall.at(place)
    );
  }
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

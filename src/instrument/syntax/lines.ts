/**
 * The lines of a text: positions come as offsets, since a parser that is to note line and column of each node takes one and a
 * half times as long, and twice the memory.
 */
export class Lines {
  /** Where each line starts. ECMA-262 §12.3: of `\r\n` the line begins behind both. */
  readonly #starts: number[] = [0];
  /** The line that was last asked for: the next is the same, or near. */
  #last = 0;

  constructor(text: string) {
    const breaks = /\r\n|[\n\r\u2028\u2029]/g;
    while (breaks.test(text)) this.#starts.push(breaks.lastIndex);
    // Behind the text, for the last line's end.
    this.#starts.push(text.length + 1);
  }

  /** The line that an offset is on; the first is 1. */
  lineAt(offset: number): number {
    const starts = this.#starts;
    let line = this.#last;
    if (offset < starts[line] || offset >= starts[line + 1]) this.#last = line = this.#find(offset);
    return line + 1;
  }

  /** How far an offset is from the start of its line. */
  columnAt(offset: number): number {
    return offset - this.#starts[this.lineAt(offset) - 1];
  }

  #find(offset: number): number {
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

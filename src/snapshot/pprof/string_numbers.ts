// Browser compatible.

/** Numbers distinct strings; the string table of a profile that is being written. Number 0 is always `""`. */
export class StringNumbers {
  readonly all: string[] = [""];
  private readonly numbers = new Map<string, number>([["", 0]]);

  /** The number of `text`, the same whenever asked. */
  number(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.append(text);
    this.numbers.set(text, number);
    return number;
  }

  /** Adds `text` at the end of the table, be it there already or not. */
  append(text: string): number {
    return this.all.push(text) - 1;
  }
}

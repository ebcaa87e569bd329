// Browser compatible.

import type { StringTable } from "./string_table.ts";

/** Numbers the strings of one column (file names, function names, types): equal text, equal number. */
export class Names {
  readonly list: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly ofString = new Map<number, number>();

  /** The number of `text`. */
  number(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.list.push(text) - 1;
      this.numbers.set(text, number);
    }
    return number;
  }

  /** The number of string `index` of the profile's table. */
  numberOf(strings: StringTable, index: number): number {
    let number = this.ofString.get(index);
    if (number === undefined) {
      number = this.number(strings.get(index));
      this.ofString.set(index, number);
    }
    return number;
  }
}

// Browser compatible.

import { NameTable } from "../../tables/name_table.ts";
import type { StringTable } from "./string_table.ts";

/** Numbers the strings of one column (file names, function names, types): equal text, equal number. */
export class ProfileNames extends NameTable {
  private readonly ofString = new Map<number, number>();

  /** The number of string `index` of the profile's table. */
  numberOf(strings: StringTable, index: number): number {
    let number = this.ofString.get(index);
    if (number === undefined) {
      number = this.intern(strings.get(index));
      this.ofString.set(index, number);
    }
    return number;
  }
}

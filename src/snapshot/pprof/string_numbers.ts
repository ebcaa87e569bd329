// Browser compatible.

import { NameTable } from "../../tables/name_table.ts";

/** The string table of a profile that is being written. Number 0 is always `""`. */
export class StringNumbers extends NameTable {
  constructor() {
    super();
    this.intern("");
  }

  /** Adds `text` at the end of the table, be it there already or not. */
  append(text: string): number {
    return this.names.push(text) - 1;
  }
}

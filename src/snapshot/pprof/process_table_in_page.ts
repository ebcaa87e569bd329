// Browser compatible.
// Takes the place of `process_table.ts` in what bundlers make for pages, where no labels are read.

import type { ProcessName } from "../model/columns.ts";
import type { LabelDecoder } from "./decode_labels.ts";
import type { StringTable } from "./string_table.ts";

/** The processes that samples name, and which row belongs to which. */
export class ProcessTable {
  readonly list: ProcessName[] = [];
  /** Index into `list` by row; undefined as long as no sample names a process. */
  rows: Int32Array | undefined;
  private readonly strings: StringTable;
  private readonly rowCount: number;
  private readonly numbers = new Map<number, number>();

  constructor(strings: StringTable, rowCount: number) {
    this.strings = strings;
    this.rowCount = rowCount;
  }

  /** Takes in the labels of a row; rows come in order. */
  add(row: number, { pid, worker, others }: LabelDecoder): void {
    if (pid === -1 && worker === -1 && this.rows === undefined) return;
    // Rows before the first that has a name are of a process without one.
    if (this.rows === undefined && row > 0) this.number(-1, -1);
    this.rows ??= new Int32Array(this.rowCount);
    this.rows[row] = this.number(pid, worker, others);
  }

  /** @param _others Here as if there were none. */
  protected number(pid: number, worker: number, _others?: readonly number[]): number {
    // There are less than 2^24 strings: the product is exact.
    const key = (pid + 1) * (this.strings.size + 1) + worker + 1;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.list.push({ pid: this.text(pid), worker: this.text(worker) }) - 1;
    this.numbers.set(key, number);
    return number;
  }

  protected text(string: number): string {
    return string === -1 ? "" : this.strings.get(string);
  }
}

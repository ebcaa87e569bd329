// Browser compatible.
// In pages, `process_table_in_page.ts` takes its place ("browser" of package.json).

import type { ProcessName } from "../model/columns.ts";
import type { LabelDecoder } from "./decode_labels.ts";
import type { StringTable } from "./string_table.ts";

const MOST_LABELLED = 65_536;

/** The processes that samples name, and which row belongs to which. */
export class ProcessTable {
  readonly list: ProcessName[] = [];
  /** Index into `list` by row; undefined as long as no sample names a process. */
  rows: Int32Array | undefined;
  private readonly strings: StringTable;
  private readonly rowCount: number;
  private readonly numbers = new Map<number | string, number>();

  constructor(strings: StringTable, rowCount: number) {
    this.strings = strings;
    this.rowCount = rowCount;
  }

  /** Takes in the labels of a row; rows come in order. */
  add(row: number, { pid, worker, others }: LabelDecoder): void {
    if (pid === -1 && worker === -1 && this.rows === undefined) return;
    // Rows before the first that has a name are of a process without one.
    if (this.rows === undefined && row > 0) this.number(-1, -1, []);
    this.rows ??= new Int32Array(this.rowCount);
    this.rows[row] = this.number(pid, worker, others);
  }

  private number(pid: number, worker: number, others: readonly number[]): number {
    // There are less than 2^24 strings: the product is exact.
    const key =
      others.length === 0 ? (pid + 1) * (this.strings.size + 1) + worker + 1 : `${pid} ${worker} ${others}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    // Where there are as many as no program of ours writes, further ones have no labels.
    if (others.length > 0 && this.list.length >= MOST_LABELLED) return this.number(pid, worker, []);
    const text = (string: number): string => (string === -1 ? "" : this.strings.get(string));
    const labels: [string, string][] = [];
    for (let i = 0; i < others.length; i += 2) labels.push([text(others[i]), text(others[i + 1])]);
    const number =
      this.list.push({
        ...{ pid: text(pid), worker: text(worker) },
        ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
      }) - 1;
    this.numbers.set(key, number);
    return number;
  }
}

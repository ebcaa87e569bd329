// Browser compatible.
// In pages, `process_table_in_page.ts` takes its place ("browser" of package.json).

import { ProcessTable as Unlabelled } from "./process_table_in_page.ts";

const MOST_LABELLED = 65_536;

/** The processes that samples name, once for each set of labels, and which row belongs to which. */
export class ProcessTable extends Unlabelled {
  /** By the strings' numbers of process, worker and labels. */
  private readonly labelled = new Map<string, number>();

  protected override number(pid: number, worker: number, others: readonly number[] = []): number {
    if (others.length === 0) return super.number(pid, worker);
    const key = `${pid} ${worker} ${others}`;
    const known = this.labelled.get(key);
    if (known !== undefined) return known;
    // Where there are as many as no program of ours writes, further ones have no labels.
    if (this.list.length >= MOST_LABELLED) return super.number(pid, worker);
    const labels: [string, string][] = [];
    for (let i = 0; i < others.length; i += 2) labels.push([this.text(others[i]), this.text(others[i + 1])]);
    const process = { pid: this.text(pid), worker: this.text(worker), labels: Object.fromEntries(labels) };
    const number = this.list.push(process) - 1;
    this.labelled.set(key, number);
    return number;
  }
}

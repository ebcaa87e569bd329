// Browser compatible.
import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { Traceback } from "../snapshot/model/traceback.ts";
import { compareCodePoints } from "../tables/code_points.ts";
import { NameTable } from "../tables/name_table.ts";
import { type KeyTable, ranksOf } from "./key_table.ts";
import type { Digits } from "./sort.ts";

/** What blocks without the label belong to. */
export const UNLABELLED = "<none>";

/** Numbers the values of a label. */
export class LabelKeys implements KeyTable {
  readonly per = "process";
  readonly #label: string;
  readonly #names = new NameTable();

  constructor(label: string) {
    this.#label = label;
  }

  get length(): number {
    return this.#names.names.length;
  }

  assign({
    processes = [{}],
  }: {
    readonly processes?: SnapshotColumns["processes"] | readonly [object];
  }): Int32Array {
    return this.#names.internAll(
      processes.map((each) =>
        textOf((each as { labels?: Readonly<Record<string, string>> }).labels, this.#label),
      ),
    );
  }

  order(): Digits {
    const ranks = ranksOf(this.#names.names, compareCodePoints);
    return { digitAt: (key, level) => (level === 0 ? ranks[key] + 1 : 0) };
  }

  traceback(): Traceback {
    return new Traceback([]);
  }

  name(key: number): string {
    return this.#names.names[key];
  }
}

function textOf(labels: Readonly<Record<string, string>> | undefined, label: string): string {
  return labels !== undefined && Object.hasOwn(labels, label) ? labels[label] : UNLABELLED;
}

/** The names of all labels of a snapshot. */
export function labelNames({ processes = [] }: SnapshotColumns): string[] {
  return [...new Set(processes.flatMap(({ labels = {} }) => Object.keys(labels)))].sort(compareCodePoints);
}

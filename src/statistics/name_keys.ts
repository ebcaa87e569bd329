// Browser compatible.

import type { ProcessName, SnapshotColumns } from "../snapshot/model/columns.ts";
import { Traceback } from "../snapshot/model/traceback.ts";
import { compareCodePoints } from "../tables/code_points.ts";
import { NameTable } from "../tables/name_table.ts";
import { type KeyTable, ranksOf } from "./key_table.ts";
import type { Digits } from "./sort.ts";

/** What blocks belong to that name no process: a snapshot that was not merged is of one process as a whole. */
const UNNAMED = "<process>";

/** The names of a snapshot's processes. */
export function processNames({ processes }: SnapshotColumns): readonly string[] {
  return processes === undefined ? [UNNAMED] : processes.map(processText);
}

/** How a process or a worker is called: `pid 123`, `pid 123, worker 2`. */
function processText({ pid, worker }: ProcessName): string {
  if (worker === "") return pid === "" ? UNNAMED : `pid ${pid}`;
  return `pid ${pid === "" ? "?" : pid}, worker ${worker}`;
}

/** Numbers what has names by these: keys that have no traceback. */
export class NameKeys implements KeyTable {
  readonly per: KeyTable["per"];
  readonly #namesOf: (columns: SnapshotColumns) => readonly string[];
  readonly #names = new NameTable();

  constructor(per: KeyTable["per"], namesOf: (columns: SnapshotColumns) => readonly string[]) {
    this.per = per;
    this.#namesOf = namesOf;
  }

  get length(): number {
    return this.#names.names.length;
  }

  assign(columns: SnapshotColumns): Int32Array {
    return this.#names.internAll(this.#namesOf(columns));
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

// Browser compatible.

import type { ProcessName, SnapshotColumns } from "../snapshot/model/columns.ts";
import { Traceback } from "../snapshot/model/traceback.ts";
import { compareCodePoints } from "../tables/code_points.ts";
import { NameTable } from "../tables/name_table.ts";
import { type KeyTable, ranksOf } from "./key_table.ts";
import type { Digits } from "./sort.ts";

/** What blocks belong to that name no process: a snapshot that was not merged is of one process as a whole. */
const UNNAMED = "<process>";

/** How a process or a worker is called: `pid 123`, `pid 123, worker 2`. */
function processText({ pid, worker }: ProcessName): string {
  if (worker === "") return pid === "" ? UNNAMED : `pid ${pid}`;
  return `pid ${pid === "" ? "?" : pid}, worker ${worker}`;
}

/** Numbers types or processes by their names: keys that have no traceback. */
export class NameKeys implements KeyTable {
  readonly per: "type" | "process";
  readonly #names = new NameTable();

  constructor(per: "type" | "process") {
    this.per = per;
  }

  get length(): number {
    return this.#names.names.length;
  }

  assign({ types, processes }: SnapshotColumns): Int32Array {
    if (this.per === "type") return this.#names.internAll(types);
    return this.#names.internAll(processes === undefined ? [UNNAMED] : processes.map(processText));
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

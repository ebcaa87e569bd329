// Browser compatible.
import { compareCodePoints } from "../snapshot/code_points.ts";
import type { ProcessName, SnapshotColumns } from "../snapshot/columns.ts";
import { NameTable } from "../snapshot/name_table.ts";
import { Traceback } from "../snapshot/traceback.ts";
import { type KeyTable, ranksOf } from "./key_table.ts";
import type { Digits } from "./sort.ts";

/** What blocks belong to that name no process: a snapshot that was not merged is of one process as a whole. */
const UNNAMED = "<process>";

/** How a process or a worker is called: `pid 123`, `pid 123, worker 2`. */
export function processText({ pid, worker }: ProcessName): string {
  if (worker === "") return pid === "" ? UNNAMED : `pid ${pid}`;
  return `pid ${pid === "" ? "?" : pid}, worker ${worker}`;
}

/** Numbers processes by their names. */
export class ProcessKeys implements KeyTable {
  readonly per = "process";
  readonly #processes = new NameTable();

  get length(): number {
    return this.#processes.names.length;
  }

  assign({ processes }: SnapshotColumns): Int32Array {
    return this.#processes.internAll(processes === undefined ? [UNNAMED] : processes.map(processText));
  }

  order(): Digits {
    const ranks = ranksOf(this.#processes.names, compareCodePoints);
    return { digitAt: (key, level) => (level === 0 ? ranks[key] + 1 : 0) };
  }

  traceback(): Traceback {
    return new Traceback([]);
  }

  name(key: number): string {
    return this.#processes.names[key];
  }
}

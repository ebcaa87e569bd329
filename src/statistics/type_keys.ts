// Browser compatible.
import { compareCodePoints } from "../snapshot/code_points.ts";
import type { SnapshotColumns } from "../snapshot/columns.ts";
import { NameTable } from "../snapshot/name_table.ts";
import { Traceback } from "../snapshot/traceback.ts";
import { type KeyTable, ranksOf } from "./key_table.ts";
import type { Digits } from "./sort.ts";

/** Numbers types by their names. */
export class TypeKeys implements KeyTable {
  readonly per = "type";
  readonly #types = new NameTable();

  get length(): number {
    return this.#types.names.length;
  }

  assign(snapshot: SnapshotColumns): Int32Array {
    return this.#types.internAll(snapshot.types);
  }

  order(): Digits {
    const ranks = ranksOf(this.#types.names, compareCodePoints);
    return { digitAt: (key, level) => (level === 0 ? ranks[key] + 1 : 0) };
  }

  traceback(): Traceback {
    return new Traceback([]);
  }

  name(key: number): string {
    return this.#types.names[key];
  }
}

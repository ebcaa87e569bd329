// Browser compatible.
import { compareCodePoints } from "../snapshot/code_points.ts";
import type { SnapshotColumns } from "../snapshot/columns.ts";
import { Traceback } from "../snapshot/traceback.ts";
import { type KeyTable, NameTable, ranksOf } from "./key_table.ts";

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

  order(): (a: number, b: number) => number {
    const ranks = ranksOf(this.#types.names, compareCodePoints);
    return (a, b) => ranks[a] - ranks[b];
  }

  traceback(): Traceback {
    return new Traceback([]);
  }

  name(key: number): string {
    return this.#types.names[key];
  }
}

// Browser compatible.
import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { Traceback } from "../snapshot/model/traceback.ts";
import { ownerOf, packageOf } from "../vocabulary/package_of.ts";
import { FrameKeys } from "./frame_keys.ts";
import type { KeyTable } from "./key_table.ts";
import { labelKeys } from "./label_keys.ts";
import { NameKeys } from "./name_keys.ts";
import type { Digits } from "./sort.ts";

/** The table for keys that packages decide; null: there is no such key type. */
export function packageKeysOf(keyType: string): KeyTable | null {
  if (keyType === "package") return new PackageKeys();
  if (keyType.startsWith("label:") && keyType.length > 6) return labelKeys(keyType.slice(6));
  return keyType === "ownline" ? new OwnLineKeys() : null;
}

/** Numbers packages by their names. */
class PackageKeys extends NameKeys {
  constructor() {
    super("frame", ({ frames }) => frames.filenames.map(packageOf));
  }

  override assign(columns: SnapshotColumns): Int32Array {
    const packages = super.assign(columns);
    return columns.frames.filename.map((file) => packages[file]);
  }
}

/** What has no frame of the program's own. */
const NONE = "<no line of the program's own>";

/** Numbers the most recent lines of tracebacks that are the program's own, neither a dependency's nor the runtime's. */
class OwnLineKeys implements KeyTable {
  readonly per = "traceback";
  /** A line's key here is one more: 0 is none. */
  readonly #lines = new FrameKeys("lineno");

  get length(): number {
    return this.#lines.length + 1;
  }

  assign(snapshot: SnapshotColumns): Int32Array {
    const { offset, frames } = snapshot.tracebacks;
    const { filename, filenames } = snapshot.frames;
    const isOwn = filenames.map((name) => ownerOf(name) === "own");
    const lines = this.#lines.assign(snapshot);
    const keys = new Int32Array(offset.length - 1);
    for (let traceback = 0; traceback < keys.length; traceback++) {
      let at = offset[traceback + 1] - 1;
      while (at >= offset[traceback] && !isOwn[filename[frames[at]]]) at--;
      keys[traceback] = at < offset[traceback] ? 0 : lines[frames[at]] + 1;
    }
    return keys;
  }

  order(): Digits {
    const lines = this.#lines.order();
    return { digitAt: (key, level) => (key === 0 ? 0 : lines.digitAt(key - 1, level)) };
  }

  traceback(key: number): Traceback {
    return key === 0 ? new Traceback([]) : this.#lines.traceback(key - 1);
  }

  name(key: number): string {
    return key === 0 ? NONE : this.#lines.name(key - 1);
  }
}

import { statSync } from "node:fs";
import picocolors from "picocolors";
import type { TerminalOptions } from "../../report/terminal/terminal.ts";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { clearSourceLines, sourceLine } from "../../snapshot/model/source_lines.ts";
import { openSnapshot } from "../open_snapshot.ts";
import { Folder } from "./folder.ts";

/** An agent asks several things of one snapshot, or compares two. */
const KEPT_SNAPSHOTS = 4;

/** What tools read: files below one folder. */
export class Reader {
  readonly folder: Folder;
  readonly #kept = new Map<string, Snapshot>();

  constructor(path: string) {
    this.folder = new Folder(path);
  }

  /** Has files looked at again that may have changed since the last call. */
  begin(): void {
    this.folder.forget();
    clearSourceLines();
  }

  /**
   * A snapshot, or another tool's profile.
   *
   * @throws {InputError} where there is none below the folder; SnapshotFormatError where it is none.
   */
  snapshot(name: string): Snapshot {
    const path = this.folder.file(name);
    const { mtimeMs, size } = statSync(path);
    const key = `${mtimeMs} ${size} ${path}`;
    const snapshot = this.#kept.get(key) ?? openSnapshot(path);
    this.#kept.delete(key);
    if (this.#kept.size >= KEPT_SNAPSHOTS) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, snapshot);
    return snapshot;
  }

  /** As the command line writes into a pipe, but for source lines of files elsewhere. */
  get text(): TerminalOptions {
    return {
      columns: Number.POSITIVE_INFINITY,
      colors: picocolors.createColors(false),
      directory: this.folder.path,
      sourceLine: (filename, lineno) => (this.folder.has(filename) ? sourceLine(filename, lineno) : ""),
    };
  }
}

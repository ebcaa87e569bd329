import { renameSync } from "node:fs";
import { mergeSnapshots, type NamedSnapshot } from "../snapshot/merge_snapshots.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type DumpFile, nameOfOthers, withPid } from "./dump_file.ts";
import { openSnapshot } from "./open_snapshot.ts";

/** What a run has left behind. */
export interface RunDumps {
  readonly pid: number;
  readonly main: string | undefined;
  readonly others: readonly string[];
  /** Told of a file that cannot be read: its process was killed while it wrote, or somebody else wrote it. */
  readonly skip: (name: string, reason: string) => void;
}

/** One snapshot of a program's processes and workers. */
export interface MergedDumps {
  readonly path: string;
  readonly parts: readonly string[];
  readonly snapshot: Snapshot;
  readonly notes: readonly string[];
}

/**
 * Puts the snapshots of a run together in one file, and leaves each as it is. The merged one gets the name that was asked
 * for; where the main process has written to that, its own moves to the name with its process id. With `%p` in the name,
 * `-all` follows the id.
 */
export function mergeDumps(file: DumpFile, { pid, main, others, skip }: RunDumps): MergedDumps {
  const { template } = file;
  const hasId = template.includes("%p");
  let first = main;
  if (!hasId && main === template) renameSync(main, (first = withPid(nameOfOthers(template), String(pid))));
  const parts: NamedSnapshot[] = [];
  for (const name of first === undefined ? others : [first, ...others]) {
    try {
      parts.push({ name, snapshot: openSnapshot(name) });
    } catch (error) {
      skip(name, error instanceof Error ? error.message : String(error));
    }
  }
  const { snapshot, notes } = mergeSnapshots(parts);
  const path = hasId ? withPid(template, `${pid}-all`) : template;
  snapshot.dump(path);
  return { path, parts: parts.map(({ name }) => name), snapshot, notes };
}

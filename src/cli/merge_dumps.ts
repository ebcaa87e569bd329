import { copyFileSync, linkSync, realpathSync, rmSync } from "node:fs";
import { mergeSnapshots, type NamedSnapshot } from "../snapshot/merge/merge_snapshots.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { writeFileAtomically } from "../snapshot/pprof/files.ts";
import { PLACEHOLDER } from "../vocabulary/dump_name.ts";
import { type DumpFile, nameOfOthers, type RunDumps, stampOf, withPid } from "./dump_file.ts";
import { openSnapshot } from "./open_snapshot.ts";

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
 * and where another run has taken the name meanwhile, `-all` follows the id.
 *
 * @param skip Told of a file that cannot be read: its process was killed while it wrote, or somebody else wrote it.
 */
export function mergeDumps(
  file: DumpFile,
  { pid, main, others, replaced, opened }: RunDumps,
  skip: (name: string, reason: string) => void,
): MergedDumps {
  const { template } = file;
  const own = withPid(nameOfOthers(template), pid);
  const parts: NamedSnapshot[] = [];
  for (const name of main === undefined ? others : [main, ...others]) {
    try {
      parts.push({ name: name === template ? own : name, snapshot: opened.get(name) ?? openSnapshot(name) });
    } catch (error) {
      skip(name, error instanceof Error ? error.message : String(error));
    }
  }
  const { snapshot, notes } = mergeSnapshots(parts);
  // The name that was asked for always has a file: were it free for a moment, another run could take it.
  if (main === template) linkOrCopy(realpathSync(main), own);
  const bytes = snapshot.toBytes();
  let path = withPid(nameOfOthers(template), `${pid}-all`);
  if (isFree(file, replaced)) {
    writeFileAtomically(template, bytes, (move) => {
      if (!isFree(file, replaced)) return;
      move();
      path = template;
    });
  }
  if (path !== template) writeFileAtomically(path, bytes);
  return { path, parts: parts.map(({ name }) => name), snapshot, notes };
}

/** Whether the merged snapshot may have the name that was asked for: no other run has written there since this one looked. */
function isFree(file: DumpFile, replaced: string | undefined): boolean {
  if (file.template.includes(PLACEHOLDER)) return false;
  return stampOf(file) === replaced;
}

function linkOrCopy(from: string, to: string): void {
  rmSync(to, { force: true });
  try {
    linkSync(from, to);
  } catch {
    // Not every file system has links.
    copyFileSync(from, to);
  }
}

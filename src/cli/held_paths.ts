import { existsSync } from "node:fs";
import { runHeapJob } from "../heap/heap_job.ts";
import { terminalWhy } from "../report/terminal/terminal_why.ts";
import type { Snapshot } from "../snapshot/model/snapshot.ts";
import { writeMessage } from "./output.ts";

/**
 * Lines of which the paths are looked for, of those that the snapshot has first, and of those that take most by V8's figures: what the host makes
 * for a program is in these alone. And lines of which the paths are shown when a run ends.
 */
const KEPT = 10;
const SHOWN = 5;

/**
 * Finds out who holds the objects of a snapshot's top lines, and keeps that in `to`.
 *
 * @param heapFile Where the program has written V8's heap; null: that was not asked for.
 * @returns Lines to print; null: there is nothing to tell.
 */
export function addPaths(snapshot: Snapshot, heapFile: string | null, to: Snapshot): string[] | null {
  if (heapFile === null) return null;
  if (!existsSync(heapFile)) {
    writeMessage("who holds the lines' objects is not known: the program has not written its heap");
    return null;
  }
  try {
    const { columns, metadata } = snapshot;
    const lines = snapshot
      .statistics("lineno")
      .slice(0, KEPT)
      .map(({ traceback }) => traceback.at(-1)!);
    const report = runHeapJob({
      heapFile,
      dump: { columns, metadata },
      lines,
      largest: KEPT,
      limit: 2 * KEPT,
    });
    to.metadata.why = report;
    return ["", ...terminalWhy({ ...report, lines: report.lines.slice(0, SHOWN) })];
  } catch (error) {
    writeMessage(
      `who holds the lines' objects is not known: ${error instanceof Error ? error.message : String(error)}`,
    );
    return null;
  }
}

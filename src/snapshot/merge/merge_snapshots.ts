// Browser compatible.
import type { ProcessName } from "../model/columns.ts";
import { Snapshot } from "../model/snapshot.ts";
import { type MergePart, mergeColumns } from "./merge.ts";

/** A snapshot, and what to call it in errors and where it does not know its process. */
export interface NamedSnapshot {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** How snapshots are merged. */
export interface MergeOptions {
  /** Snapshots with equal process ids are of different processes, as in containers. Default: `false`, an error. */
  readonly samePid?: boolean;
}

/** A merged snapshot, and what whoever reads its figures should know. */
export interface Merged {
  readonly snapshot: Snapshot;
  readonly notes: readonly string[];
}

/** Metadata that only says something of the whole where all parts agree. */
const COMMON = ["program", "runtime", "engine", "platform", "sampling", "nframe", "at"] as const;

/**
 * Puts the snapshots of several processes and workers together as one. Every block keeps its process, which
 * `statistics("process")` groups by; figures add up.
 *
 * @throws {RangeError} where two are of the same process, or one was taken at the peak and another one was not
 */
export function mergeSnapshots(
  parts: readonly NamedSnapshot[],
  { samePid = false }: MergeOptions = {},
): Merged {
  const named = nameProcesses(parts, samePid);
  const moments = new Map(parts.map(({ name, snapshot }) => [snapshot.metadata.at === "peak", name]));
  if (moments.size > 1) {
    const [peak, now] = [moments.get(true), moments.get(false)];
    throw new RangeError(
      `${peak} shows its process at its peak, and ${now} does not: their sum was never there`,
    );
  }
  return {
    snapshot: new Snapshot(mergeColumns(named), mergedMetadata(parts, named)),
    notes: notesOn(parts, moments.has(true)),
  };
}

function nameProcesses(parts: readonly NamedSnapshot[], samePid: boolean): MergePart[] {
  const owners = new Map<string, string>();
  return parts.map(({ name, snapshot }) => {
    // One that carries labels stands in its own snapshot once for each set of them.
    const own = new Map<string, string>();
    const processes = processesOf(snapshot, name).map(({ pid, worker, ...labels }) => {
      const known = own.get(`${pid}/${worker}`);
      if (known !== undefined) return { pid: known, worker, ...labels };
      let unique = pid;
      for (let again = 2; owners.has(`${unique}/${worker}`); again++) {
        if (!samePid) {
          const who = worker === "" ? `process ${pid}` : `worker ${worker} of process ${pid}`;
          throw new RangeError(
            `${owners.get(`${pid}/${worker}`)} and ${name} are both of ${who}, whose blocks would count twice`,
          );
        }
        unique = `${pid}.${again}`;
      }
      owners.set(`${unique}/${worker}`, name);
      own.set(`${pid}/${worker}`, unique);
      return { pid: unique, worker, ...labels };
    });
    return { columns: snapshot.columns, processes };
  });
}

function processesOf({ columns, metadata }: Snapshot, name: string): readonly ProcessName[] {
  if (columns.processes !== undefined) return columns.processes;
  const { pid, worker } = metadata;
  const isKnown = typeof pid === "number" && pid > 0;
  return [{ pid: isKnown ? String(pid) : name, worker: typeof worker === "number" ? String(worker) : "" }];
}

function mergedMetadata(
  parts: readonly NamedSnapshot[],
  named: readonly MergePart[],
): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const key of COMMON) {
    const [first, ...others] = parts.map(({ snapshot }) => JSON.stringify(snapshot.metadata[key]));
    if (first !== undefined && others.every((other) => other === first)) merged[key] = JSON.parse(first);
  }
  for (const fact of ["unsettled", "unsettledPeak"]) {
    if (parts.some(({ snapshot }) => snapshot.metadata[fact] === true)) merged[fact] = true;
  }
  const files = parts.map(({ snapshot }) => snapshot.metadata.files);
  if (files.every((count) => typeof count === "number")) merged.files = files.reduce((sum, n) => sum + n, 0);
  const times = parts.flatMap(({ snapshot: { metadata } }) =>
    typeof metadata.time === "string" ? [metadata.time] : [],
  );
  if (times.length > 0) merged.time = times.sort().at(-1);
  merged.processes = parts.flatMap(({ snapshot: { metadata } }, index) => {
    if (Array.isArray(metadata.processes)) return metadata.processes;
    // Timelines have clocks of their own, and are most of the metadata.
    const { timeline, ...rest } = metadata;
    const { pid, worker } = named[index].processes[0];
    return [{ ...rest, pid, worker }];
  });
  return merged;
}

function notesOn(parts: readonly NamedSnapshot[], atPeak: boolean): string[] {
  const notes: string[] = [];
  const distinct = (values: readonly unknown[]): string[] => [
    ...new Set(values.map((value) => String(value ?? "unknown"))),
  ];
  const limits = distinct(parts.map(({ snapshot }) => snapshot.tracebackLimit));
  if (limits.length > 1) {
    notes.push(`tracebacks have at most ${limits.join(", ")} frames: group by line rather than by traceback`);
  }
  const modes = distinct(parts.map(({ snapshot }) => snapshot.metadata.sampling));
  if (modes.length > 1)
    notes.push(`sampling differs (${modes.join(", ")}): sums are as good as the coarsest`);
  if (atPeak) notes.push("each process is shown at its own peak: together they may never have held so much");
  return notes;
}

// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { formatSize } from "../../statistics/format_size.ts";
import { DOMAIN_SUSPENDED } from "../../vocabulary/domains.ts";

type Described = Pick<Snapshot, "metadata">;

/** A snapshot, and what its reader calls it. */
export interface NamedSnapshot {
  readonly name: string;
  readonly snapshot: Described;
}

/** Which figures are upper bounds: what was dead may still count as alive. */
export interface UpperBounds {
  readonly alive: boolean;
  readonly peak: boolean;
}

/** What the dump at a program's end says of that. */
export function upperBoundsOf({ metadata }: Described): UpperBounds {
  const alive = metadata.unsettled === true;
  return { alive, peak: alive || metadata.unsettledPeak === true };
}

/** What a reader of the snapshot has to know, if anything: a line each. */
export function notesOf(snapshot: Described): string[] {
  const notes: string[] = [];
  if (snapshot.metadata.files === 0) {
    notes.push(
      "nothing was instrumented: code from -e and standard input is not, nor what --include and --exclude leave out",
    );
  }
  if (snapshot.metadata.format === "heapprofile") {
    notes.push(
      "a .heapprofile has estimates of bytes by function, whose line is where it begins; what is counted are samples",
    );
  }
  const { alive, peak } = upperBoundsOf(snapshot);
  if (alive) notes.push(unsettledNote(snapshot));
  else if (peak) notes.push(peakNote(snapshot));
  return notes;
}

/** Why the domain that is looked at has nothing in it, where the mode is why. */
export function domainNotes(
  { metadata, traces, tracebackLimit }: Pick<Snapshot, "metadata" | "traces" | "tracebackLimit">,
  domain: number | undefined,
): string[] {
  const isSampled = metadata.sampling !== "exact" && metadata.sampling !== undefined;
  if (domain !== DOMAIN_SUSPENDED || (!isSampled && tracebackLimit > 1)) return [];
  for (const trace of traces) if (trace.domain === domain) return [];
  return [
    "suspended calls are known only where calls are recorded: in exact mode with several frames (run --exact), or in bundles",
  ];
}

/** A note, and the names of the snapshots that it is about. */
export interface SharedNote {
  readonly text: string;
  readonly names: readonly string[];
}

/** The notes of several. */
export function notesOfAll(snapshots: readonly NamedSnapshot[]): SharedNote[] {
  const names = new Map<string, string[]>();
  for (const { name, snapshot } of snapshots) {
    for (const note of notesOf(snapshot)) names.set(note, [...(names.get(note) ?? []), name]);
  }
  return [...names].map(([text, names]) => ({ text, names }));
}

/** As one line of text. */
export function sharedNoteText({ text, names }: SharedNote): string {
  return `${names.join(", ")}: ${text}`;
}

function peakNote(snapshot: Described): string {
  return `what died since finalizers ran last counts at the peak${residentText(snapshot)}: the program ended within a job, and what dies in one is known only after it`;
}

function residentText({ metadata: { maxRss } }: Described): string {
  const isKnown = typeof maxRss === "number" && maxRss > 0 && maxRss < 2 ** 53;
  return isKnown ? ` (the whole process, tracker and all, took ${formatSize(maxRss)} at most)` : "";
}

function unsettledNote(snapshot: Described): string {
  const { runtime } = snapshot.metadata;
  const elsewhere = typeof runtime === "string" && runtime.startsWith("node") ? "" : ", or run it on Node";
  return (
    `what died since finalizers ran last still counts as alive, now and at the peak${residentText(snapshot)}: the snapshot was written within a job ` +
    `(process.exit(), a signal, an error, or before the end); let the program end by itself${elsewhere}`
  );
}

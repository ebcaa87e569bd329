import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../../mod.ts";
import {
  domainNotes,
  notesOf,
  notesOfAll,
  sharedNoteText,
  upperBoundsOf,
} from "../../../src/report/views/notes.ts";

const unsettled = (more: Record<string, unknown> = {}): { metadata: Record<string, unknown> } => ({
  metadata: { unsettled: true, ...more },
});

test("notesOf() says what a reader has to know", () => {
  assertEquals(notesOf({ metadata: { files: 3, maxRss: 5e6 } }), []);
  const both = notesOf({ metadata: { files: 0, unsettled: true } });
  assertEquals(both.length, 2);
  assertStringIncludes(both[0]!, "nothing was instrumented");
  assertStringIncludes(
    both[1]!,
    "still counts as alive, now and at the peak: the snapshot was written within a job",
  );
});

test("an upper bound has the process's own memory beside it, where that is known", () => {
  const [note] = notesOf(unsettled({ maxRss: 190 * 2 ** 20, runtime: "bun 1.4.5" }));
  assertStringIncludes(note!, "(the whole process, tracker and all, took 190 MiB at most)");
  assertStringIncludes(note!, "or run it on Node");
  assertFalse(notesOf(unsettled({ runtime: "node 26.0.0" }))[0]!.includes("on Node"));
  for (const maxRss of ["1", -1, 1e300, Number.NaN, null, {}]) {
    assertFalse(notesOf(unsettled({ maxRss }))[0]!.includes("process, tracker"), String(maxRss));
  }
});

test("a peak that had died unseen is an upper bound where what is alive is none", () => {
  const snapshot = { metadata: { unsettledPeak: true, maxRss: 190 * 2 ** 20 } };
  assertEquals(upperBoundsOf(snapshot), { alive: false, peak: true });
  const [note, ...others] = notesOf(snapshot);
  assertEquals(others, []);
  assertStringIncludes(
    note!,
    "what died since finalizers ran last counts at the peak (the whole process, tracker",
  );
});

test("only `true` is unsettled: metadata come from a file", () => {
  assertEquals(upperBoundsOf(unsettled()), { alive: true, peak: true });
  for (const value of [1, "true", {}, undefined]) {
    const { alive, peak } = upperBoundsOf({ metadata: { unsettled: value, unsettledPeak: value } });
    assertFalse(alive || peak);
  }
});

test("notesOfAll() says once what holds of several, with their names", () => {
  const found = notesOfAll([
    { name: "old.pb.gz", snapshot: unsettled() },
    { name: "between.pb.gz", snapshot: { metadata: {} } },
    { name: "new.pb.gz", snapshot: unsettled({ files: 0 }) },
  ]);
  assertEquals(
    found.map(({ names }) => names),
    [["old.pb.gz", "new.pb.gz"], ["new.pb.gz"]],
  );
  assert(sharedNoteText(found[0]!).startsWith("old.pb.gz, new.pb.gz: what died"));
});

test("domainNotes() says why there are no suspended calls where the mode does not know them", () => {
  const with5 = Snapshot.fromTraces([[5, 352, [["a.ts", 1]]]], 5);
  const without = (tracebackLimit: number, sampling: unknown): unknown =>
    domainNotes({ metadata: { sampling }, traces: Snapshot.fromTraces([], 5).traces, tracebackLimit }, 5);
  assertEquals(domainNotes(with5, 5), []);
  assertEquals([without(5, "exact"), without(5, undefined)], [[], []]);
  for (const note of [without(5, "adaptive"), without(25, 4096), without(1, "exact")])
    assertStringIncludes(String(note), "suspended calls are known only where calls are recorded");
  assertEquals(
    domainNotes({ ...with5, metadata: { sampling: 5 }, traces: with5.traces, tracebackLimit: 5 }, 4),
    [],
  );
});

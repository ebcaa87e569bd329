import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { type HuntFindings, type HuntRun, judge } from "../../../src/report/views/hunt.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { blocksAt } from "../fixtures.ts";

const REQUESTS = [10, 10, 10, 10];
const ANSWERS = { good: 50, bad: {}, retried: 0 };
const WORDS = ["request", "requests"] as const;

/** Blocks of another domain than objects. */
function resources(count: number, domain: number, line: string): RawTrace[] {
  return blocksAt(count, 64, line).map(([, size, frames]): RawTrace => [domain, size, frames]);
}

/** A run in which so much is alive after so many rounds. */
function run(at: (round: number) => RawTrace[], more: Partial<HuntRun> = {}, metadata = {}): HuntRun {
  const snapshots = [0, 1, 2, 3, 4].map((round) => {
    const { columns } = Snapshot.fromTraces(
      [...blocksAt(20 * (round + 1), 8, "busy.ts:1"), ...at(round)],
      25,
    );
    // What has been allocated grows, whatever is alive.
    return new Snapshot(columns, { sampling: "exact", files: 2, ...metadata });
  });
  return { snapshots: snapshots.map(withoutBusy), requests: REQUESTS, memory: [], later: null, ...more };
}

/** The blocks of busy.ts are dead, and have been counted. */
function withoutBusy(snapshot: Snapshot): Snapshot {
  const { frames, tracebacks, blocks } = snapshot.columns;
  const count = blocks.count.map((alive, row) => {
    const frame = tracebacks.frames[tracebacks.offset[blocks.traceback[row]! + 1]! - 1]!;
    return frames.filenames[frames.filename[frame]!] === "busy.ts" ? 0 : alive;
  });
  return new Snapshot({ ...snapshot.columns, blocks: { ...blocks, count } }, snapshot.metadata);
}

const judged = (runs: HuntRun[], more: Partial<HuntFindings> = {}) =>
  judge({ runs, answers: ANSWERS, words: WORDS, stopped: null, ...more });

const leak = (round: number): RawTrace[] =>
  blocksAt(10 * round + 3, 100, "node_modules/x/a.ts:7", "app.ts:2");

test("a line that grows with every request leaks: how much, what, and whose it is", () => {
  const { verdict, reason, lines } = judged([run(leak)]);
  assertEquals([verdict, reason], ["leaks", "after every round, 1 line held more"]);
  const [line] = lines;
  assertEquals(
    [line!.filename, line!.lineno, line!.package, line!.bytesPerRequest, line!.objectsPerRequest],
    ["node_modules/x/a.ts", 7, "x", 100, 1],
  );
  assertEquals(line!.sizes, [300, 1300, 2300, 3300, 4300]);
  assertEquals(line!.isEstimate, false);
});

test("nothing that grows: it does not leak", () => {
  const { verdict, lines } = judged([run(() => blocksAt(100, 1000, "app.ts:2"))]);
  assertEquals([verdict, lines], ["does not leak", []]);
});

test("timers and other resources are told by name, and are no memory", () => {
  const timers = (round: number): RawTrace[] => resources(5 * round, 3, "app.ts:9");
  const { verdict, reason, lines, resources: found } = judged([run(timers)]);
  assertEquals([verdict, lines], ["leaks", []]);
  const [one] = found;
  assertEquals([one!.domain, one!.filename, one!.lineno, one!.perRequest], [3, "app.ts", 9, 0.5]);
  assertEquals(reason, `after every round, there were more ${one!.name}`);
  // The user's own domains are memory.
  const own = judged([run((round) => resources(10 * round, 20, "app.ts:9"))]);
  assertEquals([own.lines.length, own.resources.length], [1, 0]);
});

test("what goes by itself some time later is no leak, and is said", () => {
  const later = run(() => blocksAt(5, 100, "node_modules/x/a.ts:7", "app.ts:2")).snapshots[0]!;
  const { verdict, lines, letGo } = judged([run(leak, { later })]);
  assertEquals([verdict, lines, letGo.map(({ lineno }) => lineno)], ["does not leak", [], [7]]);
  const stays = judged([run(leak, { later: run(leak).snapshots.at(-1)! })]);
  assertEquals([stays.verdict, stays.letGo], ["leaks", []]);
});

/** Regular rounds, and then a long one and another one after that. */
function longRun(at: (requests: number) => RawTrace[], more: Partial<HuntRun> = {}): HuntRun {
  const requests = [10, 10, 10, 10, 400, 100];
  let done = 10;
  const snapshots = [10, ...requests].map((count, round) => {
    done += round === 0 ? 0 : count;
    const { columns } = Snapshot.fromTraces([...blocksAt(2 * done, 8, "busy.ts:1"), ...at(done)], 25);
    return withoutBusy(new Snapshot(columns, { sampling: "exact", files: 2 }));
  });
  return { snapshots, requests, memory: [], later: null, regular: 4, ...more };
}

test("what stops growing when there are more requests is a cache that is full: no leak, and named", () => {
  const cache = (n: number): RawTrace[] => blocksAt(Math.min(n, 300), 100, "cache.ts:7", "app.ts:2");
  const { verdict, lines, filled } = judged([longRun(cache)]);
  assertEquals(
    [verdict, lines, filled.map(({ filename, lineno }) => [filename, lineno])],
    ["does not leak", [], [["cache.ts", 7]]],
  );
  // Beside it something leaks.
  const both = judged([longRun((n) => [...cache(n), ...blocksAt(n, 40, "leak.ts:3", "app.ts:2")])]);
  assertEquals(
    [both.verdict, both.lines.map(({ filename }) => filename), both.filled.map(({ filename }) => filename)],
    ["leaks", ["leak.ts"], ["cache.ts"]],
  );
  assertEquals(judged([longRun((n) => blocksAt(n, 100, "leak.ts:3"))]).filled, []);
});

test("what grows by less and less as nothing else does cannot be told yet", () => {
  const filling = (n: number): RawTrace[] =>
    blocksAt(Math.round(400 * (1 - Math.exp(-n / 300)) * 5), 100, "cache.ts:7", "app.ts:2");
  const { verdict, reason, lines } = judged([longRun(filling)]);
  assertEquals([verdict, lines.length], ["cannot tell", 1]);
  assertMatch(
    reason,
    /^still filling \(1,\d{3} blocks, cache\.ts:7\): .*more requests a round tell \(--requests\)$/,
  );
  const both = judged([longRun((n) => [...filling(n), ...blocksAt(n, 40, "leak.ts:3", "app.ts:2")])]);
  assertEquals([both.verdict, both.lines.length], ["leaks", 2]);
});

test("what has let go after the regular rounds is no leak, whatever longer ones brought", () => {
  const later = longRun(() => blocksAt(10, 100, "timer.ts:7", "app.ts:2")).snapshots[0]!;
  const { verdict, letGo } = judged([longRun((n) => blocksAt(n, 100, "timer.ts:7", "app.ts:2"), { later })]);
  assertEquals([verdict, letGo.map(({ filename }) => filename)], ["does not leak", ["timer.ts"]]);
});

test("an exact run decides about what the first has had estimates of", () => {
  const doubt = run(leak, {}, { sampling: "adaptive" });
  assertEquals(judged([doubt, run(() => [])]).verdict, "does not leak");
  assertEquals(judged([run(() => []), run(leak)]).verdict, "leaks");
});

test("it cannot be told: ended early, bad answers, nothing traced, memory that no line explains", () => {
  const quiet = run(() => []);
  const reasons: [Partial<HuntFindings> & { runs?: HuntRun[] }, RegExp][] = [
    [{ stopped: "the program ended with code 3 in round 2 of 5" }, /^the program ended with code 3/],
    [
      { runs: [{ ...quiet, requests: [10, 10], snapshots: quiet.snapshots.slice(0, 3) }] },
      /^there were fewer than 3/,
    ],
    [
      { answers: { good: 40, bad: { "status 503": 8, "connection closed": 2 }, retried: 0 } },
      /^10 of 50 requests failed \(status 503: 8, connection closed: 2\)$/,
    ],
    [{ runs: [run(() => [], {}, { files: 0 })] }, /^nothing was instrumented/],
    [{ runs: [{ ...quiet, snapshots: quiet.snapshots.map(() => quiet.snapshots[0]!) }] }, /next to nothing/],
    [
      {
        runs: [
          run(() => [], {
            memory: [0, 1, 2, 3, 4].map((i) => ({
              rss: 1e8,
              heapUsed: 1e7 + i * 5e6,
              external: i * 1e6,
              tracker: i * 1e5,
            })),
          }),
        ],
      },
      /^the heap grew in every round, by 576 KiB a request, and no traced line explains that/,
    ],
  ];
  for (const [{ runs = [quiet], ...more }, reason] of reasons) {
    const judgement = judged(runs, more);
    assertEquals(judgement.verdict, "cannot tell", String(reason));
    assertMatch(judgement.reason, reason);
  }
  // A few bad answers leave the rest to be judged, and a leak is a leak.
  assertEquals(
    judged([quiet], { answers: { good: 48, bad: { "status 503": 2 }, retried: 0 } }).verdict,
    "does not leak",
  );
  assertEquals(
    judged([run(leak)], { answers: { good: 10, bad: { "status 503": 40 }, retried: 0 } }).verdict,
    "leaks",
  );
  // What grew until the program died is told.
  assertEquals(judged([run(leak)], { stopped: "interrupted in round 4 of 5" }).lines.length, 1);
});

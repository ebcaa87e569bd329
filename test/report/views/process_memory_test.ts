import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../../mod.ts";
import { processText, tracedText } from "../../../src/report/text/process_text.ts";
import { growthBetween, growthRemarks, processReport } from "../../../src/report/views/process_memory.ts";

const MIB = 2 ** 20;
const MEMORY = {
  ...{ rss: 300 * MIB, heapUsed: 50 * MIB, heapTotal: 60 * MIB, external: 40 * MIB },
  ...{ heapLimit: 4096 * MIB, memoryLimit: 512 * MIB, tracker: 2 * MIB },
};

/** 20 MiB on the heap, strings among them, 30 MiB outside, and a resource of the program's own. */
function snapshot(metadata: Record<string, unknown>): Snapshot {
  const traces = [
    [0, 15 * MIB, [["app.ts", 1]]],
    [2, 5 * MIB, [["app.ts", 2]]],
    [1, 30 * MIB, [["app.ts", 3]]],
    [16, 70 * MIB, [["app.ts", 4]]],
  ] as const;
  const made = Snapshot.fromTraces(traces as never, 1);
  Object.assign(made.metadata, metadata);
  return Snapshot.fromBytes(made.toBytes());
}

/** A minute, in which the resident size grows from 100 MiB, and heap and external memory from 50 and 20. */
function points(rss: number, heap: number, external: number): unknown[] {
  return Array.from({ length: 61 }, (_, i) => {
    const share = i / 60;
    return [i * 1000, (100 + rss * share) * MIB, (50 + heap * share) * MIB, (20 + external * share) * MIB];
  });
}

test("a process is its heap, what that holds outside, and the rest; and how much of it has a line", () => {
  const report = processReport(snapshot({ process: MEMORY, maxRss: 310 * MIB }))!;
  assertEquals(report.traced, { heap: 20 * MIB, external: 30 * MIB });
  assertEquals(report.other, 200 * MIB);
  assertEquals([report.peakRss, report.heapLimit, report.memoryLimit], [310 * MIB, 4096 * MIB, 512 * MIB]);
  assertEquals(report.remarks, []);
  assertEquals(
    processText(report),
    "RSS 300 MiB, heap 50.0 MiB, external 40.0 MiB, not JavaScript's 200 MiB",
  );
  assertEquals(tracedText(report), "of heap and external memory, 50.0 MiB have a line (56 %)");
});

test("RSS grows and the heap does not: it is said in so many words", () => {
  const report = processReport(snapshot({ process: { ...MEMORY, points: points(240, 10, 0) } }))!;
  assertEquals(report.remarks, [
    "RSS grows and the heap does not: in the last 48 s it has grown by 192 MiB, heap and external memory have grown by 8192 KiB: 184 MiB are not JavaScript's",
  ]);
});

test("a heap that grows, a process that stays, and one of a few seconds are nothing to remark on", () => {
  for (const quiet of [
    points(240, 230, 0),
    points(240, 0, 200),
    points(240, 100, 60),
    points(5, 0, 0),
    // Freed, and kept by the allocator.
    points(0, 0, -200),
    points(240, 0, 0).slice(0, 5),
    // The first ten seconds of a small server: code is compiled, pools and stacks are made.
    points(240, 0, 0).slice(0, 11),
    points(31, 0, 0),
    // It has grown and stopped.
    points(240, 0, 0).map((point, i, all) => [
      (point as number[])[0],
      ...(all[Math.min(i, 20)] as number[]).slice(1),
    ]),
    [],
  ])
    assertEquals(processReport(snapshot({ process: { ...MEMORY, points: quiet } }))!.remarks, []);
});

test("a program that allocated at its start alone has grown since", () => {
  const few = [
    [0, 80 * MIB, MIB, 0],
    [500, 100 * MIB, MIB, 0],
    [60_000, 300 * MIB, 2 * MIB, 0],
  ];
  const { growth } = processReport(snapshot({ process: { ...MEMORY, points: few } }))!;
  assertEquals(growth, {
    seconds: 59.5,
    span: 59.5,
    late: null,
    rss: 200 * MIB,
    javascript: MIB,
    other: 199 * MIB,
  });
});

test("near a limit it is said", () => {
  const near = { ...MEMORY, heapLimit: 60 * MIB, memoryLimit: 310 * MIB };
  assertEquals(processReport(snapshot({ process: near }))!.remarks, [
    "the heap is at 83 % of its limit of 60.0 MiB",
    "RSS is at 97 % of its limit of 310 MiB",
  ]);
});

test("between two snapshots of a process", () => {
  const points = [[6000, 300 * MIB, 60 * MIB, 40 * MIB]];
  const old = snapshot({ process: { ...MEMORY, points } });
  const now = snapshot({ process: { ...MEMORY, rss: 500 * MIB, heapTotal: 70 * MIB, points } });
  assertEquals(growthRemarks(growthBetween(old, now)), [
    "RSS grows and the heap does not: since the old snapshot it has grown by 200 MiB, heap and external memory have grown by 10.0 MiB: 190 MiB are not JavaScript's",
  ]);
  assertEquals(growthRemarks(growthBetween(now, old)), []);
  // The same in ten seconds may be anything, in a minute it is not.
  const remarksAfter = (seconds: number): string[] => {
    const at = (ms: number): string => new Date(Date.UTC(2026, 1, 1) + ms).toISOString();
    const [from, to] = [0, seconds * 1000].map((ms, index) => {
      const { metadata } = index === 0 ? old : now;
      return snapshot({ ...metadata, time: at(ms) });
    }) as [Snapshot, Snapshot];
    return growthRemarks(growthBetween(from, to));
  };
  assertEquals([remarksAfter(0), remarksAfter(9), remarksAfter(60).length], [[], [], 1]);
  assertEquals(growthBetween(snapshot({}), now), null);
  // In its first seconds a process grows by what every process has.
  assertEquals(growthBetween(snapshot({ process: { ...MEMORY, points: [[4000, 1, 1, 1]] } }), now), null);
});

test("several processes add up; workers share their process's RSS", () => {
  const processes = [
    { process: MEMORY, pid: 1 },
    { process: MEMORY, pid: 1, worker: 1 },
    { process: MEMORY, pid: 2, worker: "" },
    { pid: 3 },
  ];
  const report = processReport(snapshot({ processes }))!;
  assertEquals([report.processes, report.rss, report.heapUsed], [3, 600 * MIB, 150 * MIB]);
  assertEquals([report.heapLimit, report.growth, report.peakRss], [null, null, null]);
});

test("external memory is at least what our lines hold: Bun does not count all buffers", () => {
  assertEquals(processReport(snapshot({ process: { ...MEMORY, external: MIB } }))!.external, 30 * MIB);
});

test("memory that was never written to is not resident, and nothing is below zero", () => {
  const report = processReport(snapshot({ process: { ...MEMORY, rss: 50 * MIB } }))!;
  assertEquals(report.other, 0);
});

test("old dumps tell nothing, and hostile ones nothing wrong", () => {
  assertEquals(processReport(snapshot({})), null);
  const huge = Array.from({ length: 10_000 }, (_, i) => [i, 1, 1, 1]);
  for (const process of [
    ...["x", 5, [], null, true, { rss: 1 }, { ...MEMORY, rss: -1 }, { ...MEMORY, heapUsed: "9" }],
    ...[
      { ...MEMORY, external: 2 ** 60 },
      { ...MEMORY, rss: null },
      { ...MEMORY, heapTotal: {} },
    ],
  ])
    assertEquals(processReport(snapshot({ process })), null, JSON.stringify(process));
  for (const odd of [
    { heapLimit: -5, memoryLimit: "all", tracker: {}, points: "x" },
    { heapLimit: 0, points: [[1, 2, 3], null, [-1, 0, 0, 0], ["a", 1, 2, 3], [{}, 1, 2, 3]] },
    { points: huge },
  ]) {
    const report = processReport(snapshot({ process: { ...MEMORY, ...odd }, maxRss: "much" }))!;
    assertEquals([report.rss, report.peakRss, report.growth], [MEMORY.rss, null, null]);
  }
  for (const processes of [[5, null, "x", []], [{}], [{ process: [] }]])
    assertEquals(processReport(snapshot({ process: MEMORY, processes })), null);
  assert(processReport(snapshot({ process: MEMORY, processes: "x" })) !== null);
});

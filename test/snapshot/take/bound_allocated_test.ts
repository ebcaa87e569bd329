// No view says that more is alive than was ever allocated.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { getTracedMemory, Snapshot, start, stop, takeSnapshot } from "../../../mod.ts";
import { callTree } from "../../../src/report/call_tree/call_tree.ts";
import { FIGURES } from "../../../src/report/html/model.ts";
import { buildCallTree } from "../../../src/report/html/report_tree.ts";
import { atPeak } from "../../../src/report/views/at_peak.ts";
import { statsReport } from "../../../src/report/views/stats.ts";
import { boundAllocatedOfFile } from "../../../src/snapshot/take/bound_allocated.ts";
import { DomainFilter } from "../../../src/statistics/filter.ts";
import { instrumented } from "../../instrumented.ts";

const LINES = {
  texts:
    "(n) => { const kept = []; for (let i = 0; i < n; i++) kept.push({ text: String(i) + '-text' }); return kept; }",
  map: "(n) => { const map = new Map(); for (let i = 0; i < n; i++) map.set('key' + i, String(i * 1.5)); return map; }",
  set: "(n) => { const set = new Set(); for (let i = 0; i < n; i++) set.add(i + 0.5); return set; }",
  pushes: "(n) => { const list = []; for (let i = 0; i < n; i++) list.push(i); return list; }",
  keys: "(n) => { const object = {}; for (let i = 0; i < n; i++) object['k' + i] = i; return object; }",
  many: "(n) => { const lists = []; for (let i = 0; i < n; i++) { const list = []; list.push('of ' + i); lists.push(list); } return lists; }",
  views:
    "(n) => { const kept = []; for (let i = 0; i < n / 100; i++) kept.push(new Uint8Array(1000), new Float64Array(10)); return kept; }",
  split: "(n) => 'some,words,'.repeat(n / 10).split(',').map((word, i) => word + i)",
  deep: "(n, below) => { if (below > 0) return [deep(n, below - 1)]; const list = ['x' + n]; list.push('y' + n); return list; }",
  buffers:
    "(n) => { const kept = []; for (let i = 0; i < n / 20; i++) kept.push(Buffer.from('text ' + i), Buffer.alloc(i)); return kept; }",
};

const program = await instrumented(
  Object.entries(LINES)
    .map(([name, text]) => `export const ${name} = ${text};`)
    .join("\n"),
);

function makeAll(n: number): unknown[] {
  const kept: unknown[] = Object.entries(program)
    .filter(([name]) => name !== "deep")
    .map(([, make]) => make(n));
  for (let i = 0; i < n / 10; i++) kept.push(program.deep(i, i % 7));
  return kept;
}

const GROUPINGS = ["lineno", "filename", "function", "traceback", "type"] as const;

interface Sums {
  readonly size: number;
  readonly count: number;
  readonly allocatedSize: number;
  readonly allocatedCount: number;
}

const exceeds = ({ size, count, allocatedSize, allocatedCount }: Sums): boolean =>
  size > allocatedSize || count > allocatedCount;

function checkViews(taken: Snapshot): void {
  for (const snapshot of [taken, atPeak(taken)!]) checkMoment(snapshot);
}

function checkMoment(snapshot: Snapshot): void {
  for (const part of [
    snapshot,
    ...[0, 1, 2].map((domain) => snapshot.filterTraces([new DomainFilter(true, domain)])),
  ]) {
    for (const by of GROUPINGS) {
      for (const cumulative of by === "traceback" || by === "type" ? [false] : [false, true]) {
        const wrong = part.statistics(by, cumulative).filter(exceeds);
        assertEquals(
          wrong.map((one) => `${by} ${one}, of ${one.allocatedSize} B, ${one.allocatedCount}`),
          [],
        );
      }
    }
    const { total, domains, types } = statsReport(part);
    assertEquals([total, ...domains, ...types].filter(exceeds), []);
    for (const inverted of [false, true]) {
      const { total: sums } = callTree(part.columns, { inverted });
      const nodes = Array.from(sums.size, (size, node) => ({
        size,
        count: sums.count[node],
        allocatedSize: sums.allocatedSize[node],
        allocatedCount: sums.allocatedCount[node],
      }));
      assertEquals(nodes.filter(exceeds), []);
    }
    const { totals } = buildCallTree([part.columns]);
    const of = (name: (typeof FIGURES)[number]): number => totals[FIGURES.indexOf(name)];
    assert(of("aliveBytes") <= of("allocatedBytes") && of("aliveBlocks") <= of("allocatedBlocks"));
    if (part === snapshot && part.columns.blocks.peakCount !== undefined)
      assert(of("aliveBytes") <= of("peakBytes"), `${of("aliveBytes")}, ${of("peakBytes")}`);
  }
}

for (const sampling of ["exact", "adaptive", 4096] as const) {
  for (const nframe of [1, 25]) {
    test(`${sampling}, ${nframe} frames: what lives was allocated, in every view`, () => {
      start({ sampling, nframe, seed: 3 });
      try {
        const kept = makeAll(20_000);
        const snapshot = takeSnapshot();
        checkViews(snapshot);
        checkViews(Snapshot.fromBytes(snapshot.toBytes()));
        const { current, peak } = getTracedMemory();
        assert(peak >= current && current > 0, `${current} of ${peak}`);
        kept.length = 3;
        for (const one of kept) if (one instanceof Map) one.clear();
        checkViews(takeSnapshot());
        checkMoment(takeSnapshot({ at: "peak" }));
        assert(getTracedMemory().peak >= getTracedMemory().current);
      } finally {
        stop();
      }
    });
  }
}

for (const sampling of ["adaptive", 4096] as const) {
  for (const nframe of [1, 25]) {
    test(`${sampling}, ${nframe} frames: what lived at the peak was allocated, too`, () => {
      start({ sampling, nframe, seed: 3 });
      try {
        // Of so many lists some are looked at, which stand for the others, too; and they differ.
        const lists: unknown[][] = program.many(60_000);
        for (let i = 0; i < lists.length; i++) if (i % 7 === 0) lists[i]!.length = i % 300;
        for (const list of lists) list.push("one more", list.length);
        takeSnapshot();
        for (const list of lists) list.length = 0;
        checkViews(takeSnapshot());
        checkMoment(takeSnapshot({ at: "peak" }));
      } finally {
        stop();
      }
    });
  }
}

test("what a container has grown by counts as allocated, and stays so when it shrinks", () => {
  start({ sampling: "exact" });
  try {
    const list: number[] = program.pushes(1000);
    const figures = (): [number, number] => {
      const [one] = takeSnapshot().statistics("lineno");
      return [one.size, one.allocatedSize];
    };
    const [size, allocated] = figures();
    assert(size > 8000 && allocated === size, `${size} of ${allocated}`);
    list.length = 0;
    const [left, stays] = figures();
    assert(left < size && stays === allocated, `${left}, ${stays} of ${allocated}`);
  } finally {
    stop();
  }
});

test("boundAllocatedOfFile() raises a path's figures to what is and was alive, and leaves others as they are", () => {
  const blocks = {
    traceback: Int32Array.of(0, 0, 1, 2, 3, 3),
    type: Int32Array.of(0, 0, 0, 0, 0, 0),
    domain: new Int32Array(6),
    size: Float64Array.of(10, 100, 5, 7, 10, 300),
    count: Float64Array.of(1, 2, 1, 0, 1, 0),
    peakCount: Float64Array.of(1, 2, 1, 2, 0, 2),
    allocatedCount: Float64Array.of(5, 0, 0, 9, 1, 0),
    allocatedSize: Float64Array.of(50, 0, 0, 63, 10, 0),
  };
  boundAllocatedOfFile(blocks);
  assertEquals([...blocks.allocatedCount], [5, 0, 1, 9, 2, 0]);
  assertEquals([...blocks.allocatedSize], [210, 0, 5, 63, 600, 0]);
});

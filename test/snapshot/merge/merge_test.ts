import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Profile } from "pprof-format";
import { mergeSnapshots } from "../../../src/snapshot/merge/merge_snapshots.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { Filter } from "../../../src/statistics/filter.ts";
import { blocksAt, snapshotOf } from "../../report/fixtures.ts";
import { APP_ROWS, toColumns, toRows } from "../model/columns_fixture.ts";

function processSnapshot(
  metadata: Record<string, unknown>,
  ...traces: Parameters<typeof snapshotOf>
): Snapshot {
  return new Snapshot(snapshotOf(...traces).columns, metadata);
}

const parent = processSnapshot(
  { program: "/app/main.ts", pid: 100, sampling: "exact", time: "2026-01-01T00:00:02.000Z", timeline: [1] },
  blocksAt(10, 64, "/app/main.ts:3"),
  blocksAt(1, 1000, "/app/only.ts:1", "/app/main.ts:9"),
);
const worker = processSnapshot(
  { program: "/app/main.ts", pid: 100, worker: 1, sampling: "exact", time: "2026-01-01T00:00:01.000Z" },
  blocksAt(5, 64, "/app/main.ts:3"),
);
const child = processSnapshot({ program: "/app/child.ts", pid: 101 }, blocksAt(2, 32, "/app/child.ts:1"));
const parts = [
  { name: "parent", snapshot: parent },
  { name: "worker", snapshot: worker },
  { name: "child", snapshot: child },
];

test("mergeSnapshots() adds up, and every block keeps its process", () => {
  const { snapshot } = mergeSnapshots(parts);
  assertEquals(snapshot.statistics("lineno").map(String), [
    "/app/only.ts:1: size=1000 B, count=1, average=1000 B",
    "/app/main.ts:3: size=960 B, count=15, average=64 B",
    "/app/child.ts:1: size=64 B, count=2, average=32 B",
  ]);
  assertEquals(
    snapshot.statistics("process").map(({ key, size, count }) => [key, size, count]),
    [
      ["pid 100", 1640, 11],
      ["pid 100, worker 1", 320, 5],
      ["pid 101", 64, 2],
    ],
  );
  // Stored once, whatever the number of processes.
  assertEquals(snapshot.columns.tracebacks.totalNframe.length, 3);
});

test("the processes survive dump, load and filters, and merging again", () => {
  const first = mergeSnapshots(parts.slice(0, 2)).snapshot;
  const loaded = Snapshot.fromBytes(first.toBytes());
  const again = mergeSnapshots([{ name: "first", snapshot: loaded }, parts[2]]).snapshot;
  const expected = mergeSnapshots(parts).snapshot;
  const byProcess = (snapshot: Snapshot): string[] => snapshot.statistics("process").map(String);
  assertEquals(byProcess(Snapshot.fromBytes(again.toBytes())), byProcess(expected));
  assert(again.equals(expected));
  assertEquals((again.metadata.processes as unknown[]).length, 3);
  const filtered = again.filterTraces([new Filter(true, "/app/main.ts")]);
  assertEquals(byProcess(filtered), [
    "pid 100: size=640 B, count=10, average=64 B",
    "pid 100, worker 1: size=320 B, count=5, average=64 B",
  ]);
});

test("what mergeSnapshots() says of the whole is what all parts agree on", () => {
  const { snapshot, notes } = mergeSnapshots(parts.slice(0, 2));
  assertEquals(snapshot.metadata, {
    program: "/app/main.ts",
    sampling: "exact",
    time: "2026-01-01T00:00:02.000Z",
    processes: [
      {
        program: "/app/main.ts",
        pid: "100",
        worker: "",
        sampling: "exact",
        time: "2026-01-01T00:00:02.000Z",
      },
      {
        program: "/app/main.ts",
        pid: "100",
        worker: "1",
        sampling: "exact",
        time: "2026-01-01T00:00:01.000Z",
      },
    ],
  });
  assertEquals(notes, []);
  const all = mergeSnapshots(parts);
  assertEquals([all.snapshot.metadata.program, all.snapshot.metadata.sampling], [undefined, undefined]);
  assertEquals(all.notes, ["sampling differs (exact, unknown): sums are as good as the coarsest"]);
});

test("mergeSnapshots() notes tracebacks of different depth, and peaks", () => {
  const shallow = new Snapshot({ ...child.columns, tracebackLimit: 1 }, { pid: 7 });
  const deep = new Snapshot(child.columns, { pid: 8 });
  const { snapshot, notes } = mergeSnapshots([
    { name: "a", snapshot: shallow },
    { name: "b", snapshot: deep },
  ]);
  assertEquals(snapshot.tracebackLimit, 25);
  assertEquals(notes, ["tracebacks have at most 1, 25 frames: group by line rather than by traceback"]);
  const peaks = [1, 2].map((pid) => ({
    name: `p${pid}`,
    snapshot: new Snapshot(child.columns, { pid, at: "peak" }),
  }));
  assertEquals(mergeSnapshots(peaks).notes, [
    "each process is shown at its own peak: together they may never have held so much",
  ]);
  assertThrows(
    () => mergeSnapshots([peaks[0], { name: "now", snapshot: deep }]),
    RangeError,
    "p1 shows its process at its peak, and now does not",
  );
});

test("two snapshots of one process are refused, unless they are said to be of two", () => {
  const twice = [parts[0], { name: "later", snapshot: parent }];
  assertThrows(
    () => mergeSnapshots(twice),
    RangeError,
    "parent and later are both of process 100, whose blocks would count twice",
  );
  assertThrows(() => mergeSnapshots([parts[1], parts[1]]), RangeError, "both of worker 1 of process 100");
  const { snapshot } = mergeSnapshots([...twice, twice[0]], { samePid: true });
  assertEquals(
    snapshot
      .statistics("process")
      .map(({ key }) => key)
      .sort(),
    ["pid 100", "pid 100.2", "pid 100.3"],
  );
});

test("a profile that does not know its process goes by its name", () => {
  const unknown = snapshotOf(blocksAt(1, 8, "x.go:1"));
  const { snapshot } = mergeSnapshots([parts[2], { name: "go.pb.gz", snapshot: unknown }]);
  assertEquals(
    snapshot.statistics("process").map(({ key }) => key),
    ["pid 101", "pid go.pb.gz"],
  );
});

test("rows of all kinds are merged as they are", () => {
  const a = new Snapshot(toColumns(APP_ROWS), { pid: 1 });
  const b = new Snapshot(toColumns(APP_ROWS.toReversed()), { pid: 2 });
  const { columns } = mergeSnapshots([
    { name: "a", snapshot: a },
    { name: "b", snapshot: b },
  ]).snapshot;
  assertEquals(toRows(columns), [...toRows(a.columns), ...toRows(b.columns)]);
});

test("a snapshot that was not merged is of one process", () => {
  assertEquals(parent.statistics("process").map(String), ["<process>: size=1640 B, count=11, average=149 B"]);
});

test("other readers see pid and worker as labels of samples", () => {
  const { snapshot } = mergeSnapshots(parts);
  const { sample, stringTable } = Profile.decode(gunzipSync(snapshot.toBytes()));
  const text = (index: number | bigint): string => stringTable.strings[Number(index)];
  const labels = sample.map(({ label }) =>
    label.filter(({ str }) => Number(str) > 0).map(({ key, str }) => `${text(key)}=${text(str)}`),
  );
  assertEquals(labels, [
    ["type=<unknown>", "pid=100"],
    ["type=<unknown>", "pid=100"],
    ["type=<unknown>", "pid=100", "worker=1"],
    ["type=<unknown>", "pid=101"],
  ]);
});

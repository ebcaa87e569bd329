import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { mergeSnapshots } from "../../../src/snapshot/merge/merge_snapshots.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { labelNames } from "../../../src/statistics/label_keys.ts";
import { toColumns } from "../model/columns_fixture.ts";

/** One block under each set of labels. */
function labelled(sets: readonly (Record<string, string> | undefined)[], pid = "7"): Snapshot {
  const row = {
    frames: [["app.ts", 1, 1, "f", 1]],
    totalNframe: 1,
    type: "Object",
    domain: 0,
    size: 10,
    count: 1,
    allocatedCount: 1,
    allocatedSize: 10,
  };
  const columns = toColumns(sets.map(() => row) as never);
  const process = Int32Array.from(sets.keys());
  const processes = sets.map((labels) => ({ pid, worker: "", ...(labels && { labels }) }));
  return new Snapshot(
    { ...columns, blocks: { ...columns.blocks, process }, processes },
    { pid: Number(pid) },
  );
}

const HOSTILE = ["__proto__", "constructor", "a\u202eb", "<b>"];

test("labels survive a file, whatever their names and values are", () => {
  const sets = [
    { route: "/a", tenant: "x" },
    { route: "/b" },
    undefined,
    Object.fromEntries(HOSTILE.map((name) => [name, name])),
  ];
  const read = Snapshot.fromBytes(labelled(sets).toBytes());
  assertEquals(labelNames(read.columns), [...HOSTILE, "route", "tenant"].sort());
  const by = (label: string): [string, number][] =>
    read.statistics(`label:${label}`).map(({ key, count }) => [key, count]);
  assertEquals(by("route").sort(), [
    ["/a", 1],
    ["/b", 1],
    ["<none>", 2],
  ]);
  assertEquals(by("__proto__").sort(), [
    ["<none>", 3],
    ["__proto__", 1],
  ]);
  assertEquals(by("missing"), [["<none>", 4]]);
  // Of one process, whatever its labels.
  assertEquals(
    read.statistics("process").map(({ key, count }) => [key, count]),
    [["pid 7", 4]],
  );
});

test("snapshots with labels are merged by process, and keep them", () => {
  const parts = [
    labelled([{ route: "/a" }, { route: "/b" }], "7"),
    labelled([{ route: "/a" }, undefined], "8"),
  ].map((snapshot, i) => ({ name: `${i}`, snapshot }));
  const { snapshot } = mergeSnapshots(parts);
  const read = Snapshot.fromBytes(snapshot.toBytes());
  assertEquals(
    read.statistics("label:route").map(({ key, count }) => [key, count]),
    [
      ["/a", 2],
      ["<none>", 1],
      ["/b", 1],
    ],
  );
  assertEquals(
    read
      .statistics("process")
      .map(({ key }) => key)
      .sort(),
    ["pid 7", "pid 8"],
  );
});

test("a file with a set of labels for every block is read, with bounded labels", () => {
  const many = 66_000;
  const { columns, metadata } = labelled([{ id: "0" }]);
  const blocks = Object.fromEntries(
    Object.entries(columns.blocks).map(([name, column]) => [
      name,
      (column as Float64Array).constructor === Float64Array
        ? new Float64Array(many).fill(column[0]!)
        : new Int32Array(many),
    ]),
  ) as never as typeof columns.blocks;
  blocks.process!.forEach((_, row) => {
    blocks.process![row] = row;
  });
  const processes = Array.from({ length: many }, (_, i) => ({
    pid: "7",
    worker: "",
    labels: { id: String(i) },
  }));
  const read = Snapshot.fromBytes(new Snapshot({ ...columns, blocks, processes }, metadata).toBytes());
  assertEquals(read.columns.blocks.count.length, many);
  assert(read.columns.processes!.length <= 65_537, `${read.columns.processes!.length}`);
});

import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../src/report/html/limits.ts";
import { FIGURES, type ReportModel, type TableName } from "../../../src/report/html/model.ts";
import { prepareReport } from "../../../src/report/html/report_model.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { modelOf, snapshotOfRows, sumOf } from "./models.ts";

/** What a table says of a figure, by name. */
function tableOf(
  model: ReportModel,
  name: TableName,
  figure: (typeof FIGURES)[number],
): Record<string, number> {
  const { file, line, function: names, type, package: packages, figures } = model.tables[name];
  const column = figures[FIGURES.indexOf(figure)];
  const rows = (name === "type" ? type : name === "package" ? packages : file).map(
    (_, row): [string, number] => {
      const place = `${model.filenames[file[row]!]}:${line[row]}`;
      const text = {
        line: () => place,
        function: () => `${model.functionNames[names[row]!]} (${place})`,
        file: () => model.filenames[file[row]!]!,
        package: () => model.packages[packages[row]!]!,
        type: () => model.types[type[row]!]!,
      }[name]();
      return [text, column?.[row] ?? 0];
    },
  );
  return Object.fromEntries(rows.sort());
}

const APP = snapshotOfRows([
  { at: ["main app.ts:1", "load cache.ts:9"], type: "Map", size: 100, alive: 2, allocated: 5, peak: 4 },
  { at: ["main app.ts:1", "load cache.ts:9"], type: "Array", size: 30, alive: 1, allocated: 1, peak: 1 },
  { at: ["main app.ts:2", "load cache.ts:9"], type: "Map", size: 100, alive: 0, allocated: 7, peak: 0 },
  { at: ["main app.ts:1"], type: "Object", size: 8, alive: 3, allocated: 3, peak: 3 },
]);

test("tables hold what the statistics hold", () => {
  const model = modelOf(APP);
  for (const [table, key] of [
    ["line", "lineno"],
    ["function", "function"],
    ["file", "filename"],
    ["package", "package"],
    ["type", "type"],
  ] as const) {
    const all = APP.statistics(key);
    for (const [figure, field] of [
      ["aliveBytes", "size"],
      ["aliveBlocks", "count"],
      ["allocatedBytes", "allocatedSize"],
      ["allocatedBlocks", "allocatedCount"],
    ] as const) {
      const expected = all.map((one): [string, number] => [
        table === "file" ? one.traceback.at(0)!.filename : one.key,
        one[field],
      ]);
      assertEquals(tableOf(model, table, figure), Object.fromEntries(expected.sort()), `${table} ${figure}`);
    }
  }
  assertEquals(tableOf(model, "line", "peakBytes"), { "app.ts:1": 24, "cache.ts:9": 430 });
  assertEquals(tableOf(model, "line", "freedBlocks"), { "app.ts:1": 0, "cache.ts:9": 10 });
});

test("the table of packages adds up the files of each", () => {
  const model = modelOf(
    snapshotOfRows([
      { at: ["main app.ts:1"], size: 8, alive: 3 },
      { at: ["main app.ts:1", "f node_modules/x/a.js:1"], size: 8, alive: 2 },
      { at: ["main app.ts:1", "g node_modules/x/b.js:1"], size: 8, alive: 1 },
      { at: ["main app.ts:1", "g node_modules/@s/y/b.js:1"], size: 8, alive: 1 },
    ]),
  );
  assertEquals(tableOf(model, "package", "aliveBytes"), { "<own code>": 24, "@s/y": 8, x: 24 });
  assertEquals(model.tables.file.package, []);
});

test("the tree has each call path once, callers before callees", () => {
  const model = modelOf(APP);
  const { parent, frame, entries } = model.tree;
  const text = (node: number): string =>
    node === 0
      ? ""
      : `${text(parent[node]!)}/${model.filenames[model.frames.file[frame[node]!]!]}:${model.frames.line[frame[node]!]}`;
  assertEquals(parent.map((_, node) => text(node)).sort(), [
    "",
    "/app.ts:1",
    "/app.ts:1/cache.ts:9",
    "/app.ts:2",
    "/app.ts:2/cache.ts:9",
  ]);
  assert(parent.every((one, node) => node === 0 || one < node));
  const held = entries.node.map((node, entry): [string, number] => [
    `${text(node)} ${model.types[entries.type[entry]!]}`,
    entries.figures[0]![entry]!,
  ]);
  assertEquals(Object.fromEntries(held), {
    "/app.ts:1/cache.ts:9 Map": 200,
    "/app.ts:1/cache.ts:9 Array": 30,
    "/app.ts:2/cache.ts:9 Map": 0,
    "/app.ts:1 Object": 24,
  });
  assertEquals(model.totals.slice(0, 8), [254, 6, 454, 8, 1254, 16, 1000, 10]);
  assertEquals(model.leftOut, { tracebacks: 3, droppedTracebacks: 0, droppedFrames: 0, share: 0, bytes: 0 });
});

test("with an old snapshot every figure has its old one, whatever the numbers of frames and types", () => {
  const old = snapshotOfRows([
    { at: ["main app.ts:7"], type: "Set", size: 50 },
    { at: ["main app.ts:1", "load cache.ts:9"], type: "Map", size: 100, alive: 1 },
  ]);
  const model = modelOf(APP, old);
  assertEquals(model.old?.file, "old.pb.gz");
  assertEquals(sumOf(model.tree.entries.figures, "aliveBytes", true), 150);
  const { figures } = model.tables.line;
  const rows = tableOf(model, "line", "aliveBytes");
  assertEquals(rows, { "app.ts:1": 24, "app.ts:7": 0, "cache.ts:9": 230 });
  assertEquals(Math.max(...figures[FIGURES.length]!), 100);
});

test("frames that were cut off stand at the top of the tree", () => {
  const model = modelOf(
    snapshotOfRows([{ at: ["app.ts:1", "app.ts:2"], totalNframe: 40 }, { at: ["app.ts:1"] }]),
  );
  const top = model.tree.parent.flatMap((parent, node) =>
    node > 0 && parent === 0 ? [model.tree.frame[node]!] : [],
  );
  assertEquals(top.map((frame) => model.functionNames[model.frames.function[frame]!]).sort(), [
    "",
    "(older frames, not kept)",
  ]);
});

test("a snapshot that does not know its peak, or holds nothing, makes a report", () => {
  const none = modelOf(Snapshot.fromTraces([], 1));
  assertEquals([none.hasPeak, none.tree.parent, none.tables.line.file], [false, [0], []]);
  assertEquals(modelOf(snapshotOfRows([{ at: ["a.ts:1"], peak: 1 }])).hasPeak, true);
});

/** Many call paths of very different sizes. */
function manyTraces(count: number): Snapshot {
  const traces = Array.from({ length: count }, (_, i): RawTrace => {
    const frames = [i, i >> 3, i >> 6, 0].map((n, depth): [string, number] => [
      `f${depth}-${n % 50}.ts`,
      (n % 97) + 1,
    ]);
    return [0, 8 + Math.round(1e6 / (1 + i)), frames];
  });
  return Snapshot.fromTraces(traces, 25);
}

test("what is too small is summed up in its callers, and the report says how much that is", () => {
  const prepared = prepareReport({ current: { name: "x", snapshot: manyTraces(5000) } });
  const whole = prepared({ ...LIMITS, nodes: 1e6, entries: 1e6, rows: 1e6 });
  const small = prepared({ ...LIMITS, nodes: 300, entries: 200, rows: 50 });
  const total = whole.totals[0]!;
  assertEquals(sumOf(whole.tree.entries.figures, "aliveBytes"), total);
  assertEquals(small.totals, whole.totals);
  const { entries, rest, parent, frame } = small.tree;
  assertEquals(sumOf(entries.figures, "aliveBytes") + sumOf(rest.figures, "aliveBytes"), total);
  assert(parent.every((one, node) => node === 0 || one < node));
  // The largest lines keep some tracebacks beyond the limit: 4 lines of 3 here, 4 frames each.
  assert(parent.length <= 300 + 48 && entries.node.length <= 200 + 12, `${parent.length} nodes`);
  assertEquals(Math.max(...frame) + 1, small.frames.file.length);
  const { leftOut } = small;
  assertEquals(leftOut.tracebacks, 5000);
  assertEquals(leftOut.droppedTracebacks, 5000 - new Set(entries.node).size);
  assertEquals(leftOut.droppedFrames, whole.tree.parent.length - parent.length);
  assert(leftOut.bytes > 0 && leftOut.bytes <= leftOut.share * total, JSON.stringify(leftOut));
  const { line } = small.tables;
  assert(line.file.length <= 50 && line.file.length > 20);
  assertEquals(line.left.rows, whole.tables.line.file.length - line.file.length);
  assertEquals(line.left.sums[0], total - sumOf(line.figures, "aliveBytes"));
});

test("names are numbered as they are used, and long ones lose their middle", () => {
  const name = `${"a".repeat(2000)}.ts`;
  const model = modelOf(snapshotOfRows([{ at: [`${name}:3`] }]));
  assertEquals(
    model.filenames.filter((one) => one.length > 1000),
    [],
  );
  assertEquals(model.filenames[model.tables.line.file[0]!]!.slice(-4), "a.ts");
});

test("a report says which types are no objects, where some blocks are timers, listeners or suspended calls", () => {
  const closures = { at: ["f app.ts:12"], type: "Function", alive: 1500 };
  const text = { at: ["f app.ts:13"], type: "string", domain: 2, alive: 5 };
  assertEquals(modelOf(snapshotOfRows([closures, text])).otherKinds, []);
  const listeners = { at: ["f app.ts:12"], type: "listener", domain: 4, alive: 1500 };
  const timer = { at: ["f app.ts:14"], type: "timeout", domain: 3 };
  const model = modelOf(snapshotOfRows([closures, text, listeners]), snapshotOfRows([timer]));
  const named = model.otherKinds.map(({ kind, types }) => [kind, types.map((type) => model.types[type])]);
  assertEquals(named, [
    ["blocks", ["string"]],
    ["listeners", ["listener"]],
    ["timers", ["timeout"]],
  ]);
});

import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { flameLayout } from "../../../../src/report/html/client/flame_layout.ts";
import type { Selection } from "../../../../src/report/html/client/measures.ts";
import { ReportData } from "../../../../src/report/html/client/report_data.ts";
import {
  nodeAt,
  pathTo,
  type TreeView,
  type ViewTree,
  viewTree,
} from "../../../../src/report/html/client/view_tree.ts";
import { deepSnapshot } from "../../deep_paths.ts";
import { modelOf, type Row, snapshotOfRows } from "../models.ts";

const ALIVE: Selection = { measure: "alive", unit: "bytes", side: "new" };
const PLAIN: TreeView = { ...ALIVE, hideDependencies: false, hideRuntime: false, invert: false };

function dataOf(rows: readonly Row[], old?: readonly Row[]): ReportData {
  return new ReportData(modelOf(snapshotOfRows(rows), old && snapshotOfRows(old)));
}

/** The tree as text: each path, what it holds, and its own part. */
function drawn(data: ReportData, tree: ViewTree): Record<string, [value: number, self: number]> {
  const paths = Array.from(tree.parent.keys(), (node): [string, [number, number]] => [
    pathTo(tree, node)
      .map((frame) => data.frameText(frame).replace("  ", "@"))
      .join(" > "),
    [tree.value[node]!, tree.self[node]!],
  ]);
  return Object.fromEntries(paths.filter(([, [value, self]]) => value !== 0 || self !== 0));
}

const ROWS: Row[] = [
  { at: ["main app.ts:1", "get node_modules/lib/a.js:5", "make app.ts:3"], size: 100 },
  { at: ["main app.ts:1", "get node_modules/lib/a.js:5"], size: 10 },
  { at: ["main app.ts:1", "read node:fs:7"], size: 5 },
  { at: ["other app.ts:2", "make app.ts:3"], size: 1, allocated: 9 },
];

test("callers first: each call path with what it holds", () => {
  const data = dataOf(ROWS);
  assertEquals(drawn(data, viewTree(data, PLAIN)), {
    "": [116, 0],
    "main@app.ts:1": [115, 0],
    "main@app.ts:1 > get@lib/a.js:5": [110, 10],
    "main@app.ts:1 > get@lib/a.js:5 > make@app.ts:3": [100, 100],
    "main@app.ts:1 > read@node:fs:7": [5, 5],
    "other@app.ts:2": [1, 0],
    "other@app.ts:2 > make@app.ts:3": [1, 1],
  });
  const freed = viewTree(data, { ...PLAIN, measure: "freed", unit: "blocks" });
  assertEquals(drawn(data, freed), {
    "": [8, 0],
    "other@app.ts:2": [8, 0],
    "other@app.ts:2 > make@app.ts:3": [8, 8],
  });
});

test("frames that are hidden give what they hold to their callers", () => {
  const data = dataOf(ROWS);
  assertEquals(drawn(data, viewTree(data, { ...PLAIN, hideDependencies: true, hideRuntime: true })), {
    "": [116, 0],
    "main@app.ts:1": [115, 15],
    "main@app.ts:1 > make@app.ts:3": [100, 100],
    "other@app.ts:2": [1, 0],
    "other@app.ts:2 > make@app.ts:3": [1, 1],
  });
});

test("allocating lines first: each with all its callers below it", () => {
  const data = dataOf(ROWS);
  assertEquals(drawn(data, viewTree(data, { ...PLAIN, invert: true, hideRuntime: true })), {
    "": [116, 0],
    "make@app.ts:3": [101, 0],
    "make@app.ts:3 > get@lib/a.js:5": [100, 0],
    "make@app.ts:3 > get@lib/a.js:5 > main@app.ts:1": [100, 100],
    "make@app.ts:3 > other@app.ts:2": [1, 1],
    "get@lib/a.js:5": [10, 0],
    "get@lib/a.js:5 > main@app.ts:1": [10, 10],
    "main@app.ts:1": [5, 5],
  });
});

test("a difference is as wide as all that changed, whichever way", () => {
  const data = dataOf(
    [
      { at: ["app.ts:1", "app.ts:2"], size: 70 },
      { at: ["app.ts:1", "app.ts:3"], size: 10 },
    ],
    [
      { at: ["app.ts:1", "app.ts:3"], size: 40 },
      { at: ["app.ts:9"], size: 5 },
    ],
  );
  const tree = viewTree(data, { ...PLAIN, side: "difference" });
  assertEquals(drawn(data, tree), {
    "": [35, 0],
    "app.ts:1": [40, 0],
    "app.ts:1 > app.ts:2": [70, 70],
    "app.ts:1 > app.ts:3": [-30, -30],
    "app.ts:9": [-5, -5],
  });
  const widths = Object.fromEntries(
    Array.from(tree.width, (width, node) => [
      pathTo(tree, node)
        .map((one) => data.frameText(one))
        .join(),
      width,
    ]),
  );
  assertEquals([widths[""], widths["app.ts:1"]], [105, 100]);
  const old = viewTree(data, { ...PLAIN, side: "old" });
  assertEquals(old.value[0], 45);
});

test("a path leads to its node, or as far as there is one", () => {
  const data = dataOf(ROWS);
  const tree = viewTree(data, PLAIN);
  for (const node of tree.parent.keys()) assertEquals(nodeAt(tree, pathTo(tree, node)), node);
  const known = pathTo(tree, 1);
  assertEquals(nodeAt(tree, [...known, 999]), nodeAt(tree, known));
  assertEquals(nodeAt(tree, [999]), 0);
});

test("boxes lie within their callers' boxes, the widest first, and the smallest as one", () => {
  const rows = Array.from(
    { length: 3000 },
    (_, i): Row => ({ at: ["app.ts:1", `app.ts:${i + 2}`], size: i < 3 ? 10_000 : 1 }),
  );
  const data = dataOf(rows);
  const tree = viewTree(data, PLAIN);
  const boxes = flameLayout(tree, 0);
  assertEquals(
    boxes.map(({ level, smaller }) => [level, smaller]),
    [
      [0, 0],
      [1, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 2997],
    ],
  );
  for (const level of [0, 1, 2]) {
    const row = boxes.filter((box) => box.level === level);
    row.forEach((box, i) => {
      const next = row[i + 1]?.x ?? 1;
      assert(Math.abs(box.x + box.width - next) < 1e-9, `${level} ${i}`);
    });
  }
});

test("zoomed in, the callers are as wide as the whole, and small callees come into sight", () => {
  const data = dataOf([
    { at: ["app.ts:1", "app.ts:2", "app.ts:3"], size: 1 },
    { at: ["app.ts:4"], size: 100_000 },
  ]);
  const tree = viewTree(data, PLAIN);
  assertEquals(flameLayout(tree, 0).length, 2);
  const node = [...tree.parent.keys()].find(
    (one) => one > 0 && data.frameText(tree.frame[one]!) === "app.ts:2",
  )!;
  const boxes = flameLayout(tree, node);
  assertEquals(
    boxes.map(({ level, x, width }) => [level, x, width]),
    [0, 1, 2, 3].map((level) => [level, 0, 1]),
  );
});

test("very many boxes are drawn no smaller than there is room for them", () => {
  const rows: Row[] = Array.from({ length: 900 }, (_, i) => ({
    at: Array.from({ length: 6 }, (_, depth) => `app.ts:${depth * 1000 + i}`),
  }));
  const data = dataOf(rows);
  const boxes = flameLayout(viewTree(data, PLAIN), 0);
  assert(boxes.length <= 2600, `${boxes.length} boxes`);
});

test("a tree in which nothing is held has a root", () => {
  const data = dataOf([]);
  assertEquals(flameLayout(viewTree(data, PLAIN), 0).length, 1);
});

test("of a path of a hundred thousand calls the page draws what can be seen, and goes on from there", () => {
  const data = new ReportData(modelOf(deepSnapshot(100_000)));
  assert(data.model.tree.parent.length < 2000, `${data.model.tree.parent.length} frames`);
  const tree = viewTree(data, PLAIN);
  const boxes = flameLayout(tree, 0);
  assert(boxes.length <= 502, `${boxes.length} boxes`);
  const deepest = boxes.at(-1)!.node;
  assert(deepest > 400);
  const further = flameLayout(tree, deepest).map(({ node }) => node);
  assert(further.includes(0) && further.includes(deepest) && Math.max(...further) > deepest);
});

test("where every call of a deep recursion allocates, the inverted tree does not grow with the square", () => {
  const rows = Array.from({ length: 1200 }, (_, depth) => ({
    at: Array.from({ length: depth + 1 }, (_, at) => `f a.ts:${at + 1}`),
  }));
  const data = dataOf(rows);
  const tree = viewTree(data, { ...PLAIN, invert: true });
  assert(tree.parent.length < 2 ** 18 + 5000, `${tree.parent.length} nodes`);
  assertEquals(tree.value[0], 12_000);
});

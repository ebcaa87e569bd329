import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { callTree } from "../../../src/report/call_tree/call_tree.ts";
import { childrenOf } from "../../../src/report/call_tree/children.ts";
import { terminalTree } from "../../../src/report/terminal/terminal_tree.ts";
import { displayWidth } from "../../../src/report/terminal/width.ts";
import { type TreeOptions, treeReport } from "../../../src/report/views/tree.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { toColumns } from "../../snapshot/model/columns_fixture.ts";
import { deepSnapshot } from "../deep_paths.ts";
import { blocksAt, PLAIN, snapshotOf, uncolored } from "../fixtures.ts";

const ALL: TreeOptions = {
  measure: "size",
  min: 0,
  depth: Number.POSITIVE_INFINITY,
  inverted: false,
  include: [],
  exclude: [],
};

/** main calls a and b; a calls itself once; b is small. */
const snapshot = snapshotOf(
  blocksAt(6, 100, "a.ts:5", "main.ts:1"),
  blocksAt(3, 100, "a.ts:7", "a.ts:6", "main.ts:1"),
  blocksAt(1, 90, "b.ts:2", "main.ts:2"),
  blocksAt(1, 10, "main.ts:3"),
);

test("callTree() keeps every path, and its totals add up", () => {
  const tree = callTree(snapshot.columns);
  const paths = Array.from(tree.parent, (_, node) => {
    const path: string[] = [];
    for (let at = node; at > 0; at = tree.parent[at]) {
      const { filename, lineno } = tree.frames[tree.frame[at]];
      path.unshift(`${filename}:${lineno}`);
    }
    return [path.join(" "), tree.self.size[node], tree.total.size[node], tree.total.count[node]];
  });
  assertEquals(paths, [
    ["", 0, 1000, 11],
    ["main.ts:1", 0, 900, 9],
    ["main.ts:1 a.ts:5", 600, 600, 6],
    ["main.ts:1 a.ts:6", 0, 300, 3],
    ["main.ts:1 a.ts:6 a.ts:7", 300, 300, 3],
    ["main.ts:2", 0, 90, 1],
    ["main.ts:2 b.ts:2", 90, 90, 1],
    ["main.ts:3", 10, 10, 1],
  ]);
  const { start, list } = childrenOf(tree.parent);
  assertEquals([...list.subarray(start[0], start[1])], [1, 5, 7]);
  assertEquals([...list.subarray(start[1], start[2])], [2, 3]);
});

test("callTree() by function joins the lines of a function, down to the line that allocated", () => {
  const row = {
    totalNframe: 2,
    type: "Object",
    domain: 0,
    size: 8,
    count: 1,
    allocatedCount: 2,
    allocatedSize: 16,
  };
  const columns = toColumns([
    {
      ...row,
      frames: [
        ["m.ts", 11, 3, "main", 10],
        ["m.ts", 21, 1, "put", 20],
      ],
    },
    {
      ...row,
      frames: [
        ["m.ts", 12, 3, "main", 10],
        ["m.ts", 22, 1, "put", 20],
      ],
    },
  ]);
  const tree = callTree(columns, { level: "function", leafLines: true });
  assertEquals(
    Array.from(tree.frame, (frame, node) => {
      const { functionName, lineno, isLine } = tree.frames[frame] ?? {
        functionName: "",
        lineno: 0,
        isLine: false,
      };
      return [tree.parent[node], functionName, lineno, isLine, tree.total.allocatedSize[node]];
    }),
    [
      [-1, "", 0, false, 32],
      [0, "main", 10, false, 32],
      [1, "put", 20, false, 32],
      [2, "put", 21, true, 16],
      [2, "put", 22, true, 16],
    ],
  );
});

test("callTree() takes paths too deep for a recursion", () => {
  const lines = Array.from({ length: 20000 }, (_, depth) => `deep.ts:${(depth % 9) + 1}`);
  const deep = Snapshot.fromTraces([...blocksAt(1, 8, ...lines)], 20000);
  assertEquals(callTree(deep.columns).parent.length, 20001);
  assertEquals(treeReport(deep, ALL).nodes.length, 20000);
  assertEquals(terminalTree(deep, ALL, { ...PLAIN, columns: 80 }).length, 20001);
});

test("terminalTree() draws the largest branch first, and an only way on below its caller", () => {
  assertEquals(terminalTree(snapshot, ALL, PLAIN), [
    "Live: 1000 B in 11 blocks",
    "├─  90.0 %     900 B  main.ts:1",
    "│  ├─  60.0 %     600 B  a.ts:5",
    "│  └─  30.0 %     300 B  a.ts:6",
    "│      30.0 %     300 B  a.ts:7",
    "├─   9.0 %      90 B  main.ts:2",
    "│    9.0 %      90 B  b.ts:2",
    "└─   1.0 %      10 B  main.ts:3",
  ]);
});

test("terminalTree() hides small and deep branches, and says what it hid", () => {
  assertEquals(terminalTree(snapshot, { ...ALL, min: 0.05 }, PLAIN).slice(-3), [
    "│    9.0 %      90 B  b.ts:2",
    "└─ 1 more, 10 B",
    "Hidden: 1 branch below 5 %, 10 B in all",
  ]);
  assertEquals(terminalTree(snapshot, { ...ALL, min: 0.05, depth: 1 }, PLAIN), [
    "Live: 1000 B in 11 blocks",
    "├─  90.0 %     900 B  main.ts:1",
    "│  └─ 2 more, 900 B",
    "├─   9.0 %      90 B  main.ts:2",
    "│  └─ 1 more, 90 B",
    "└─ 1 more, 10 B",
    "Hidden: 4 branches below 5 % or too deep, 1000 B in all",
  ]);
});

test("terminalTree() inverted begins with the lines that allocate", () => {
  const lines = terminalTree(snapshot, { ...ALL, inverted: true, min: 0.2 }, PLAIN);
  assertEquals(lines, [
    "Live: 1000 B in 11 blocks; allocating lines, their callers below them",
    "├─  60.0 %     600 B  a.ts:5",
    "│   60.0 %     600 B  main.ts:1",
    "├─  30.0 %     300 B  a.ts:7",
    "│   30.0 %     300 B  a.ts:6",
    "│   30.0 %     300 B  main.ts:1",
    "└─ 2 more, 100 B",
    "Hidden: 2 branches below 20 %, 100 B in all",
  ]);
});

test("terminalTree() can be about blocks, files and domains", () => {
  assertEquals(terminalTree(snapshot, { ...ALL, measure: "count", include: ["b.ts"] }, PLAIN), [
    "Live: 90 B in 1 block",
    "└─ 100.0 %   1 block  main.ts:2",
    "   100.0 %   1 block  b.ts:2",
  ]);
  assertEquals(terminalTree(snapshot, { ...ALL, domain: 1 }, PLAIN), [
    "Live: 0 B in 0 blocks",
    "No bytes alive",
  ]);
});

test("terminalTree() fits the terminal and escapes names", () => {
  const hostile = Array.from(
    { length: 30 },
    (_, depth) => `/very/long/path/\x1b[2J/클래스${depth}.ts:${depth + 1}`,
  );
  const wide = snapshotOf(
    ...hostile.map((_, depth) => blocksAt(1, 64, ...hostile.slice(depth))),
    ...hostile.map((line, depth) => blocksAt(1, 64, line, ...hostile.slice(depth))),
  );
  for (const columns of [60, 80, 100]) {
    const lines = uncolored(terminalTree(wide, ALL, { ...PLAIN, columns }));
    for (const line of lines) assert(displayWidth(line) <= columns, line);
    assertFalse(lines.join("").includes("\x1b"));
    assert(lines.some((line) => line.includes("… deeper than the terminal is wide")) || columns > 80);
  }
});

test("treeReport() gives nodes before their branches, with what each hides", () => {
  const report = treeReport(snapshot, { ...ALL, min: 0.5 });
  assertEquals(
    report.nodes.map(({ id, parent, depth, filename, lineno, size, self, share, hidden }) => {
      return [id, parent, depth, `${filename}:${lineno}`, size, self, share, hidden];
    }),
    [
      [0, -1, 0, "main.ts:1", 900, 0, 0.9, { branches: 1, total: 300 }],
      [1, 0, 1, "a.ts:5", 600, 600, 0.6, { branches: 0, total: 0 }],
    ],
  );
  assertEquals(
    [report.hidden, report.hiddenInAll],
    [
      { branches: 2, total: 100 },
      { branches: 3, total: 400 },
    ],
  );
});

test("a tree of more nodes than anybody reads ends, and says what it leaves out", () => {
  const wide = Snapshot.fromTraces(
    Array.from({ length: 30 }, (_, line) => [0, line === 7 ? 99 : 1, [["a.ts", line + 1]]]),
    1,
  );
  const some = { ...ALL, most: 20 };
  const report = treeReport(wide, some);
  assertEquals(report.nodes.length, 20);
  // The largest branch comes first, whatever is left out.
  assertEquals(report.nodes[0]!.lineno, 8);
  const hidden = { branches: 10, total: 10 };
  assertEquals([report.hidden, report.hiddenInAll], [hidden, hidden]);
  const lines = terminalTree(wide, some, PLAIN);
  assertEquals(lines.at(-1), "Hidden: 10 branches below 0 % or after 20 lines, 10 B in all");
});

test("a path deeper than engines recurse is drawn, and cut where the tree ends", () => {
  const snapshot = deepSnapshot(150_000);
  assertEquals(terminalTree(snapshot, ALL, PLAIN).length, 150_001);
  const cut = treeReport(snapshot, { ...ALL, most: 140_000 });
  assertEquals([cut.nodes.length, cut.hiddenInAll], [140_000, { branches: 1, total: 100 }]);
});

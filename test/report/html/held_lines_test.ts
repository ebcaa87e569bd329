import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import type { HeapLine, Hop } from "../../../src/heap/heap_report.ts";
import { heldLines } from "../../../src/report/html/held_lines.ts";
import { LIMITS } from "../../../src/report/html/limits.ts";
import { OutputNames } from "../../../src/report/html/output_names.ts";
import { writeReport } from "../../../src/report/html/write_report.ts";
import { modelOf, snapshotOfRows } from "./models.ts";

const HOP: Hop = { edge: ".a", type: "Object", filename: "a.ts", lineno: 3, functionName: "f", times: 1 };

function line(change: Partial<HeapLine> = {}): HeapLine {
  return {
    ...{
      filename: "a.ts",
      lineno: 9,
      functionName: "g",
      count: 2,
      selfSize: 32,
      engineSize: 0,
      retainedSize: 40,
    },
    paths: [{ count: 2, size: 32, root: "a timer", hops: [HOP] }],
    ...change,
  };
}

/** As `run --why` keeps them in a snapshot. */
function kept(lines: readonly HeapLine[]): Record<string, unknown> {
  const totals = { heapSize: 99, attributedSize: 32, engineSize: 0, otherSize: 67 };
  return { why: { totals, lines, lineCount: lines.length, notes: [] } };
}

test("files of holders have the numbers of the snapshot's files, and new ones where it has none of theirs", () => {
  const rows = [{ at: ["g a.ts:9"], size: 16, alive: 2 }];
  const hops = [
    { ...HOP, filename: "b.ts" },
    { ...HOP, filename: null, lineno: null, functionName: null },
    HOP,
  ];
  const own = line({ paths: [{ count: 2, size: 32, root: "a timer", hops }] });
  const model = modelOf(snapshotOfRows(rows, kept([own])));
  const [a, b] = [model.filenames.indexOf("a.ts"), model.filenames.indexOf("b.ts")];
  assertEquals([model.heldLines, model.tables.line.file, model.held[0]!.file], [1, [a], a]);
  assertEquals(
    model.held[0]!.paths[0]!.hops.map(({ file, line: at, functionName }) => [file, at, functionName]),
    [
      [b, 3, "f"],
      [-1, 0, ""],
      [a, 3, "f"],
    ],
  );
  assertEquals(modelOf(snapshotOfRows(rows)).heldLines, null);
});

test("there are so many steps in all and no more, names are short, figures whole", () => {
  const hops = Array.from({ length: 500 }, (_, i): Hop => ({ ...HOP, edge: `.e${i}` }));
  const paths = Array.from({ length: 50 }, () => ({ count: 1, size: 1, root: "r".repeat(5000), hops }));
  const lines = Array.from({ length: 5000 }, (_, i) =>
    line({ lineno: i, functionName: "n".repeat(5000), paths }),
  );
  const held = heldLines({ lines }, new OutputNames([], LIMITS.name), LIMITS);
  const steps = held.flatMap((one) => one.paths).reduce((sum, path) => sum + path.hops.length, 0);
  assert(steps <= LIMITS.hops + 100, `${steps} steps`);
  assert(steps > LIMITS.hops / 2, `${steps} steps`);
  const [first] = held;
  assert(first!.functionName.length <= 300 && first!.paths[0]!.root.length <= 300);
  // Who holds it from afar, and who holds it next; how many are between.
  const edges = first!.paths[0]!.hops.map(({ edge, type }) => `${edge} ${type}`);
  assertEquals(
    [edges[0], edges[30], edges.at(-1), edges.length],
    [".e0 Object", "… 440 more", ".e499 Object", 61],
  );
  const odd = heldLines(
    { lines: [line({ count: -1.5, selfSize: 2.4, retainedSize: -0 })] },
    new OutputNames([], LIMITS.name),
    LIMITS,
  );
  assertEquals([odd[0]!.count, odd[0]!.selfSize, odd[0]!.retainedSize], [0, 2, 0]);
  const without = heldLines({ lines }, new OutputNames([], 16), { ...LIMITS, hops: 16, name: 16 });
  assert(JSON.stringify(without).length < 20_000);
});

test("a report with a snapshot's paths that are made to be large stays small", () => {
  const hops = Array.from(
    { length: 60 },
    (_, i): Hop => ({ ...HOP, type: "t".repeat(300), filename: `${i}`.repeat(500) }),
  );
  const paths = Array.from({ length: 60 }, () => ({ count: 1, size: 1, root: "r".repeat(300), hops }));
  const metadata = kept(Array.from({ length: 60 }, (_, i) => line({ lineno: i, paths })));
  const snapshot = snapshotOfRows([{ at: ["g a.ts:9"] }], metadata);
  const { html } = writeReport({ current: { name: "x", snapshot } }, { script: "", style: "" });
  assert(html.length < 10_000_000, `${html.length} bytes`);
});

test("the text of holders' lines is in the report, also where their files have no row", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ at: [`g ${i}.ts:1`], size: 100 - i }));
  const snapshot = snapshotOfRows(rows, kept([line({ filename: "0.ts", lineno: 1 })]));
  const asked: [string, readonly number[]][] = [];
  modelOf(snapshot, undefined, {
    readSources: (requests) => {
      asked.push(...requests.map(({ filename, lines }): [string, readonly number[]] => [filename, lines]));
      return [];
    },
  });
  const at = asked.findIndex(([filename]) => filename === "a.ts");
  assertEquals([asked.length, asked[0]![0], asked[at]], [41, "0.ts", ["a.ts", [3]]]);
  // Behind the largest, before what hardly holds anything.
  assert(at > 5 && at < 30, `${at}`);
});

import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { callTree } from "../../../src/report/call_tree/call_tree.ts";
import { CallTreeBuilder } from "../../../src/report/call_tree/call_tree_builder.ts";
import { buildCallTree } from "../../../src/report/html/report_tree.ts";
import { snapshotOfRows } from "../html/models.ts";

const SNAPSHOT = snapshotOfRows([
  { at: ["main app.ts:1", "load cache.ts:9"], type: "Map", size: 100, alive: 2 },
  { at: ["main app.ts:2", "load cache.ts:9"], type: "Map", size: 10 },
  { at: ["main app.ts:1", "load cache.ts:9"], type: "Array", size: 30 },
  { at: ["main app.ts:1"], size: 8, alive: 3 },
]);

/** Each node's path and what it holds itself. */
function pathsOf(
  { parent, frame }: { parent: Int32Array; frame: Int32Array },
  { name, self }: { name: (frame: number) => string; self: (node: number) => number },
): [string, number][] {
  return Array.from(parent, (_, node) => {
    const path: string[] = [];
    for (let at = node; at > 0; at = parent[at]!) path.unshift(name(frame[at]!));
    return [path.join(" > "), self(node)];
  });
}

test("the terminal's tree and the report's have the same nodes, in the same order, that hold the same", () => {
  const terminal = callTree(SNAPSHOT.columns);
  const report = buildCallTree([SNAPSHOT.columns]);
  const { frames, filenames, functionNames } = report;
  const own = new Float64Array(report.parent.length);
  for (const [entry, node] of report.node.entries()) own[node]! += report.figures[0]![entry]!;
  const shown = pathsOf(terminal, {
    name: (frame) =>
      `${terminal.frames[frame]!.functionName} ${terminal.frames[frame]!.filename}:${terminal.frames[frame]!.lineno}`,
    self: (node) => terminal.self.size[node]!,
  });
  assertEquals(shown, [
    ["", 0],
    ["main app.ts:1", 24],
    ["main app.ts:1 > load cache.ts:9", 230],
    ["main app.ts:2", 0],
    ["main app.ts:2 > load cache.ts:9", 10],
  ]);
  assertEquals(
    pathsOf(report, {
      name: (frame) =>
        `${functionNames[frames.function(frame)]} ${filenames[frames.file(frame)]}:${frames.line(frame)}`,
      self: (node) => own[node]!,
    }),
    shown,
  );
});

test("CallTreeBuilder puts several snapshots into one tree, and says where older frames are missing", () => {
  const builder = new CallTreeBuilder({ level: "line", older: true });
  const rows = builder.add(SNAPSHOT.columns);
  const more = builder.add(
    snapshotOfRows([
      { at: ["load cache.ts:9"], totalNframe: 40 },
      { at: ["main app.ts:1", "load cache.ts:9"] },
    ]).columns,
  );
  assertEquals([...rows], [2, 4, 2, 1]);
  assertEquals(more[1], 2);
  const { parent, frame } = builder.columns();
  const above = frame[parent[more[0]!]!]!;
  assertEquals(
    builder.frames.functionNames.names[builder.frames.function(above)],
    "(older frames, not kept)",
  );
});

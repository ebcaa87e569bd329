import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { edgeKind, edgeName, someEdge } from "../../src/heap/edges.ts";
import { kindOf, nameOf } from "../../src/heap/heap_graph.ts";
import { EDGE_TYPES, NODE_TYPES } from "../../src/heap/node_types.ts";
import { SnapshotReader } from "../../src/heap/snapshot_reader.ts";
import { SnapshotFormatError } from "../../src/vocabulary/errors.ts";
import { FixtureHeap, readText } from "./heap_fixture.ts";

const HEAP = new FixtureHeap()
  .add("root", { kind: "synthetic", name: "" })
  .add("a", { name: 'A "quoted" \\ name \u{1f600}', size: 24 })
  .add("big", { kind: "native", size: 5_000_000_000 })
  .add("text", { kind: "string", name: "line\nend\u2028", size: 61440 })
  .edge("root", "element", 7, "a")
  .edge("root", "property", "list", "big")
  .edge("a", "internal", "map", "text")
  .edge("a", "weak", "w", "root");

/** Everything that a graph says, in words. */
function told(text: string, pieces?: number): unknown {
  const graph = readText(text, pieces);
  return Array.from({ length: graph.nodeCount }, (_, node) => {
    const edges: string[] = [];
    someEdge(graph, node, (edge) => {
      const kind = EDGE_TYPES[edgeKind(graph, edge)];
      const name =
        kind === "element" || kind === "hidden"
          ? edgeName(graph, edge)
          : graph.strings.at(edgeName(graph, edge));
      edges.push(`${kind} ${name} ${graph.targets[edge]}`);
    });
    return [NODE_TYPES[kindOf(graph, node)], nameOf(graph, node), graph.sizes.at(node), edges];
  });
}

const TOLD = [
  ["synthetic", "", 0, ["element 7 1", "property list 2"]],
  ["object", 'A "quoted" \\ name \u{1f600}', 24, ["internal map 3", "weak w 0"]],
  ["native", "big", 5_000_000_000, []],
  ["string", "line\nend\u2028", 61440, []],
];

test("nodes, edges, names and sizes are those of the file, however it comes in pieces", () => {
  assertEquals(told(HEAP.text), TOLD);
  for (const pieces of [1, 2, 3, 7, 64])
    assertEquals(told(HEAP.text, pieces), TOLD, `${pieces} bytes at a time`);
});

test("white space, other columns and unknown sections change nothing", () => {
  const spaced = JSON.stringify(HEAP.toJSON(), null, 2);
  assertEquals(told(spaced), TOLD);
  const { snapshot, nodes, edges, strings } = HEAP.toJSON() as Record<string, never>;
  const more = {
    snapshot,
    x: null,
    y: [1, { z: ']}\\"' }],
    nodes,
    t: true,
    edges,
    n: -1.5e3,
    strings,
    last: "x",
  };
  assertEquals(told(JSON.stringify(more)), TOLD);
});

test("sizes of all kinds are kept as they are", () => {
  const sizes = [
    0,
    61439,
    61440,
    65535,
    65536,
    2 ** 40,
    ...Array.from({ length: 9000 }, (_, i) => 70_000 + i),
  ];
  const heap = new FixtureHeap();
  for (const [i, size] of sizes.entries()) heap.add(`n${i}`, { size });
  const graph = readText(heap.text);
  assertEquals(
    Array.from(sizes, (_, node) => graph.sizes.at(node)),
    sizes,
  );
});

test("names of many megabytes are cut, and what follows them is read", () => {
  for (const character of ["x", "\\", '"', "\u{1f600}", "\u0001"]) {
    const heap = new FixtureHeap()
      .add("root")
      .add("long", { name: character.repeat(5000) })
      .add("after", { name: "After" });
    const graph = readText(heap.text, 999);
    assertEquals(nameOf(graph, 2), "After");
    const name = nameOf(graph, 1);
    assert(name.length > 100 && name.length < 2100, `${name.length}`);
    assertEquals(name, character.repeat(5000).slice(0, name.length));
  }
});

/** What is thrown for a text. */
function refused(text: string, pieces?: number): string {
  return assertThrows(() => readText(text, pieces), SnapshotFormatError).message;
}

function changed(change: (heap: never) => void): string {
  const heap = JSON.parse(HEAP.text) as never;
  change(heap);
  return JSON.stringify(heap);
}

test("a file that was cut off anywhere is refused", () => {
  const { text } = HEAP;
  for (let length = 0; length < text.length - 1; length += 5) {
    const message = refused(text.slice(0, length));
    assert(/^made\.heapsnapshot.*: /.test(message), message);
    assert(!message.includes("\n"), message);
  }
});

test("files that are something else say so", () => {
  const cases: [string, RegExp][] = [
    ["", /empty/],
    ["PK\u0003\u0004", /does not begin with \{/],
    ["[1, 2]", /does not begin with \{/],
    ["{}", /name was expected/],
    ['{"a": 1}', /no nodes/],
    // Bun's .heapprofile, and what Safari exports
    ['{"version":2,"type":"Inspector","nodes":[0,0,0,0]}', /JavaScriptCore.*take it with Node/],
    ['{"nodes":[1,2,3]}', /header does not come first/],
    ['{"snapshot":{}}', /no meta/],
    ['{"snapshot":[]}', /no record/],
    ['{"snapshot":{"meta":{}}}', /node_fields/],
    ['{"head":{"callFrame":{}},"samples":[]}', /no nodes/],
  ];
  for (const [text, expected] of cases) {
    const message = refused(text);
    assert(expected.test(message), `${text}: ${message}`);
  }
});

test("numbers that lead nowhere are refused", () => {
  type Made = {
    snapshot: { node_count: number; edge_count: number; meta: Record<string, unknown> };
    nodes: number[];
    edges: number[];
    strings: string[];
  };
  const cases: [string, (heap: Made) => void, RegExp][] = [
    ["an edge to no node", ({ edges }) => (edges[2] = 24), /edge 0 leads to 24/],
    ["an edge into a node", ({ edges }) => (edges[2] = 7), /edge 0 leads to 7/],
    ["a kind of edge", ({ edges }) => (edges[0] = 7), /edge 0 is of kind 7/],
    ["a kind of node", ({ nodes }) => (nodes[0] = 15), /node 0 is of kind 15/],
    ["a name", ({ nodes }) => (nodes[1] = 99), /name is number 99 of/],
    ["a huge name", ({ nodes }) => (nodes[1] = 2 ** 27), /name 134217728/],
    ["more edges", ({ nodes }) => (nodes[4] = 9), /more edges than the 4/],
    ["fewer edges", ({ nodes }) => (nodes[4] = 0), /has 4 edges/],
    ["fewer nodes", ({ nodes }) => nodes.splice(-6), /3 nodes/],
    ["half a node", ({ nodes }) => nodes.splice(-1), /3 nodes/],
    ["more nodes", ({ nodes }) => nodes.push(0, 0, 0, 0, 0, 0), /more nodes than the 4/],
    ["a count", ({ snapshot }) => (snapshot.node_count = 2 ** 40), /cut off/],
    ["a negative count", ({ snapshot }) => (snapshot.edge_count = -1), /edge_count is -1/],
    ["a negative number", ({ edges }) => (edges[2] = -6), /whole number/],
    ["a fraction", ({ nodes }) => (nodes[3] = 1.5), /whole number/],
    ["no names of columns", ({ snapshot }) => delete snapshot.meta.edge_fields, /edge_fields/],
    [
      "a missing column",
      ({ snapshot }) => ((snapshot.meta.node_fields as string[])[3] = "x"),
      /no self_size/,
    ],
  ];
  for (const [name, change, expected] of cases) {
    const message = refused(changed(change as never));
    assert(expected.test(message), `${name}: ${message}`);
  }
});

test("a heap for which the memory does not suffice is refused before anything is made for it", () => {
  const bytes = new TextEncoder().encode(HEAP.text);
  const read = (memory: number): number => {
    const reader = new SnapshotReader({ filename: "made.heapsnapshot", fileSize: bytes.length, memory });
    reader.push(bytes);
    return reader.finish().nodeCount;
  };
  const needed = 4 * 30 + 4 * 12;
  assertEquals(read(needed), 4);
  const { message } = assertThrows(() => read(needed - 1), SnapshotFormatError);
  assert(
    /^made\.heapsnapshot.*: its 4 nodes and 4 edges take 168 B of memory, and 167 B are free: read it on a larger machine$/.test(
      message,
    ),
    message,
  );
});

test("what is no list of numbers is refused", () => {
  for (const [from, to] of [
    ['"edges":[', '"edges":{'],
    ['"edges":[', '"edges":[,'],
    ['"edges":[', '"edges":[1 1,'],
    ['"edges":[', '"edges":["x",'],
    ['"strings":[', '"strings":[7,'],
    ["}", "} x"],
  ]) {
    const { text } = HEAP;
    refused(from === "}" ? `${text} x` : text.replace(from, to), 5);
  }
});

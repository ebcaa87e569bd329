import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { findDominators } from "../../src/heap/dominators.ts";
import { FixtureHeap, readText } from "./heap_fixture.ts";

/** Names by dominator, for a graph that is written as `a: b c`, one node a line; the first is the root. */
function dominators(lines: string): Record<string, string> {
  const heap = new FixtureHeap();
  const rows = lines
    .trim()
    .split("\n")
    .map((line) =>
      line
        .trim()
        .split(/[:\s]+/)
        .filter((word) => word !== ""),
    );
  for (const [id] of rows) heap.add(id);
  for (const [id, ...held] of rows)
    for (const to of held) {
      const kind = to.startsWith("~") ? "weak" : to.startsWith("^") ? "shortcut" : "property";
      heap.edge(id, kind, "x", to.replace(/^[~^]/, ""));
    }
  return byName(heap);
}

function byName(heap: FixtureHeap): Record<string, string> {
  let numbers = new Uint32Array(0);
  const dominator = findDominators(readText(heap.text), (order) => {
    numbers = order.slice();
  });
  const ids = [...heap.nodes.keys()];
  const names: string[] = [];
  for (const [i, id] of ids.entries()) names[numbers[i]] = id;
  return Object.fromEntries(ids.map((id, i) => [id, names[dominator[numbers[i]]]]));
}

/** By definition: what is not reached when the dominator is left out; the nearest one of these. */
function byDefinition(heap: FixtureHeap): Record<string, string> {
  const ids = [...heap.nodes.keys()];
  const root = ids[0];
  const reached = (without: string | null): Set<string> => {
    const seen = new Set<string>();
    const visit = (start: string): void => {
      const waiting = [start];
      while (waiting.length > 0) {
        const id = waiting.pop()!;
        if (seen.has(id) || id === without) continue;
        seen.add(id);
        for (const [kind, , to] of heap.nodes.get(id)!.edges)
          if (kind !== "weak" && to !== id && (kind !== "shortcut" || id === root)) waiting.push(to);
      }
    };
    visit(root);
    return seen;
  };
  const all = reached(null);
  const found: Record<string, string> = { [root]: root };
  const dominated = new Map(
    ids.map((id) => [id, [...all].filter((other) => !reached(id).has(other) && other !== id)]),
  );
  for (const id of ids) {
    if (id === root || !all.has(id)) continue;
    // The nearest dominator has the most dominators itself.
    const above = ids.filter(
      (other) => other !== id && (other === root || dominated.get(other)!.includes(id)),
    );
    const depth = (other: string): number =>
      ids.filter((each) => dominated.get(each)!.includes(other)).length;
    found[id] = above.sort((a, b) => depth(b) - depth(a))[0];
  }
  return found;
}

test("a node that two hold belongs to the one that leads to both", () => {
  assertEquals(dominators("r: a b\na: c\nb: c\nc: d\nd:"), { r: "r", a: "r", b: "r", c: "r", d: "c" });
});

test("cycles, back edges and edges to itself change nothing", () => {
  assertEquals(dominators("r: a\na: b a\nb: c a\nc: b"), { r: "r", a: "r", b: "a", c: "b" });
});

test("weak edges do not hold, shortcuts hold from the root alone", () => {
  assertEquals(dominators("r: ^a b\na: ~c ^d\nb: c d\nc:\nd:"), { r: "r", a: "r", b: "r", c: "b", d: "b" });
});

test("what the root does not lead to belongs to the root, with what it holds below", () => {
  assertEquals(dominators("r: a\na: ~x\ny: z\nx: y\nz:"), { r: "r", a: "r", x: "r", y: "x", z: "y" });
});

test("a textbook's graph (Lengauer and Tarjan, figure 1)", () => {
  const graph =
    "r: a b c\na: d\nb: a d e\nc: f g\nd: l\ne: h\nf: i\ng: i j\nh: e k\ni: k\nj: i\nk: i r\nl: h";
  assertEquals(dominators(graph), {
    r: "r",
    a: "r",
    b: "r",
    c: "r",
    d: "r",
    e: "r",
    f: "c",
    g: "c",
    h: "r",
    i: "r",
    j: "g",
    k: "r",
    l: "d",
  });
});

test("graphs at random: what the definition says", () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % below;
  };
  for (let round = 0; round < 150; round++) {
    const size = 2 + random(14);
    const heap = new FixtureHeap();
    for (let i = 0; i < size; i++) heap.add(`n${i}`);
    for (let i = 1; i < size; i++) heap.edge(`n${random(i)}`, "property", "x", `n${i}`);
    const more = random(size * 2);
    for (let i = 0; i < more; i++) {
      const kind = (["property", "property", "property", "weak", "shortcut"] as const)[random(5)];
      heap.edge(`n${random(size)}`, kind, "x", `n${random(size)}`);
    }
    assertEquals(byName(heap), byDefinition(heap), heap.text);
  }
});

test("a list of 200,000 whose items share what the root holds, too, takes no quadratic time and no stack", () => {
  const count = 200_000;
  const nodes: number[] = [9, 0, 1, 0, 2, 0];
  const edges: number[] = [1, 1, 6, 1, 2, (count + 1) * 6];
  for (let i = 0; i < count; i++) {
    nodes.push(3, 0, 3 + 2 * i, 10, i === count - 1 ? 1 : 2, 0);
    if (i < count - 1) edges.push(2, 0, (i + 2) * 6);
    edges.push(2, 0, (count + 1) * 6);
  }
  nodes.push(3, 0, 3 + 2 * count, 5, 0, 0);
  const heap = new FixtureHeap().add("r").toJSON() as { snapshot: Record<string, unknown> } & Record<
    string,
    unknown
  >;
  const text = JSON.stringify({
    ...heap,
    snapshot: { ...heap.snapshot, node_count: count + 2, edge_count: edges.length / 3 },
    nodes,
    edges,
    strings: ["x"],
  });
  const dominator = findDominators(readText(text));
  let deepest = 0;
  for (let node = 1; node < dominator.length; node++) if (dominator[node] === node - 1) deepest++;
  assertEquals(deepest >= count - 1, true);
  assertEquals([...dominator].filter((above) => above === 0).length, 3); // the root's own, the list's head, what all share
});

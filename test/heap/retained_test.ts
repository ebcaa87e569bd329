import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { findDominators } from "../../src/heap/dominators.ts";
import type { HeapGraph } from "../../src/heap/heap_graph.ts";
import { setAsideForeignHolders } from "../../src/heap/page_owned.ts";
import { nestedInGroup, retainedSizes } from "../../src/heap/retained.ts";
import { weakenTables } from "../../src/heap/weak_maps.ts";
import { FixtureHeap, readText } from "./heap_fixture.ts";

// root → app (10) → cache (20) → a (1), b (2); a → shared (100), b → shared; b → own (1000); root → log (5) → own2 (7)
const HEAP = new FixtureHeap()
  .add("root", { kind: "synthetic" })
  .add("app", { size: 10 })
  .add("cache", { size: 20 })
  .add("a", { size: 1 })
  .add("b", { size: 2 })
  .add("shared", { size: 100 })
  .add("own", { size: 1000 })
  .add("log", { size: 5 })
  .add("own2", { size: 7 })
  .edge("root", "property", "app", "app")
  .edge("root", "property", "log", "log")
  .edge("app", "property", "cache", "cache")
  .edge("cache", "element", 0, "a")
  .edge("cache", "element", 1, "b")
  .edge("a", "property", "s", "shared")
  .edge("b", "property", "s", "shared")
  .edge("b", "property", "o", "own")
  .edge("own", "property", "up", "app")
  .edge("log", "property", "o", "own2")
  .edge("log", "weak", "w", "own");

function numbered(): { graph: HeapGraph; dominator: Uint32Array; number: (id: string) => number } {
  let numbers = new Uint32Array(0);
  const graph = readText(HEAP.text);
  const dominator = findDominators(graph, (order) => {
    numbers = order.slice();
  });
  return { graph, dominator, number: (id) => numbers[HEAP.indexOf(id)] };
}

test("an object retains what goes with it", () => {
  const { graph, dominator, number } = numbered();
  const retained = retainedSizes(dominator, graph.sizes);
  const expected = {
    root: 1145,
    app: 1133,
    cache: 1123,
    a: 1,
    b: 1002,
    shared: 100,
    own: 1000,
    log: 12,
    own2: 7,
  };
  for (const [id, size] of Object.entries(expected)) assertEquals([id, retained[number(id)]], [id, size]);
});

test("an object below another one of its group is counted with that one", () => {
  const { graph, dominator, number } = numbered();
  const groups = new Uint32Array(graph.nodeCount);
  for (const [id, group] of [
    ["app", 1],
    ["b", 1],
    ["own", 2],
    ["shared", 1],
    ["log", 2],
    ["own2", 3],
  ] as const)
    groups[number(id)] = group;
  const nested = nestedInGroup(dominator, groups, 3);
  const found = [...HEAP.nodes.keys()].filter((id) => nested[number(id)] === 1);
  assertEquals(found, ["b", "shared"]);
});

test("what the global objects lead to is theirs, whoever else holds it", () => {
  const heap = new FixtureHeap()
    .add("root", { kind: "synthetic" })
    .add("global", { size: 1 })
    .add("handles", { size: 2 });
  heap.add("app", { size: 10 }).add("own", { size: 5 }).add("foreign", { size: 7 });
  heap
    .edge("root", "shortcut", "1", "global")
    .edge("root", "element", 1, "handles")
    .edge("global", "property", "app", "app");
  heap
    .edge("app", "property", "own", "own")
    .edge("handles", "internal", "1", "own")
    .edge("handles", "internal", "2", "foreign");
  const retained = retainedByName(heap);
  assertEquals(retained, { root: 25, global: 16, handles: 9, app: 15, own: 5, foreign: 7 });
});

test("the value of a WeakMap's entry goes with its key, a symbol too, and not with the table", () => {
  const heap = new FixtureHeap()
    .add("root", { kind: "synthetic" })
    .add("map")
    .add("table", { kind: "array", name: "" });
  heap.edge("root", "property", "m", "map").edge("map", "internal", "table", "table");
  for (const [kind, size] of [
    ["object", 10],
    ["symbol", 20],
    ["closure", 40],
  ] as const) {
    heap.add(kind, { kind }).add(`${kind} value`, { size }).edge("root", "property", kind, kind);
    const pair = `part of key (x @1) -> value (y @2) pair in WeakMap (table @7)`;
    heap
      .edge(kind, "internal", `1 / ${pair}`, `${kind} value`)
      .edge("table", "internal", `2 / ${pair}`, `${kind} value`);
  }
  const retained = retainedByName(heap);
  assertEquals([retained.object, retained.symbol, retained.closure, retained.map], [10, 20, 40, 0]);
});

function retainedByName(heap: FixtureHeap): Record<string, number> {
  const graph = readText(heap.text);
  setAsideForeignHolders(graph);
  weakenTables(graph);
  let numbers = new Uint32Array(0);
  const dominator = findDominators(graph, (order) => {
    numbers = order.slice();
  });
  const retained = retainedSizes(dominator, graph.sizes);
  return Object.fromEntries([...heap.nodes.keys()].map((id, i) => [id, retained[numbers[i]]]));
}

/** What the root no longer leads to when an object is taken out: by the definition, with no dominators. */
function goneWithout(heap: FixtureHeap, gone: string): Set<string> {
  const [root] = heap.nodes.keys();
  const reached = new Set<string>();
  const waiting = gone === root ? [] : [root];
  while (waiting.length > 0) {
    const id = waiting.pop()!;
    if (reached.has(id)) continue;
    reached.add(id);
    for (const [kind, , to] of heap.nodes.get(id)!.edges)
      if (kind !== "weak" && (kind !== "shortcut" || id === root) && to !== gone) waiting.push(to);
  }
  return new Set([...heap.nodes.keys()].filter((id) => !reached.has(id)));
}

test("heaps at random: an object retains what is gone without it, and a line what is gone with one of its objects, once", () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % below;
  };
  for (let round = 0; round < 60; round++) {
    const count = 2 + random(40);
    const heap = new FixtureHeap();
    for (let i = 0; i < count; i++) heap.add(`n${i}`, { size: 1 + random(1000) });
    for (let i = 1; i < count; i++) heap.edge(`n${random(i)}`, "property", "x", `n${i}`);
    for (let i = random(count * 2); i > 0; i--) {
      const kind = (["property", "internal", "context", "weak", "shortcut"] as const)[random(5)];
      heap.edge(`n${random(count)}`, kind, "x", `n${random(count)}`);
    }
    const ids = [...heap.nodes.keys()];
    const sizeOf = (gone: Iterable<string>): number =>
      [...gone].reduce((sum, id) => sum + heap.nodes.get(id)!.size, 0);
    let numbers = new Uint32Array(0);
    const graph = readText(heap.text);
    const dominator = findDominators(graph, (order) => {
      numbers = order.slice();
    });
    const retained = retainedSizes(dominator, graph.sizes);
    assertEquals(
      ids.map((_, i) => retained[numbers[i]]),
      ids.map((id) => sizeOf(goneWithout(heap, id))),
      heap.text,
    );
    // Three lines; 0: no line made it.
    const groups = new Uint32Array(count);
    for (let i = 1; i < count; i++) groups[numbers[i]] = random(4);
    const nested = nestedInGroup(dominator, groups, 3);
    for (const line of [1, 2, 3]) {
      const own = ids.filter((_, i) => groups[numbers[i]] === line);
      const sum = own
        .map((id) => numbers[ids.indexOf(id)])
        .filter((node) => nested[node] === 0)
        .reduce((all, node) => all + retained[node], 0);
      const gone = new Set(own.flatMap((id) => [...goneWithout(heap, id)]));
      assertEquals(sum, sizeOf(gone), heap.text);
    }
  }
});

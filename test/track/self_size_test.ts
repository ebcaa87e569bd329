// The size model against what the engine says of single objects: self sizes in a heap snapshot (Node and Deno), where they
// must agree to the byte, and `estimateShallowMemoryUsageOf` (Bun), which knows the cells of objects alone.
import { test } from "node:test";
import { getHeapSnapshot } from "node:v8";
import { assert, assertEquals } from "@std/assert";
import { HeapSnapshot } from "../../bench/accuracy/heap_snapshot.ts";
import { closureParameter } from "../../src/sites/closure_parameter.ts";
import { sizes, staticSize } from "../../src/track/sizes/size.ts";
import { grownSizes } from "../../src/track/sizes/size_grown.ts";
import { useOwnSizes } from "../../src/track/sizes/size_models.ts";
import { bytesOf } from "../../src/track/sizes/size_primitives.ts";
import { Kind } from "../../src/vocabulary/kinds.ts";
import { engine } from "./heap_cost.ts";

useOwnSizes();

interface Case {
  readonly make: (i: number) => unknown;
  readonly model: number;
  /** The context is the function's own, and in the model. */
  readonly withContext?: boolean;
}

/** Enough for V8 to know how much room the instances of a class need. */
const OBJECTS = 12;

const literal = (n: number): ((i: number) => unknown) =>
  new Function("i", `return {${Array.from({ length: n }, (_, k) => `p${k}: i`).join()}}`) as (
    i: number,
  ) => unknown;

function evaluate(body: string): (i: number) => unknown {
  return new Function("i", body) as (i: number) => unknown;
}

function filled<T>(empty: () => T, add: (to: T, i: number) => void, size: number): () => T {
  return () => {
    const container = empty();
    for (let i = 0; i < size; i++) add(container, i);
    return container;
  };
}

function per(name: string, counts: readonly number[], make: (n: number) => Case): Record<string, Case> {
  return Object.fromEntries(counts.map((n) => [`${name} ${n}`, make(n)]));
}

const closure = (contexts: number, slots: number, count = 0): number =>
  staticSize(Kind.closure, closureParameter(count, { contexts, slots }));

class Point {
  x = 1;
  y = 2;
}
class Pixel extends Point {
  color = 3;
}
class Late {
  [key: string]: number;
}
const late = (): Late => {
  const made = new Late();
  for (const key of ["a", "b", "c"]) made[key] = 1;
  return made;
};
const filler = {};
const buffer = new ArrayBuffer(64);
const text = (length: number, of: string): ((i: number) => string) => {
  return (i) => [...String(i).padStart(2, "0"), ...of.repeat(length - 2)].join("");
};
const fills = [0, 1, 4, 5, 8, 9, 17, 65];

const CASES: Readonly<Record<string, Case>> = {
  ...per("literal of", [0, 1, 2, 4, 7, 20, 60], (n) => ({ make: literal(n), model: sizes.object(n) })),
  ...per("JSON.parse of", [1, 3, 5, 12], (n) => {
    const json = JSON.stringify(Object.fromEntries(Array.from({ length: n }, (_, k) => [`k${k}`, k])));
    return { make: () => JSON.parse(json), model: sizes.copiedObject(n) };
  }),
  spread: { make: (i) => ({ ...{ a: i, b: i } }), model: sizes.copiedObject(2) },
  "no prototype": { make: () => Object.create(null), model: sizes.nullObject(0) },
  ...per("keyed stores of", [6, 8, 30], (n) => ({
    make: filled(
      () => ({}) as Record<string, number>,
      (to, i) => (to[`k${i}`] = i),
      n,
    ),
    model: grownSizes(sizes).grownObject(0, n),
  })),
  "instance of a class": { make: () => new Point(), model: sizes.instance(2) },
  "instance of a derived class": { make: () => new Pixel(), model: sizes.instance(3) },
  "instance with late properties": { make: late, model: sizes.instance(3) },
  "[]": { make: () => [], model: sizes.array(0) },
  "packed array": { make: (i) => [i, filler, filler], model: sizes.array(3) },
  "holey array": { make: evaluate("return [i,,i]"), model: sizes.array(3) },
  "array of doubles": { make: (i) => [i + 0.5, i + 0.25], model: sizes.array(2) },
  "pre-sized array": { make: () => new Array(100), model: sizes.array(100) },
  ...per("pushed", [1, 17, 18, 50, 100], (n) => ({
    make: filled(
      () => [] as unknown[],
      (to) => to.push(filler),
      n,
    ),
    model: grownSizes(sizes).grownArray(0, n),
  })),
  arrow: { make: () => () => 1, model: closure(0, 0) },
  "closure with a context": {
    make: evaluate("let a = i, b = i; return () => a + b"),
    model: closure(1, 2),
    withContext: true,
  },
  // biome-ignore lint/complexity/useArrowFunction: it has a prototype
  function: { make: () => function () {}, model: closure(0, 0, 1) },
  ...per("Map of", fills, (n) => ({
    make: filled(
      () => new Map<number, number>(),
      (to, i) => to.set(i, i),
      n,
    ),
    model: sizes.map(n),
  })),
  ...per("Set of", fills, (n) => ({
    make: filled(
      () => new Set<number>(),
      (to, i) => to.add(i),
      n,
    ),
    model: sizes.set(n),
  })),
  Date: { make: (i) => new Date(i), model: sizes.date },
  WeakRef: { make: () => new WeakRef(filler), model: sizes.weakRef },
  boxed: { make: () => Object(1), model: sizes.boxed },
  ArrayBuffer: { make: () => new ArrayBuffer(8), model: sizes.arrayBuffer },
  view: { make: () => new Uint8Array(buffer), model: sizes.typedArray },
  DataView: { make: () => new DataView(buffer), model: sizes.dataView },
  ...per("one-byte string of", [3, 8, 20, 21, 100], (n) => ({
    make: text(n, "x"),
    model: sizes.flatString(bytesOf("x".repeat(n))),
  })),
  ...per("two-byte string of", [3, 20, 100], (n) => ({
    make: text(n, "한"),
    model: sizes.flatString(bytesOf("한".repeat(n))),
  })),
};

/** Parts of their own in a snapshot that belong to the object alone. */
const STORES = new Set(["elements", "properties", "table"]);

/** What Bun's answer knows: no elements, tables, environments and properties out of the object. */
const CELLS =
  /^(?:literal of \d+|JSON.parse of [135]|no prototype|instance of .*|arrow|function|(?:Map|Set) of 0|Date|WeakRef|boxed|DataView)$/;

class SelfSizeCases {
  readonly lists: object;
  constructor(lists: object) {
    this.lists = lists;
  }
}

async function heapSnapshot(): Promise<HeapSnapshot> {
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  for await (const chunk of getHeapSnapshot() as AsyncIterable<Uint8Array | string>)
    chunks.push(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
  return new HeapSnapshot(chunks.join(""));
}

function child(snapshot: HeapSnapshot, node: number, type: string, name: string): number {
  const found = snapshot.edges(node).find((edge) => edge.type === type && edge.name === name);
  if (found === undefined) throw new Error(`${snapshot.name(node)} has no ${type} ${name}`);
  return found.to;
}

/** The object with what it alone holds. */
function sizeOf(snapshot: HeapSnapshot, node: number, withContext: boolean): number {
  const parts = snapshot
    .edges(node)
    .filter(
      ({ type, name }) => type === "internal" && (STORES.has(name) || (withContext && name === "context")),
    );
  return parts.reduce((sum, { to }) => sum + snapshot.selfSize(to), snapshot.selfSize(node));
}

if (engine === "v8") {
  test("self sizes in a heap snapshot are the model's, to the byte", async () => {
    const lists = Object.entries(CASES).map(([, { make }]) =>
      Array.from({ length: OBJECTS }, (_, i) => make(i)),
    );
    const cases = new SelfSizeCases(lists);
    const snapshot = await heapSnapshot();
    const holders = Array.from({ length: snapshot.length }, (_, node) => node).filter(
      (node) => snapshot.type(node) === "object" && snapshot.name(node) === "SelfSizeCases",
    );
    // The prototype bears the class's name, too.
    const holder = holders.find((node) => snapshot.edges(node).some(({ name }) => name === "lists"))!;
    const all = child(snapshot, holder, "property", "lists");
    const wrong = Object.entries(CASES).flatMap(([name, { model, withContext = false }], index) => {
      const list = child(snapshot, all, "element", String(index));
      const last = child(snapshot, list, "element", String(OBJECTS - 1));
      const measured = sizeOf(snapshot, last, withContext);
      return measured === model ? [] : [`${name}: model ${model}, engine ${measured}`];
    });
    assertEquals(wrong, []);
    assert(cases.lists === lists);
  });
} else {
  test("cells are what estimateShallowMemoryUsageOf says they are", async () => {
    const name = "bun:jsc";
    const { estimateShallowMemoryUsageOf: estimate } = (await import(name)) as {
      estimateShallowMemoryUsageOf(value: unknown): number;
    };
    const cells = Object.entries(CASES).filter(([label]) => CELLS.test(label));
    assert(cells.length > 20);
    const wrong = cells.flatMap(([label, { make, model }]) => {
      for (let i = 0; i < OBJECTS; i++) make(i);
      const measured = estimate(make(1));
      return measured === model ? [] : [`${label}: model ${model}, engine ${measured}`];
    });
    assertEquals(wrong, []);
  });
}

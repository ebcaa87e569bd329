// Classes are measured again when a snapshot is taken, against V8's own sizes of what the same text made untraced.
import { test } from "node:test";
import { getHeapSnapshot } from "node:v8";
import { assertEquals } from "@std/assert";
import { HeapSnapshot } from "../../../bench/accuracy/heap_snapshot.ts";
import { collect, start, stop, takeSnapshot } from "../../../mod.ts";
import { askV8 } from "../../../src/host/v8_answers.ts";
import { sizes } from "../../../src/track/sizes/size.ts";
import { importText, instrumented } from "../../instrumented.ts";

const methods = (count: number): string =>
  Array.from({ length: count }, (_, i) => `m${i}() { return ${i}; }`).join(" ");

/** Each is used before it is measured: instances are made, and asked for properties, which makes dictionaries of prototypes fast. */
const USED: Readonly<Record<string, string>> = {
  "without anything": "class {}",
  "with a method": "class { m() {} }",
  "with twenty methods": `class { ${methods(20)} }`,
  "with a constructor": "class { constructor() { this.x = 1; } m() {} }",
  "with fields": "class { x = 1; y = 2; m() {} }",
  "with private fields": "class { #x = 1; m() { return this.#x; } }",
  "with accessors": "class { get a() { return 1; } set a(to) {} get b() { return 2; } m() {} }",
  "with static methods": "class { static a() {} static get b() { return 1; } }",
  "with static fields": "class { static a = 1; static b = 2; static m() {} x = 1; }",
  "derived from another": "class extends Base { z = 1; m() {} }",
};

/** Of these an instance is made, and nothing is asked of it: their prototypes stay the dictionaries that V8 makes of prototypes first. */
const UNUSED: Readonly<Record<string, string>> = {
  "dictionary with a constructor": "class {}",
  "dictionary with 24 methods": `class { ${methods(24)} }`,
  "dictionary with accessors": "class { get a() { return 1; } get b() { return 2; } m() {} }",
};

const SOURCE = `
  class Base { base() {} }
  const use = (Made) => { for (let i = 0; i < 20; i++) { const o = new Made(); for (const k of ["m", "x", "y", "q"]) o[k]; o.m?.(); } return Made; };
  const once = (Made) => { new Made(); Object.setPrototypeOf({}, Made.prototype); return Made; };
  export const classes = [
    ${Object.values(USED)
      .map((text) => `use(${text})`)
      .join(",\n    ")},
    ${Object.values(UNUSED)
      .map((text) => `once(${text})`)
      .join(",\n    ")},
  ];`;
/** Of the first class. */
const FIRST_LINE = 6;
const NAMES = [...Object.keys(USED), ...Object.keys(UNUSED)];

class ClassSizeLists {
  readonly classes: readonly unknown[];
  constructor(classes: readonly unknown[]) {
    this.classes = classes;
  }
}

async function heapSnapshot(): Promise<HeapSnapshot> {
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  for await (const chunk of getHeapSnapshot() as AsyncIterable<Uint8Array>)
    chunks.push(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
  return new HeapSnapshot(chunks.join(""));
}

/** A class with its `prototype`, their stores, hidden classes and functions. */
function sizeInHeap(heap: HeapSnapshot, node: number): number {
  const part = (of: number, name: string): number[] =>
    heap
      .edges(of)
      .filter((edge) => edge.type === "internal" && edge.name === name)
      .map(({ to }) => to);
  const prototype = heap
    .edges(node)
    .find(({ type, name }) => type === "property" && name === "prototype")!.to;
  const objects = [node, prototype];
  const shapes = [...objects.flatMap((each) => part(each, "map")), ...part(node, "initial_map")];
  // That of instances belongs to the hidden classes which follow it.
  const descriptors = objects.flatMap((each) => part(each, "map").flatMap((map) => part(map, "descriptors")));
  const functions = objects.flatMap((each) =>
    heap
      .edges(each)
      .filter(
        ({ type, name, to }) => type === "property" && name !== "__proto__" && heap.type(to) === "closure",
      )
      .map(({ to }) => to),
  );
  const parts = new Set([
    ...objects,
    ...objects.flatMap((each) => part(each, "properties")),
    ...shapes,
    ...descriptors,
    ...functions,
  ]);
  return [...parts].reduce((sum, each) => sum + heap.selfSize(each), 0);
}

async function sizesUntraced(): Promise<number[]> {
  const { classes } = await importText(SOURCE);
  const held = new ClassSizeLists(classes as unknown[]);
  const heap = await heapSnapshot();
  const child = (node: number, name: string): number =>
    heap.edges(node).find((edge) => edge.type !== "internal" && edge.name === name)!.to;
  const holder = Array.from({ length: heap.length }, (_, node) => node).find(
    (node) => heap.name(node) === "ClassSizeLists" && heap.edges(node).some(({ name }) => name === "classes"),
  )!;
  return held.classes.map((_, index) => sizeInHeap(heap, child(child(holder, "classes"), String(index))));
}

async function sizesTraced(sampling: "exact" | "adaptive"): Promise<number[]> {
  start({ sampling });
  try {
    const { classes } = await instrumented(SOURCE);
    await collect();
    const bytes = new Map<number, number>();
    for (const { domain, type, size, traceback } of takeSnapshot().traces) {
      const { lineno } = traceback.at(-1)!;
      if (domain === 0 && type === "class") bytes.set(lineno, (bytes.get(lineno) ?? 0) + size);
    }
    return (classes as unknown[]).map((_, index) => bytes.get(FIRST_LINE + index) ?? 0);
  } finally {
    stop();
  }
}

for (const sampling of ["exact", "adaptive"] as const) {
  test(`${sampling}: classes are as large as V8 says, to the byte`, {
    skip: askV8() === null && "the engine does not tell",
  }, async () => {
    const [traced, truth] = [await sizesTraced(sampling), await sizesUntraced()];
    const named = (bytes: readonly number[]): object =>
      Object.fromEntries(NAMES.map((name, i) => [name, bytes[i]]));
    // The variable that a private name is.
    truth[NAMES.indexOf("with private fields")]! += sizes.context(1);
    assertEquals(named(traced), named(truth));
  });
}

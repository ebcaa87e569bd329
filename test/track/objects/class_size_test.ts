// Classes are measured again when a snapshot is taken, against V8's own sizes of what the same text made untraced.
import { test } from "node:test";
import { getHeapSnapshot } from "node:v8";
import { assert, assertEquals } from "@std/assert";
import { HeapSnapshot } from "../../../bench/accuracy/heap_snapshot.ts";
import { collect, start, stop, takeSnapshot } from "../../../mod.ts";
import { askV8 } from "../../../src/host/v8_answers.ts";
import { sizes } from "../../../src/track/sizes/size.ts";
import { v8Stores } from "../../../src/track/sizes/v8_stores.ts";
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

const made = (text: string): string => `(() => { function F() {} ${text} })()`;

/** Functions whose \`prototype\` the program asks for. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  "a prototype with a method": made("F.prototype.m = function () {}; new F(); return use(F);"),
  "a prototype with seven properties": made(
    "const { prototype } = F; new F(); F.prototype.a = 1; for (const k of 'bcdefg') prototype[k] = 1; return use(F);",
  ),
  "a dictionary with seven properties": made(
    "const { prototype } = F; new F(); F.prototype.a = 1; for (const k of 'bcdefg') prototype[k] = 1; return F;",
  ),
  "properties of its own, too": made(
    "F.a = 1; F.b = 2; F.prototype.m = function () {}; new F(); return use(F);",
  ),
  "a prototype that nobody has used": made(
    "F.prototype.m = function () {}; Object.setPrototypeOf({}, F.prototype); return F;",
  ),
  "held by a variable":
    "(() => { const G = function () {}; G.prototype.m = function () {}; new G(); return use(G); })()",
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
    ${Object.values(FUNCTIONS).join(",\n    ")},
  ];
  export const alone = (() => { function F() {} F.a = 1; return F; })();
  export const exported = [Exported];
  function Exported() {} Exported.prototype.m = function () {};
  export { Exported };`;
/** Of the first class. */
const FIRST_LINE = 6;
const NAMES = [USED, UNUSED, FUNCTIONS].flatMap((kind) => Object.keys(kind));

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
function sizeInHeap(heap: HeapSnapshot, node: number, owners: ReadonlyMap<number, number>): number {
  const part = (of: number, name: string): number[] =>
    heap
      .edges(of)
      .filter((edge) => edge.type === "internal" && edge.name === name)
      .map(({ to }) => to);
  const prototype = heap
    .edges(node)
    .find(({ type, name }) => type === "property" && name === "prototype")!.to;
  const objects = [node, prototype];
  // What functions share belongs to nobody, and that of instances to the hidden classes which follow it.
  const own = (nodes: readonly number[]): number[] => nodes.filter((each) => owners.get(each) === 1);
  const shapes = own(objects.flatMap((each) => part(each, "map")));
  const descriptors = own(shapes.flatMap((map) => part(map, "descriptors")));
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
    ...own(objects.flatMap((each) => part(each, "properties"))),
    ...shapes,
    ...part(node, "initial_map"),
    ...descriptors,
    ...functions,
  ]);
  return [...parts].reduce((sum, each) => sum + heap.selfSize(each), 0);
}

/** How many have a hidden class, its list of properties, or what values are kept in. */
function ownersIn(heap: HeapSnapshot): Map<number, number> {
  const owners = new Map<number, number>();
  for (let node = 0; node < heap.length; node++)
    for (const { type, name, to } of heap.edges(node))
      if (type === "internal" && /^(?:map|initial_map|descriptors|properties)$/.test(name))
        owners.set(to, (owners.get(to) ?? 0) + 1);
  return owners;
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
  const owners = ownersIn(heap);
  return held.classes.map((_, index) => {
    const size = sizeInHeap(heap, child(child(holder, "classes"), String(index)), owners);
    // With the variable that a private name is.
    return NAMES[index] === "with private fields" ? size + sizes.context(1) : size;
  });
}

async function sizesTraced(sampling: "exact" | "adaptive"): Promise<number[]> {
  start({ sampling });
  try {
    const { classes } = await instrumented(SOURCE);
    await collect();
    const bytes = new Map<number, number>();
    for (const { domain, type, size, traceback } of takeSnapshot().traces) {
      const { lineno } = traceback.at(-1)!;
      if (domain === 0 && (type === "class" || type === "closure"))
        bytes.set(lineno, (bytes.get(lineno) ?? 0) + size);
    }
    assertEquals(bytes.get(FIRST_LINE + NAMES.length + 1), sizes.closure(true) + v8Stores(8).list(3));
    // Two functions, and a `prototype` of at least four places.
    assert(bytes.get(FIRST_LINE + NAMES.length + 3)! > 2 * sizes.closure(true) + 7 * 8);
    return (classes as unknown[]).map((_, index) => bytes.get(FIRST_LINE + index) ?? 0);
  } finally {
    stop();
  }
}

/** Functions that are there already would share hidden classes. */
let truth: number[] | undefined;

for (const sampling of ["exact", "adaptive"] as const) {
  test(`${sampling}: classes are as large as V8 says, to the byte`, {
    skip: askV8() === null && "the engine does not tell",
  }, async () => {
    truth ??= await sizesUntraced();
    const traced = await sizesTraced(sampling);
    const named = (bytes: readonly number[]): object =>
      Object.fromEntries(NAMES.map((name, i) => [name, bytes[i]]));
    assertEquals(named(traced), named(truth));
  });
}

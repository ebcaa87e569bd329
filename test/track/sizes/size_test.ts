// The size model against the engine's own answer: the heap's growth per object. Tolerance: 6 bytes or 8 %, whichever is
// more (allocation buffers, pages and lists of the engine's own come with it).
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { closureParameter } from "../../../src/sites/closure_parameter.ts";
import { sizes, staticSize } from "../../../src/track/sizes/size.ts";
import { grownSizes } from "../../../src/track/sizes/size_grown.ts";
import { sizeModel, useOwnSizes } from "../../../src/track/sizes/size_models.ts";
import { Kind } from "../../../src/vocabulary/kinds.ts";
import { engine, heapCost } from "../heap_cost.ts";

useOwnSizes();

const TOLERANCE_BYTES = 6;
const TOLERANCE = 0.08;

interface Case {
  readonly make: (i: number) => unknown;
  readonly model: number;
  readonly count?: number;
}

function holds(name: string, cases: Readonly<Record<string, Case>>): void {
  test(name, () => {
    const wrong: string[] = [];
    for (const [label, { make, model, count }] of Object.entries(cases)) {
      let measured = 0;
      // What else the runtime allocates meanwhile comes on top: a second look tells it from a wrong model.
      const isRight = (): boolean => {
        measured = heapCost(make, count);
        return Math.abs(measured - model) <= Math.max(TOLERANCE_BYTES, TOLERANCE * measured);
      };
      if (!isRight() && !isRight() && !isRight())
        wrong.push(`${label}: model ${model}, engine ${measured.toFixed(1)}`);
    }
    assertEquals(wrong, []);
  });
}

/** A function of `i` in source text: literals of a given size. */
function evaluate(body: string): (i: number) => unknown {
  return new Function("i", body) as (i: number) => unknown;
}

function literal(properties: number): (i: number) => unknown {
  return evaluate(`return {${Array.from({ length: properties }, (_, k) => `p${k}:i`).join()}}`);
}

function filled<T>(empty: () => T, add: (to: T, i: number) => void, size: number): () => T {
  return () => {
    const container = empty();
    for (let i = 0; i < size; i++) add(container, i);
    return container;
  };
}

const forSizes = (sizes: readonly number[], make: (size: number) => Case): Record<string, Case> =>
  Object.fromEntries(sizes.map((size) => [`${size}`, make(size)]));

holds(
  "object literals by the number of properties",
  forSizes([0, 1, 2, 4, 6, 7, 10, 20, 40], (n) => ({ make: literal(n), model: sizes.object(n) })),
);

holds(
  "large literals: dictionaries on V8",
  forSizes([100, 200, 300], (n) => ({ make: literal(n), model: sizes.object(n), count: 300 })),
);

holds("objects that grow", {
  "named 6": { make: filledObject(6), model: grownSizes(sizes).grownObject(0, 6) },
  "named 8": { make: filledObject(8), model: grownSizes(sizes).grownObject(0, 8) },
  "keyed 30": { make: filledObject(30), model: grownSizes(sizes).grownObject(0, 30), count: 500 },
  ...(engine === "v8" && {
    "keyed 200": { make: filledObject(200), model: grownSizes(sizes).grownObject(0, 200), count: 100 },
  }),
});

function filledObject(properties: number): () => unknown {
  return () => {
    const object: Record<string, number> = {};
    for (let k = 0; k < properties; k++) object[`key${k}`] = k;
    return object;
  };
}

class Empty {}
class Point {
  x = 1;
  y = 2;
}
class Wide {
  a = 1;
  b = 1;
  c = 1;
  d = 1;
  e = 1;
  f = 1;
  g = 1;
  h = 1;
}
class Pixel extends Point {
  color = 3;
}

holds("copies, instances and objects without a prototype", {
  null: { make: () => Object.create(null), model: sizes.nullObject(0) },
  empty: { make: () => new Empty(), model: sizes.instance(0) },
  point: { make: () => new Point(), model: sizes.instance(2) },
  wide: { make: () => new Wide(), model: sizes.instance(8) },
  ...(engine === "v8" && { derived: { make: () => new Pixel(), model: sizes.instance(3) } }),
});

const filler = {};
holds("arrays as they are made", {
  "[]": { make: () => [], model: sizes.array(0) },
  "[i]": { make: (i) => [i], model: sizes.array(1) },
  "[i × 3]": { make: (i) => [i, i, i], model: sizes.array(3) },
  "[object × 5]": { make: () => [filler, filler, filler, filler, filler], model: sizes.array(5) },
  "[i × 10]": { make: (i) => [i, i, i, i, i, i, i, i, i, i], model: sizes.array(10) },
  holes: { make: evaluate("return [i,,i]"), model: sizes.array(3) },
  doubles: { make: (i) => [i + 0.5, i + 0.25, i + 0.125], model: sizes.array(3) },
  "new Array(100)": { make: () => new Array(100), model: sizes.array(100) },
  "map of 5": { make: (i) => [i, 2, 3, 4, 5].map((x) => x), model: sizes.array(5) },
  spread: { make: (i) => [...[i, i, i]], model: sizes.array(3) },
});

holds("literals of constants share their elements", {
  numbers: { make: () => [1, 2, 3, 4, 5, 6, 7, 8], model: sizes.constantArray(8) },
  strings: { make: () => ["a", "b", "c"], model: sizes.constantArray(3) },
});

holds(
  "arrays that grow by pushing",
  forSizes([1, 10, 17, 18, 50, 100, 200], (n) => ({
    make: filled(
      () => [] as unknown[],
      (array) => array.push(filler),
      n,
    ),
    model: grownSizes(sizes).grownArray(0, n),
    count: 500,
  })),
);

const closure = (contexts: number, slots: number, count = 0): number =>
  staticSize(Kind.closure, closureParameter(count, { contexts, slots }));

holds("closures and their contexts", {
  arrow: { make: () => () => 1, model: staticSize(Kind.closure, 0) },
  // biome-ignore lint/complexity/useArrowFunction: it has a prototype
  function: { make: () => function () {}, model: staticSize(Kind.closure, 1) },
  async: { make: () => async () => 1, model: staticSize(Kind.closure, 0) },
  generator: { make: () => function* () {}, model: staticSize(Kind.closure, 1) },
  "one variable": { make: evaluate("let a = i; return () => a"), model: closure(1, 1) },
  "three variables": {
    make: evaluate("let a = i, b = i, c = i; return () => a + b + c"),
    model: closure(1, 3),
  },
  "two contexts": { make: evaluate("let a = i; { let b = i; return () => a + b }"), model: closure(2, 2) },
});

const classWith = (methods: number): (() => unknown) =>
  evaluate(
    `return class { ${Array.from({ length: methods }, (_, k) => `m${k}() {}`).join(" ")} }`,
  ) as () => unknown;

holds(
  "classes by the number of methods",
  forSizes([0, 1, 3, 10], (n) => ({ make: classWith(n), model: staticSize(Kind.class, n), count: 500 })),
);

const fills = [0, 1, 4, 5, 8, 9, 16, 17, 33, 65];
holds(
  "Map by fill",
  forSizes(fills, (n) => ({
    make: filled(
      () => new Map<number, number>(),
      (map, i) => map.set(i, i),
      n,
    ),
    model: sizes.map(n),
    count: 500,
  })),
);
holds(
  "Set by fill",
  forSizes(fills, (n) => ({
    make: filled(
      () => new Set<number>(),
      (set, i) => set.add(i),
      n,
    ),
    model: sizes.set(n),
    count: 500,
  })),
);

const buffer = new ArrayBuffer(64);
holds("built-in objects", {
  Date: { make: () => new Date(), model: sizes.date },
  // Node's test runner follows promises by async_hooks, which puts properties on each.
  ...(("Deno" in globalThis || engine === "jsc") && {
    Promise: { make: () => new Promise(() => {}), model: sizes.promise },
  }),
  WeakMap: { make: () => new WeakMap(), model: sizes.weakMap },
  WeakSet: { make: () => new WeakSet(), model: sizes.weakSet },
  WeakRef: { make: () => new WeakRef(filler), model: sizes.weakRef },
  boxed: { make: () => Object(1), model: sizes.boxed },
  view: { make: () => new Uint8Array(buffer), model: sizes.typedArray },
  DataView: { make: () => new DataView(buffer), model: sizes.dataView },
});

test("regular expressions: 48 bytes from V8 15 on, 56 before, 32 on JavaScriptCore", () => {
  const measured = heapCost(() => /abc/);
  assert(
    Math.abs(measured - sizes.regexp) <= 8 + TOLERANCE_BYTES,
    `engine ${measured}, model ${sizes.regexp}`,
  );
});

test("a view with a buffer of its own, as the tracker sees it: the buffer's bytes are another domain's", () => {
  const bytes = 8;
  const measured = heapCost(() => {
    const view = new Uint8Array(bytes);
    void view.buffer; // takes the bytes off the heap on V8
    return view;
  });
  const model = sizes.typedArray + sizes.arrayBuffer;
  const inHeap = engine === "jsc" ? bytes : 0;
  assert(Math.abs(measured - inHeap - model) <= 8, `engine ${measured}, model ${model}`);
});

test("errors grow with the stack that they capture", () => {
  assert(sizes.error(10) >= sizes.error(1));
  const shallow = heapCost(() => new Error("x"), 500);
  // V8 notes a frame in 48 bytes (15.0: 92); how many there are here is the test runner's business.
  const most = sizes.error(10) * 2.5;
  assert(shallow >= sizes.error(0) - TOLERANCE_BYTES || engine === "jsc", `engine ${shallow}`);
  assert(shallow <= most, `engine ${shallow}, model ${sizes.error(10)}`);
});

test("compressed pointers halve what is made of words", () => {
  const plain = sizeModel("v8");
  const compressed = sizeModel("v8-compressed");
  for (const n of [1, 4, 10]) {
    assertEquals(compressed.object(n), plain.object(n) / 2);
    assertEquals(compressed.array(n), plain.array(n) / 2);
    assertEquals(compressed.map(n), plain.map(n) / 2);
  }
  assertEquals(plain.closure(false), 56);
  assertEquals(compressed.closure(false), 28);
});

test("every engine has a size above 0 for everything", () => {
  for (const engine of ["v8", "v8-compressed", "jsc", "spidermonkey"] as const) {
    const model = sizeModel(engine);
    const all = [
      ...[0, 1, 5, 17, 200].flatMap((n) => [
        ...[
          model.object(n),
          model.copiedObject(n),
          model.nullObject(n),
          model.instance(n),
          model.instance(n, 4),
        ],
        ...[
          model.array(n),
          model.constantArray(n),
          grownSizes(model).grownArray(0, n),
          grownSizes(model).grownArray(3, n),
        ],
        ...[
          grownSizes(model).grownObject(0, n),
          model.map(n),
          model.set(n),
          model.class(n),
          model.string(n),
          model.error(n),
        ],
      ]),
      ...[
        model.closure(true),
        model.closure(false),
        model.context(1),
        model.regexp,
        model.date,
        model.promise,
      ],
      ...[model.arrayBuffer, model.typedArray, model.dataView, model.weakMap, model.weakRef, model.boxed],
    ];
    assertEquals(
      all.filter((size) => !Number.isInteger(size) || size <= 0),
      [],
      engine,
    );
  }
});

test("sizes never shrink as containers grow", () => {
  for (const engine of ["v8", "v8-compressed", "jsc", "spidermonkey"] as const) {
    const model = sizeModel(engine);
    for (let n = 1; n < 300; n++) {
      assert(
        grownSizes(model).grownArray(0, n) >= grownSizes(model).grownArray(0, n - 1),
        `${engine} array ${n}`,
      );
      assert(model.map(n) >= model.map(n - 1), `${engine} map ${n}`);
      assert(
        grownSizes(model).grownObject(0, n) >= grownSizes(model).grownObject(0, n - 1),
        `${engine} object ${n}`,
      );
      assert(model.instance(n, 4) >= model.instance(n - 1, 4), `${engine} instance ${n}`);
    }
  }
});

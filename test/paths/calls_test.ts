import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { shadowStack } from "../../src/track/calls/shadow_stack.ts";
import { instrumented } from "../instrumented.ts";
import { path, traced } from "../traced.ts";
import { assertChain, type Expected } from "./chain.ts";

/** Runs `run` of a source and checks the traceback of the `Leaf` that it makes. */
async function check(source: string, expected: readonly Expected[]): Promise<void> {
  const whole = `class Leaf {}\n${source}`;
  const { run } = await instrumented(whole);
  const traces = await traced(run, 100);
  assertEquals(shadowStack[0], 1);
  assertChain(traces, whole, expected);
}

test("functions, methods, accessors, constructors with super", () =>
  check(
    `
    const object = {
      method() {
        return this.value; /*@2*/
      },
      get value() {
        this.value = 1; /*@3*/
        return kept;
      },
      set value(v) {
        kept = new Derived(v); /*@4*/
      },
    };
    let kept;
    class Base {
      constructor() {
        this.leaf = Base.make(); /*@6*/
      }
      static make() {
        return make(); /*@7*/
      }
    }
    class Derived extends Base {
      constructor() {
        super(); /*@5*/
      }
    }
    const make = () => function inner() { /*@8*/
      return new Leaf(); /*@9*/
    }();
    export function run() {
      return object.method(); /*@1*/
    }`,
    [
      ["run", 1],
      ["method", 2],
      ["value", 3],
      ["value", 4],
      ["Derived.constructor", 5],
      ["Base.constructor", 6],
      ["Base.make", 7],
      ["make", 8],
      ["inner", 9],
    ],
  ));

test("callbacks through built-ins", () =>
  check(
    `
    import { EventEmitter } from "node:events";
    const steps = [
      (next) => [0].map(() => next()), /*@m*/
      (next) =>
        [2, 1].sort(() => { /*@s1*/
          if (!done) next(); /*@s*/
          return 0;
        }),
      (next) => "a".replace(/a/, () => next()), /*@r*/
      (next) => [0].forEach(function each() { next(); }), /*@f*/
      (next) => Array.from([0], next), /*@a*/
      (next) => JSON.parse("1", () => next()), /*@j*/
      (next) => new Map([[1, 2]]).forEach(() => next()), /*@p*/
      (next) => JSON.stringify({ toJSON: () => next() }), /*@t*/
      (next) => {
        const emitter = new EventEmitter();
        emitter.on("event", () => next()); /*@e*/
        emitter.emit("event"); /*@e1*/
      },
      (next) => Reflect.apply(next, null, []), /*@k*/
      (next) => next.bind(null)(), /*@b*/
      (next) => { String({ toString() { next(); return ""; } }); }, /*@o*/
    ];
    let done = false;
    let leaf;
    function step(i) {
      if (done) return;
      if (i < steps.length) steps[i](() => step(i + 1)); /*@n*/
      else { done = true; leaf = new Leaf(); } /*@z*/
    }
    export const run = () => {
      done = false;
      step(0); /*@1*/
      return leaf;
    };`,
    [
      ["run", 1],
      ...[
        [
          ["<anonymous>", "m"],
          ["<anonymous>", "m"],
        ],
        [
          ["<anonymous>", "s1"],
          ["<anonymous>", "s"],
        ],
        [
          ["<anonymous>", "r"],
          ["<anonymous>", "r"],
        ],
        [
          ["<anonymous>", "f"],
          ["each", "f"],
        ],
        [["<anonymous>", "a"]],
        [
          ["<anonymous>", "j"],
          ["<anonymous>", "j"],
        ],
        [
          ["<anonymous>", "p"],
          ["<anonymous>", "p"],
        ],
        [
          ["<anonymous>", "t"],
          ["toJSON", "t"],
        ],
        [
          ["<anonymous>", "e1"],
          ["<anonymous>", "e"],
        ],
        [["<anonymous>", "k"]],
        [["<anonymous>", "b"]],
        [
          ["<anonymous>", "o"],
          ["toString", "o"],
        ],
      ].flatMap((frames) => [["step", "n"], ...frames, ["<anonymous>", "n"]] as unknown as Expected[]),
      ["step", "z"],
    ],
  ));

test("generators, iterators, yield*, tagged templates, spread", () =>
  check(
    `
    function* inner() {
      yield 1;
      yield tag\`x\${1}y\`; /*@5*/
    }
    function* outer() {
      yield 0;
      yield* inner(); /*@4*/
    }
    function* outermost() {
      yield* outer(); /*@3*/
    }
    const iterable = {
      [Symbol.iterator]() {
        const generator = outermost();
        return { next: () =>
          generator.next() }; /*@2*/
      },
    };
    let leaf;
    function tag(strings, value) {
      leaf = new Leaf(strings, value); /*@6*/
    }
    export function run() {
      [...iterable]; /*@1*/
      return leaf;
    }`,
    [
      ["run", 1],
      ["next", 2],
      ["outermost", 3],
      ["outer", 4],
      ["inner", 5],
      ["tag", 6],
    ],
  ));

test("for-of keeps the loop's line from turn to turn", () =>
  check(
    `
    const other = () => Math.max(...[1]);
    function* leaves() {
      yield 1;
      other();
      yield 2;
      yield new Leaf(); /*@2*/
    }
    export function run() {
      let last;
      const it = leaves();
      for (const leaf of it) { /*@1*/
        other();
        last = leaf;
        other();
      }
      return last;
    }`,
    [
      ["run", 1],
      ["leaves", 2],
    ],
  ));

test("async functions, across await, and promise chains", () =>
  check(
    `
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    async function deepest() {
      await sleep(1);
      await null;
      return new Leaf(); /*@5*/
    }
    const arrow = async () => {
      await sleep(0);
      return await deepest(); /*@4*/
    };
    class Service {
      async handle() {
        await 0;
        try {
          return await arrow(); /*@3*/
        } finally {
          await sleep(0);
        }
      }
    }
    async function main() {
      const service = new Service();
      await Promise.all([sleep(1), sleep(0)]);
      const result = await service.handle(); /*@2*/
      return result;
    }
    export const run = () =>
      main(); /*@1*/
    `,
    [
      ["run", 1],
      ["main", 2],
      ["Service.handle", 3],
      ["arrow", 4],
      ["deepest", 5],
    ],
  ));

test("async generators and for await", () =>
  check(
    `
    async function* source() {
      yield 1;
      await null;
      yield new Leaf(); /*@4*/
    }
    class Stream {
      async *[Symbol.asyncIterator]() {
        await 1;
        yield* source(); /*@3*/
      }
    }
    async function consume() {
      let last;
      for await (const item of new Stream()) { /*@2*/
        await 0;
        last = item;
      }
      return last;
    }
    export async function run() {
      await 0;
      return await consume(); /*@1*/
    }`,
    [
      ["run", 1],
      ["consume", 2],
      ["Stream.<computed>", 3],
      ["source", 4],
    ],
  ));

test("async generators asked by hand from a synchronous function", () =>
  check(
    `
    async function* numbers() {
      yield 1;
      yield 2;
    }
    const numbers1 = numbers();
    export async function run() {
      await numbers1.next();
      return await start(); /*@1*/
    }
    function start() {
      numbers1.next();
      return make(); /*@2*/
    }
    function make() {
      const leaf = new Leaf(); /*@3*/
      return leaf;
    }`,
    [
      ["run", 1],
      ["start", 2],
      ["make", 3],
    ],
  ));

test("a timer's callback, a promise's reaction: the path begins with them", async () => {
  const whole = `class Leaf {}
    export function run() {
      return new Promise((resolve) => {
        setTimeout(function onTimeout() {
          Promise.resolve().then(function onResolve() {
            resolve(new Leaf()); /*@1*/
          });
        }, 0);
      });
    }`;
  const { run } = await instrumented(whole);
  assertChain(await traced(run), whole, [["onResolve", 1]]);
});

test("nframe cuts the oldest frames off and totalNframe tells how many there were", async () => {
  const whole = `export const run = (n) => n === 0 ? { leaf: 1 } : [run(n - 1)][0];`;
  const { run } = await instrumented(whole);
  for (const nframe of [1, 2, 5, 25]) {
    const [trace] = (await traced(() => run(9), nframe)).filter(({ type }) => type === "Object");
    assertEquals(trace!.traceback.length, Math.min(nframe, 10));
    assertEquals(trace!.traceback.totalNframe, nframe === 1 ? 1 : 10);
  }
});

test("two allocations by the same path share one traceback; by another path they do not", async () => {
  const { run } = await instrumented(`
    const make = () => ({});
    const twice = () => [make(), make()];
    export const run = () => [twice(), twice(), make()];
  `);
  const objects = (await traced(run)).filter(({ type }) => type === "Object");
  assertEquals(objects.length, 5);
  assertEquals(objects.map(path).sort(), [
    "run:4 make:2",
    "run:4 twice:3 make:2",
    "run:4 twice:3 make:2",
    "run:4 twice:3 make:2",
    "run:4 twice:3 make:2",
  ]);
  assertEquals(
    new Set(objects.filter(({ traceback }) => traceback.length === 3).map(({ traceback }) => traceback)).size,
    1,
  );
});

test("the names of functions", async () => {
  const { run } = await instrumented(`
    export function declared() { return {}; }
    const arrow = () => ({});
    const expression = function () { return {}; };
    const named = function inner() { return {}; };
    const object = { method() { return {}; }, property: () => ({}), get accessor() { return {}; }, "quoted name"() { return {}; }, 5() { return {}; } };
    class Named {
      constructor() { this.own = {}; }
      method() { return {}; }
      static build() { return {}; }
      #hidden() { return {}; }
      open() { return this.#hidden(); }
      get accessor() { return {}; }
      field = () => ({});
      ["computed"]() { return {}; }
    }
    const Anonymous = class { method() { return {}; } };
    let assigned;
    assigned = () => ({});
    object.late = function () { return {}; };
    const withDefault = ({ a = () => ({}) } = {}) => a();
    export function* generator() { yield {}; }
    export const run = () => {
      const instance = new Named();
      return [declared(), arrow(), expression(), named(), object.method(), object.property(), object.accessor, object["quoted name"](), object[5](),
        instance.method(), Named.build(), instance.open(), instance.accessor, instance.field(), instance.computed(),
        new Anonymous().method(), assigned(), object.late(), withDefault(), (() => ({}))(), [...generator()]];
    };
    export default () => ({});
  `);
  const names = (await traced(run))
    .filter(({ type }) => type === "Object")
    .map(({ traceback }) => traceback.at(-1)!.functionName);
  assertEquals(
    names.sort(),
    [
      ...["declared", "arrow", "expression", "inner", "method", "property", "accessor", "quoted name", "5"],
      ...[
        "Named.constructor",
        "Named.method",
        "Named.build",
        "Named.#hidden",
        "Named.accessor",
        "Named.field",
        "Named.computed",
      ],
      ...["Anonymous.method", "assigned", "object.late", "a", "withDefault", "<anonymous>", "generator"],
    ].sort(),
  );
});

test("the module's own code is <module>", async () => {
  const traces = await traced(() =>
    instrumented(`export const list = [\n[]];\nfunction f() { return {}; }\nexport const object =\n f();`),
  );
  assertEquals(
    traces
      .filter(({ type }) => type === "Array" || type === "Object")
      .map(path)
      .sort(),
    ["<module>:1", "<module>:2", "<module>:5 f:3"],
  );
});

test("one chain of more than 30 frames: sync, callbacks, classes, accessors, generators, async", () =>
  check(
    `
    const steps = [
      async (next) => { await null; return next(); }, /*@a*/
      (next) => [0].map(() => next())[0], /*@m*/
      function (next) { for (const item of generate(next)) return item; }, /*@g*/
      async (next) => { for await (const item of stream(next)) return item; }, /*@f*/
      (next) => new Derived(next).result, /*@c*/
      async (next) => { try { await 0; await 1; } finally { await 2; } return await next(); }, /*@w*/
      (next) => "x".replace(/x/, () => (result = next()) && "") || result, /*@r*/
      (next) => ({ get result() { return next(); } }).result, /*@o*/
      (next) => { let result; [2, 1].sort(() => (result ??= next(), 0)); return result; }, /*@s*/
    ];
    let result;
    function* generate(next) { yield* inner(next); } /*@g1*/
    function* inner(next) { yield next(); } /*@g2*/
    async function* stream(next) { await 1; yield* more(next); } /*@f1*/
    async function* more(next) { await 2; yield await next(); } /*@f2*/
    class Base { constructor(next) { this.result = next(); } } /*@c2*/
    class Derived extends Base { constructor(next) { super(next); } } /*@c1*/
    function step(i) {
      if (i === steps.length) return new Leaf(); /*@z*/
      return steps[i](() => step(i + 1)); /*@n*/
    }
    export const run = () =>
      step(0); /*@1*/
    `,
    [
      ["run", 1],
      ...[
        ["a"],
        ["m", "m"],
        ["g", "generate g1", "inner g2"],
        ["f", "stream f1", "more f2"],
        ["c", "Derived.constructor c1", "Base.constructor c2"],
        ["w"],
        ["r", "r"],
        ["o", "result o"],
        ["s", "s"],
      ].flatMap((frames): Expected[] => [
        ["step", "n"],
        ...frames.map((frame): Expected => {
          const [name, mark] = frame.split(" ") as [string, string?];
          return mark === undefined ? ["<anonymous>", name] : [name, mark];
        }),
        ["<anonymous>", "n"],
      ]),
      ["step", "z"],
    ],
  ));

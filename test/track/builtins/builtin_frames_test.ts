import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { getObjectTraceback, isTracing, start, stop, takeSnapshot } from "../../../mod.ts";
import { CALLING, CALLING_CONSTRUCTORS } from "../../../src/sites/builtin_tables.ts";
import { importText, instrumented, type TestModule } from "../../instrumented.ts";

/** Calls of built-in functions in which the program's own code runs; `boom` is that code. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  from: [
    "Array.from([1], boom)",
    "Array.from(steps())",
    "Array.from({ length: 2 }, boom)",
    "Uint8Array.from([1], boom)",
    "Uint8Array.from(steps())",
  ],
  map: [
    "[1].map(boom)",
    "list\n  .map(boom)",
    "[1].map(x => [x].map(y => boom(y)))",
    "new Uint8Array(1).map(boom)",
    "[1].map(boom, [2].map(String))",
    "list?.map(boom)",
    "list.map(boom)?.length",
    "list.map(async () => 1).map(boom)",
  ],
  filter: [
    "[1].filter(boom)",
    "new Uint8Array(1).filter(boom)",
    "[2, 1].map(String).filter(boom).map(String)",
  ],
  flatMap: ["[1].flatMap(boom)"],
  toSorted: ["[1, 2].toSorted(boom)", "new Uint8Array(2).toSorted(boom)"],
  replace: ["'a'.replace(/a/, boom)", "text.replace('a', (found) => [found].map(boom)[0])"],
  replaceAll: ["'aa'.replaceAll('a', boom)"],
  parse: ["JSON.parse('[1]', boom)"],
  stringify: [
    "JSON.stringify({ toJSON: boom })",
    "JSON.stringify([1], boom)",
    "JSON.stringify({ get x() { return boom(); } }, null, 2)",
  ],
  groupBy: ["Object.groupBy([1], boom)", "Map.groupBy([1], boom)", "Map.groupBy(steps(), String)"],
  fromEntries: ["Object.fromEntries(steps())"],
  entries: ["Object.entries({ get x() { return boom(); } })"],
  values: ["Object.values({ get x() { return boom(); } })"],
  structuredClone: ["structuredClone({ get x() { return boom(); } })"],
  toArray: [
    "steps().toArray()",
    "steps(\n  1).toArray()",
    "iterator.toArray()",
    "[1].values().map(boom).toArray()",
  ],
  Map: ["new Map(steps())", "new Map([1].map(boom))"],
  Set: ["new Set(steps())", "new Set([new Set(steps())])"],
  WeakMap: ["new WeakMap(steps())"],
  WeakSet: ["new WeakSet(steps())"],
};

const PRELUDE = `
  function boom() { throw new Error("boom"); }
  function* steps() { yield boom(); }
  const list = [1], text = "a";
  let iterator;
`;

/** A function for each expression that gives the stack of what it throws. */
function moduleOf(expressions: readonly string[]): string {
  const cases = expressions.map(
    (expression, i) =>
      `function case${i}() { iterator = steps(); try { ${expression}; } catch (error) { return error.stack; } }`,
  );
  return `${PRELUDE}\n${cases.join("\n")}\nexport const cases = [${cases.map((_, i) => `case${i}`)}];`;
}

/** Without the frames of this file and of the test runner. */
function upToHere(stack: string): string {
  const lines = stack.split("\n");
  const end = lines.findIndex((line) => line.includes("builtin_frames_test"));
  assert(end > 0, stack);
  // V8 calls the constructor `Proxy`, as which it stands in the global object while tracing. JavaScriptCore shows calls of
  // such constructors.
  return lines
    .slice(0, end)
    .map((line) => line.replace(/ (?:Proxy|Uint8Array|Function|Map)\.(from|groupBy) /, " $1 "))
    .filter((line) => !isBun || !/ at (?:construct \((?:unknown|native)\)|unknown|native)$/.test(line))
    .join("\n");
}

/** Names and lines, the innermost first: columns move where text was inserted, and each module has a path of its own. */
function linesOf(stack: string): string[] {
  return stack.split("\n").map((line) => line.replace(/(?:file:\/\/)?\/\S+\/(\w+\.mjs):(\d+):\d+/, "$1:$2"));
}

test("every function of the tables that calls back has a case", () => {
  assertEquals(new Set(Object.keys(CALLS)), new Set([...CALLING, ...CALLING_CONSTRUCTORS]));
});

const { stackTraceLimit } = Error;
const isBun = "Bun" in globalThis;

function stacks(module: TestModule): string[] {
  Error.stackTraceLimit = 50;
  try {
    const found: string[] = [];
    for (const one of module.cases) found.push(upToHere(one()));
    return found;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

for (const calls of [true, false]) {
  test(`stacks of what callbacks throw have no frame of the tracker (${calls ? 25 : 1} frames)`, async () => {
    const expressions = Object.values(CALLS).flat();
    const text = moduleOf(expressions);
    const plain = stacks(await importText(text));
    const module = await instrumented(text, { options: { calls } });
    const stopped = stacks(module);
    for (const sampling of ["exact", "adaptive"] as const) {
      start({ nframe: calls ? 25 : 1, sampling });
      // Twice: what has thrown leaves nothing behind.
      const traced = [stacks(module), stacks(module)];
      stop();
      for (const [i, expression] of expressions.entries()) {
        assertEquals(traced[0]![i], stopped[i], expression);
        assertEquals(traced[1]![i], stopped[i], expression);
        // Tail calls of JavaScriptCore are calls in instrumented code, tracing or not.
        if (!isBun) assertEquals(linesOf(traced[0]![i]!), linesOf(plain[i]!), expression);
      }
    }
  });
}

/** Runs `run` of a module, and gives what was made on each line, as `line type count`. */
async function madeBy(
  text: string,
  args: readonly unknown[] = [],
  options: { nframe?: number; sampling?: "exact" | "adaptive"; calls?: boolean } = {},
): Promise<{ lines: string[]; result: unknown }> {
  const { nframe = 25, sampling = "exact", calls = true } = options;
  const { run } = await instrumented(text, { options: { calls } });
  start({ nframe, sampling });
  try {
    const result: unknown = await run(...args);
    const counts = new Map<string, number>();
    for (const trace of takeSnapshot().statistics("traceback")) {
      const key = String(trace.traceback.at(-1)!.lineno);
      counts.set(key, (counts.get(key) ?? 0) + trace.allocatedCount);
    }
    return { lines: [...counts].map(([line, count]) => `${line}: ${count}`).sort(), result };
  } finally {
    stop();
  }
}

const WAYS = [
  { sampling: "exact" },
  { sampling: "adaptive" },
  { sampling: "exact", nframe: 1, calls: false },
  { sampling: "adaptive", nframe: 1, calls: false },
] as const;

for (const way of WAYS) {
  const name = JSON.stringify(way);

  test(`counts are exact, whoever calls, and after exceptions ${name}`, async () => {
    const lib = {
      map: (list: number[], f: (x: number) => number) => list.map(f),
      set: (list: number[]) => new Set(list),
      own: { map: (x: unknown) => x, filter: (x: unknown) => [x].map((y) => y), from: () => [1] },
    };
    const { lines } = await madeBy(
      `const old = {}, list = [1, 2]; let n = 0;
      const f = (x) => x;
      const fails = () => { throw 1 };
      const own = { map(f) { return f(old) }, filter() { return old }, from: (x) => x };
      export function run(lib) {
        const { map } = Array.prototype; for (let i = 0; i < 1000; i++) {
          list.map(f);
          list.map((x) =>
            list.filter(f));
          map.call(list, f);
          Array.prototype.map.call(list, f);
          try { list.map(fails) } catch { n++ }
          list.flatMap(f);
          try { own.map(fails) } catch { n++ } // without calls recorded, what is not announced is missed once after it
          map.call(list, f);
          own.map(f);
          own.filter(f);
          own.from(old);
          lib.map(list, f);
          lib.own.map(old);
          new Set(list);
          new Set(lib.set(list));
          Object.entries(old);
          Object.groupBy(list, f);
          Map.groupBy(list, f);
          list?.map(f);
          list?.map(f).length;
          try { new Map(list) } catch { n++ }
          new WeakMap();
          JSON.parse("[[1]]", (k, v) => v);
        }
      }`,
      [lib],
      way,
    );
    const wanted: Record<string, number> = {
      7: 1, // list.map(f)
      8: 2,
      9: 2,
      10: 1,
      11: 1,
      13: 1,
      15: 1,
      19: 1,
      21: 1,
      22: 2,
      23: 1,
      24: 3,
      25: 3,
      26: 1,
      27: 1,
      29: 1,
      30: 3,
    };
    const found = Object.fromEntries(lines.map((line) => line.split(": ").map(Number)));
    const errors = [12, 14, 28];
    if ("calls" in way) {
      // Calls through `call`, or of other names, are charged to the line of the call before.
      let sum = 0;
      for (let line = 7; line <= 30; line++) if (!errors.includes(line)) sum += found[line] ?? 0;
      assertEquals(sum, Object.values(wanted).reduce((a, b) => a + b) * 1000 - 1000);
    } else {
      for (let line = 7; line <= 30; line++)
        if (!errors.includes(line))
          assertEquals(found[line] ?? 0, (wanted[line] ?? 0) * 1000, `line ${line}`);
    }
  });
}

test("what was built is the same, and the program's own methods are called as they are written", async () => {
  const text = `
    const log = [];
    class Map { constructor(...args) { log.push(args.length); } }
    const own = {
      map(...args) { log.push(this === own, args.length); return this; },
      toArray() { return "own"; },
      replace: (a, b) => a + b,
      get entries() { log.push("read once"); return (x) => x; },
    };
    const receiver = { get text() { log.push("text"); return "aXa"; } };
    function* steps() { yield 1; yield 2; }
    export async function run() {
      log.length = 0;
      const it = steps();
      return [log, own.map(1, 2) === own, own.map(...[1, 2, 3]) === own, own.toArray(), own.replace("a", String(log)),
        own.entries(5), new Map([]) instanceof Map, receiver.text.replace(/x/i, () => "y"), it.toArray(), steps().toArray(),
        [1, 2].map((x) => x * 2).filter((x) => x > 2), null?.map(log), own?.map(1)?.map(2) === own,
        await Promise.all([1, 2].map(async (x) => { await null; return [x].map((y) => y + 1); })),
        [[1], [2]].flatMap((x) => x), "aa".replaceAll("a", (_, i) => i), JSON.parse("[1,2]", (k, v) => v),
        JSON.stringify({ a: [1], toJSON() { return { b: 1 }; } }, null, 1), structuredClone({ a: [1] }),
        Object.fromEntries(steps().map((x) => ["k" + x, x])), Array.from({ length: 2 }, (_, i) => i)];
    }`;
  const plain: unknown = await (await importText(text)).run();
  for (const calls of [true, false]) {
    const { run } = await instrumented(text, { options: { calls } });
    for (const sampling of ["exact", "adaptive"] as const) {
      start({ nframe: calls ? 25 : 1, sampling });
      const traced: unknown = await run();
      stop();
      assertEquals(traced, plain);
    }
  }
});

test("messages of the engine's own errors name what was called", { skip: isBun }, async () => {
  // JavaScriptCore quotes whole calls, with their arguments.
  const text = `
    const it = {}, list = [1], missing = undefined;
    export const cases = [() => it.map(1), () => it.toArray(), () => it.replace(1, list), () => missing.map(list), () => list.map(5),
      () => new Map(5), () => it.structuredClone(1), () => JSON.parse("x", list), () => Array.from({ [Symbol.iterator]: 5 })];
    export const run = () => cases.map((one) => { try { one(); } catch (error) { return error.message; } });`;
  const plain = (await importText(text)).run();
  const { run } = await instrumented(text);
  start({ nframe: 25 });
  const traced: unknown = run();
  stop();
  assertEquals(traced, plain);
});

test("a string that replace() gives back as it was has not been made", async () => {
  const { run } = await instrumented(`export function run(text) {
    let found = text;
    for (let i = 0; i < 10; i++) found = found.replace(/z/, () => "y");
    return text.replaceAll("z", () => "y");
  }`);
  start({ nframe: 1 });
  run("a text of some length".repeat(5));
  const strings = takeSnapshot()
    .statistics("type")
    .find(({ key }) => key === "string");
  stop();
  assertEquals(strings?.allocatedCount ?? 0, 0);
});

test("recursion through map() to the end of the stack, and on after it", async () => {
  const { run, once } = await instrumented(`
    let depth = 0;
    const deeper = (x) => { depth++; return [x].map(deeper); };
    export const once = () =>
      [1, 2].map((x) => x);
    export function run() {
      depth = 0;
      try { deeper(1); } catch (error) { return error instanceof RangeError ? depth : error; }
    }`);
  start({ nframe: 25 });
  try {
    for (let i = 0; i < 3; i++) {
      const depth = run() as number;
      assert(depth > 500, String(depth));
      const made = once() as object;
      assertEquals(String(getObjectTraceback(made)?.at(-1)), "/app/test.mjs:5");
    }
    assert(isTracing());
  } finally {
    stop();
  }
});

test("recursion through more announced calls than are noted", async () => {
  const { run } = await instrumented(`
    const nest = (n) =>
      n === 0 ? [] : [n - 1].map(nest);
    export const run = (n) => nest(n);`);
  start({ nframe: 1 });
  run(1500);
  const [line] = takeSnapshot()
    .statistics("lineno")
    .filter(({ traceback }) => traceback.at(-1)!.lineno === 3);
  stop();
  // An array for each, and the literal that it was made of; the last is a literal alone.
  assertEquals(line!.allocatedCount, 2 * 1500 + 1);
});

test("a program's getter on Object.prototype is not asked for", async () => {
  const { run } = await instrumented(`export const run = (f) => [[1].map(f), new Map([]).size]`);
  const asked: string[] = [];
  const names = ["get", "apply", "construct", "has", "getPrototypeOf"];
  start({ nframe: 25 });
  try {
    for (const name of names)
      Object.defineProperty(Object.prototype, name, { configurable: true, get: () => void asked.push(name) });
    run(() => 1);
  } finally {
    for (const name of names) delete (Object.prototype as unknown as Record<string, unknown>)[name];
    stop();
  }
  assertEquals(asked, []);
});

test("of somebody else's methods of such names only what they give is looked at, and never run", async () => {
  const fail = (): never => {
    throw new Error("looked at");
  };
  const hostile = new Proxy([[1]], { get: fail, getOwnPropertyDescriptor: fail });
  const made: unknown[] = [hostile, 5, null, new Map([[1, 2]]), [5, "x"], { a: 1 }, Object.freeze([[1]])];
  // Not instrumented: at the same depth as the call, they call the built-in that the call announces.
  const after = (calls: () => unknown, value: unknown) => (): unknown => {
    calls();
    return value;
  };
  const theirs = made.map((value) => ({
    entries: after(() => Object.entries({}), value),
    groupBy: after(() => [Map.groupBy([], String), Object.groupBy([], String)], value),
    parse: after(() => JSON.parse("[]", (_, v: unknown) => v), value),
    map: after(() => [1].map(String), value),
  }));
  const { run } = await instrumented(`
    const structuredClone = (x) => x;
    export const run = (o) => [o.entries(1), o.groupBy(1), o.parse(1, 2), o.map(1), structuredClone(o)]`);
  start({ nframe: 25 });
  try {
    for (const [i, their] of theirs.entries()) {
      const [entries, groups, parsed, mapped] = run(their);
      for (const one of [entries, groups, parsed, mapped]) assert(one === made[i]);
    }
    assert(isTracing());
  } finally {
    stop();
  }
});

test("a program's length of typed arrays is not asked for", async () => {
  const { run } = await instrumented(`export function run() {
    const prototype = Object.getPrototypeOf(Float64Array.prototype);
    const before = Object.getOwnPropertyDescriptor(prototype, "length");
    const sample = new Float64Array(4);
    let asked = 0, called = 0;
    Object.defineProperty(prototype, "length", { configurable: true, get() { asked++; return 0; } });
    try { sample.filter(() => called++); } finally { Object.defineProperty(prototype, "length", before); }
    return [asked, called];
  }`);
  for (const sampling of ["exact", "adaptive"] as const) {
    start({ nframe: 25, sampling });
    assertEquals(run(), [0, 4]);
    stop();
  }
});

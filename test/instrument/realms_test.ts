import { test } from "node:test";
import vm from "node:vm";
import { assert, assertEquals, assertFalse, assertStrictEquals } from "@std/assert";
import { start, stop, takeSnapshot } from "../../mod.ts";
import { instrument, type SourceType } from "../../src/instrument/instrument.ts";
import { Globals } from "../../src/instrument/text/emit.ts";
import { REGISTRY_KEY } from "../../src/track/calls/file_registry.ts";
import { recordCalls } from "../../src/track/calls/instrumented_globals.ts";
import { shadowStack } from "../../src/track/calls/shadow_stack.ts";
import { importText, instrumented } from "../instrumented.ts";
import { path } from "../traced.ts";

const host = globalThis as Record<PropertyKey, unknown>;
const globals: readonly string[] = Object.values(Globals);

function text(source: string, sourceType: SourceType = "script", filename = "realm.js"): string {
  const { code, sites } = instrument(source, { filename, sourceType });
  assert(sites.length > 0);
  return code;
}

interface Realm {
  readonly run: (text: string) => unknown;
  readonly global: Record<PropertyKey, unknown>;
}

/** A realm with nothing but the language's own, and with the tracker if told so. */
function realm({ tracker = false, options = {} as vm.CreateContextOptions } = {}): Realm {
  const context = vm.createContext({}, options);
  const run = (code: string): unknown => vm.runInContext(code, context);
  const global = run("globalThis") as Record<PropertyKey, unknown>;
  if (tracker) expose(global);
  return { run, global };
}

function expose(global: object): void {
  Object.defineProperty(global, REGISTRY_KEY, {
    value: host[REGISTRY_KEY],
    configurable: true,
    writable: true,
  });
}

const PROGRAM = `
  var made = [];
  function add(x) { made.push({ x }); return made.map((one) => [one.x]); }
  function fails() { try { null.x; } catch { return add(2); } }
  add(1); String(fails());
`;

for (const tracker of [false, true]) {
  const where = tracker ? "the tracker there" : "no tracker";

  test(`15, ${where}: a script runs twice in a realm, and beside others, strict and sloppy`, () => {
    const { run } = realm({ tracker });
    const first = text(PROGRAM);
    assertEquals(run(first), "1,2");
    assertEquals(run(first), "1,2");
    start(5);
    assertEquals(run(text(PROGRAM, "script", "other.js")), "1,2");
    const files = [...takeSnapshot().traces].flatMap(({ traceback }) =>
      [...traceback].map((at) => at.filename),
    );
    stop();
    assertEquals([...new Set(files)], tracker ? ["other.js"] : []);
    const strict = text(`"use strict";\nlet own = [this === undefined]; (() => add(3).length)()`);
    assertEquals(run(strict), 3);
    // A `let` of its own cannot be declared twice, instrumented or not.
    assertEquals(run(`try { (0, eval)(${JSON.stringify(strict)}) } catch (error) { error.name }`), 4);
    assertEquals(run(text("for (const x of [1, 2]) add(x); var add; add(5).length")), 7);
    assertEquals(shadowStack[0], 1);
  });

  test(`${where}: a realm that makes no code from strings`, () => {
    const { run } = realm({ tracker, options: { codeGeneration: { strings: false, wasm: false } } });
    assertEquals(run(text(PROGRAM)), "1,2");
    assertEquals(run(`(function () {${text(`${PROGRAM} return add(3).length`, "commonjs")}\n})()`), 3);
  });

  test(`${where}: what the file calls by the names that the header would use is not there yet`, () => {
    const names = ["globalThis", "self", "global", "Symbol", "Reflect", "Object", "Int32Array"];
    for (const kind of ["const", "var"]) {
      const { run } = realm({ tracker });
      const source = `const kept = [[1].map((x) => ({ x }))]; ${kind} ${names.map((name) => `${name} = 1`)}; return kept[0][0].x`;
      assertEquals(run(`(function () {${text(source, "commonjs")}\n})()`), 1);
    }
  });

  test(`${where}: nothing that a loop over the global object finds, in modules`, () => {
    const { run } = realm({ tracker });
    run(`(function () {${text("return [[1].map(String)]", "commonjs")}\n})()`);
    assertEquals(
      run("Object.keys(globalThis).concat(...(function* () { for (const k in globalThis) yield k })())"),
      run("[]"),
    );
  });

  test(`${where}: a program that freezes its global object goes on`, () => {
    const { run, global } = realm({ tracker });
    const code = text(PROGRAM);
    assertEquals(run(code), "1,2");
    // Bun's contexts cannot be frozen.
    run("try { Object.freeze(globalThis) } catch {}");
    assertEquals(run("add(7).length"), 3);
    assertEquals(run(`(function () {${text("return [[1].map((x) => [x])].length", "commonjs")}\n})()`), 1);
    assertEquals(typeof global[Globals.stack], "object");
  });
}

test("a tracker that comes later finds the depth that running modules have left", () => {
  const { run, global } = realm();
  const source = `
    async function waits() { await null; return inner(); }
    function inner() { return { depth: late() }; }
    return [inner(), [1].map(() => inner()), waits(), inner().depth, inner];`;
  // The stack that the header made is still the realm's when the first call is made: then the tracker's takes its place.
  const late = new Int32Array(100);
  global.late = () => {
    const old = global[Globals.stack] as Int32Array;
    if (old !== late) {
      late[0] = old[0]!;
      global[Globals.stack] = late;
      global[Globals.recording] = true;
    }
    return late[0];
  };
  const list = run(`(function () {${text(source, "commonjs")}\n})()`) as [unknown, unknown, unknown, number];
  assertEquals(list[3], 3); // the module's frame, and that of \`inner\`
  assertEquals(late[0], 1);
  assertEquals([...late.subarray(1, 5)], [0, 0, 0, 0]); // nowhere
});

test("where there is no tracker, code that suspends writes nowhere", async () => {
  const { run, global } = realm();
  const source = `
    async function waits() { await null; return [inner()]; }
    function* generate() { yield inner(); yield* [inner()]; }
    function inner() { return [{ x: 1 }].length; }
    return { waits, generate }`;
  const made = run(`(function () {${text(source, "commonjs")}\n})()`) as {
    waits(): Promise<number[]>;
    generate(): Iterable<number>;
  };
  // The stack of a tracker that does not know this file.
  const stack = new Int32Array(10).fill(7);
  stack[0] = 5;
  global[Globals.stack] = stack;
  assertEquals([...made.generate()], [1, 1]);
  assertEquals([...(await made.waits())], [1]);
  assertEquals([...stack], [5, 7, 7, 7, 7, 7, 7, 7, 7, 7]);
});

test("files of another version's payload are left out, and leave the others' frames alone", async () => {
  const source = `
    export async function waits(f) { await null; return f(); }
    export function* generate(f) { yield f(); }
    export const call = (f) => f();
  `;
  const old = instrument(source, { filename: "/app/old.mjs", sourceType: "module" });
  const registry = host[REGISTRY_KEY] as { register: unknown };
  const descriptor = Object.getOwnPropertyDescriptor(host, REGISTRY_KEY)!;
  Object.defineProperty(host, REGISTRY_KEY, { ...descriptor, value: { register: () => null } });
  const module = await importText(old.code).finally(() =>
    Object.defineProperty(host, REGISTRY_KEY, descriptor),
  );
  assertStrictEquals(host[REGISTRY_KEY], registry);
  const { outer } = await instrumented(`export const outer = (via) => via(() => ({ made: 1 }));`);
  start(10);
  try {
    outer((make: () => object) => [module.call(make), ...module.generate(make)]);
    await outer((make: () => object) => module.waits(make));
    const traces = [...takeSnapshot().traces].filter(({ type }) => type === "Object");
    // Of its functions those are there that call at once, as unknown places, never as somebody else's.
    assertEquals(traces.map(path).sort(), [
      "<anonymous>:1",
      "outer:1 :0 <anonymous>:1",
      "outer:1 <anonymous>:1",
    ]);
    const files = new Set(traces.flatMap(({ traceback }) => [...traceback].map(({ filename }) => filename)));
    assertEquals([...files].sort(), ["/app/test.mjs", "<unknown>"]);
    assertEquals(shadowStack[0], 1);
  } finally {
    stop();
  }
});

test("another copy of the tracker leaves the switch to the one that code reports to", () => {
  const own = host[Globals.stack];
  start(5);
  try {
    host[Globals.stack] = new Int32Array(1); // as the other copy sees it: not its own
    recordCalls(false);
    assertEquals(host[Globals.recording], true);
  } finally {
    host[Globals.stack] = own;
    stop();
  }
  assertEquals(host[Globals.recording], false);
});

test("a text with one of the names that all files share stays as it is, however it is spelt", () => {
  for (const name of globals) {
    const escaped = name.replace("$", "\\u0024").replace("m", "\\u{6d}");
    for (const source of [
      `var ${name} = [1];`,
      `var ${escaped} = [1];`,
      `function f() { eval("var ${name} = 1"); return [f()]; }`,
    ]) {
      const { code, sites } = instrument(source, { filename: "a.js", sourceType: "script" });
      assertEquals([code, sites.length], [source, 0]);
    }
  }
  const { code } = instrument("f([1]);", { filename: "a.js", sourceType: "module" });
  assertEquals(instrument(code, { filename: "a.js", sourceType: "module" }).code, code);
  assertFalse(code.includes("\n"));
});

test("functions that run when tracing starts: from their next call on, but for modules", async () => {
  const source = `import { start } from "tracemalloc";
export const make = () => ({ made: 1 });
export function starter(start) {
  start();
  return make(); // line 5
}
export function caller(start) {
  const all = [starter(start)];
  all.push(make()); // line 9
  return all;
}
export function* steps(start) {
  start();
  yield make(); // line 14
}
export async function waits(start) {
  start();
  await null;
  return make(); // line 19
}
`.replace(/^import.*/, "");
  const { caller, steps, waits } = await instrumented(source);
  const made = (): string[] =>
    [...takeSnapshot().traces]
      .filter(({ type }) => type === "Object")
      .map(path)
      .sort();
  const begin = (): void => start(25);
  caller(begin);
  // When `starter` calls, nothing is known yet of who has called it.
  assertEquals(made(), ["caller:9 make:2", "starter:5 make:2"]);
  stop();
  assertEquals(shadowStack[0], 1);
  for (const _ of steps(begin)) assertEquals(made(), ["steps:14 make:2"]);
  stop();
  assertEquals(shadowStack[0], 1);
  host.begin = begin;
  await instrumented(`const make = () => ({ made: 1 });
    const caller = () => { globalThis.begin();
      return make(); };
    export const kept = caller();`);
  delete host.begin;
  assertEquals(made(), ["<module>:4 caller:3 make:1"]);
  stop();
  assertEquals(shadowStack[0], 1);
  await waits(begin);
  assertEquals(made(), ["waits:19 make:2"]);
  stop();
  assertEquals(shadowStack[0], 1);
});

for (const tracker of [false, true]) {
  test(`${tracker ? "the tracker there" : "no tracker"}: for contexts, files have variables of their own for what they share`, () => {
    const { run, global } = realm({ tracker });
    const source = `${PROGRAM} globalThis.add = add; return [String(fails()), made.length]`;
    const { code } = instrument(source, { filename: "own.js", sourceType: "commonjs", inContext: true });
    assertEquals(run(`String((function () {${code}\n})())`), "1,2,2,3");
    for (const name of globals) assertFalse(name in global);
    start(5);
    run("add(4)");
    const paths = [...takeSnapshot().traces].filter(({ type }) => type === "Object").map(path);
    stop();
    assertEquals(paths, tracker ? ["add:3"] : []);
    assertEquals(shadowStack[0], 1);
  });
}

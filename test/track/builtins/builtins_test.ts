import { test } from "node:test";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  getObjectTraceback,
  type StartOptions,
  start,
  stop,
  type Trace,
  takeSnapshot,
} from "../../../mod.ts";
import { CONSTRUCTORS, DEFERRED_FUNCTIONS, FUNCTIONS } from "../../../src/sites/builtin_tables.ts";
import { findOwner } from "../../../src/track/builtins/builtin_targets.ts";
import { LOOKED_AT } from "../../../src/track/objects/tree.ts";
import { instrumented } from "../../instrumented.ts";
import { path, traced } from "../../traced.ts";
import { CASES } from "./builtin_cases.ts";

/** The traces of what `run` makes on the line with the call, line 3 of an instrumented file. */
async function onItsLine(
  expression: string,
  args: readonly unknown[] = [],
  options: StartOptions = {},
): Promise<{ traces: Trace[]; result: unknown; strings: number }> {
  const { run } =
    await instrumented(`export ${expression.startsWith("await") ? "async " : ""}function run(a, b) {

    const result = ${expression};
    return result;
  }`);
  start({ nframe: 5, ...options });
  try {
    const result = await run(...args);
    const snapshot = takeSnapshot();
    const text = snapshot.statistics("type").find(({ key }) => key === "string");
    // What the result holds counts as allocated, too.
    const strings = (text?.allocatedCount ?? 0) - (text?.count ?? 0);
    if (typeof result === "object") assertEquals(getObjectTraceback(result)?.length, 1);
    return { traces: [...snapshot.traces].filter((trace) => path(trace) === "run:3"), result, strings };
  } finally {
    stop();
  }
}

function typesOf(traces: readonly Trace[], domain = 0): string[] {
  return traces
    .filter((trace) => trace.domain === domain)
    .map(({ type }) => type)
    .sort();
}

/** Owner and key of a name as the cases spell it; null where the host has no such function. */
function find(name: string): { owner: object; key: string } | null {
  const path = name.split(".");
  const key = path.pop()!;
  const module = path[0]?.startsWith("node:") ? path.shift()! : null;
  const owner = findOwner({ module, path });
  return owner !== null && key in owner ? { owner, key } : null;
}

test("every function of the tables has a case", () => {
  const named = [...FUNCTIONS, ...DEFERRED_FUNCTIONS].flatMap(({ module, path, names }) =>
    names.map((name) => [...(module === null ? [] : [module]), ...path, name].join(".")),
  );
  assertEquals(CASES.map(([name]) => name).sort(), named.sort());
  assert(CASES.filter(([name]) => find(name) !== null).length > CASES.length * 0.9);
});

for (const [name, expression, args, types, strings = 0] of CASES) {
  if (find(name) === null) continue;
  test(`${name} is charged to the line that calls it`, async () => {
    const made = await onItsLine(expression, args);
    assertEquals(typesOf(made.traces), types);
    assertEquals(made.strings, strings);
  });
}

test("JSON.parse with a reviver counts what is new of its result, and asks no getter", async () => {
  const old = [1];
  const revive = (key: string, value: unknown): unknown => {
    if (key === "old") return old;
    return key === "asked" ? Object.create({}, { x: { get: () => assert(false) } }) : value;
  };
  start();
  stop();
  const { traces } = await onItsLine("JSON.parse(a, b)", ['{"a":[{}],"old":1,"asked":{}}', revive]);
  // What the reviver brought in is not the parser's; nobody else has counted it, so it is charged here.
  assertEquals(typesOf(traces), ["Array", "Array", "Object", "Object", "Object"]);
});

test("of a large document the rest is estimated", async () => {
  const bytesOf = async (length: number): Promise<{ bytes: number; blocks: number }> => {
    const text = JSON.stringify(Array.from({ length }, (_, i) => ({ i, list: [i] })));
    const { traces } = await onItsLine("JSON.parse(a)", [text]);
    return { bytes: traces.reduce((sum, { size }) => sum + size, 0), blocks: traces.length };
  };
  // Four values an element, and two blocks.
  const exact = await bytesOf(LOOKED_AT / 4);
  const estimated = await bytesOf(LOOKED_AT * 2);
  assertEquals(exact.blocks, 1 + LOOKED_AT / 2);
  assert(estimated.blocks <= LOOKED_AT + 2);
  const ratio = estimated.bytes / (8 * exact.bytes);
  assert(Math.abs(ratio - 1) < 0.01, `${ratio} of what there is`);
});

test("structuredClone of a cycle ends", async () => {
  const cycle: unknown[] = [new Set(), { a: 1 }];
  cycle.push(cycle, new Map([[{}, cycle]]));
  const { traces } = await onItsLine("structuredClone(a)", [cycle]);
  assertEquals(typesOf(traces), ["Array", "Map", "Object", "Object", "Set"]);
});

test("bytes outside the heap: buffers are blocks of domain 1", async () => {
  const sizes = async (expression: string, args: unknown[] = []): Promise<string[]> => {
    const { traces } = await onItsLine(expression, args);
    return traces.filter(({ domain }) => domain === 1).map(({ type, size }) => `${type} ${size}`);
  };
  assertEquals(await sizes("Buffer.alloc(100000)"), ["ArrayBuffer 100000"]);
  assertEquals(await sizes("a.slice(10)", [new ArrayBuffer(100)]), ["ArrayBuffer 90"]);
  assertEquals(await sizes("a.transfer(500)", [new ArrayBuffer(100)]), ["ArrayBuffer 500"]);
  assertEquals(await sizes("Float64Array.from([1, 2, 3])"), ["ArrayBuffer 24"]);
  assertEquals(await sizes("a.map(b)", [new Uint16Array(8), Number]), ["ArrayBuffer 16"]);
});

test("a buffer that is resized or transferred shows its present size", async () => {
  const { run } = await instrumented(`export function run() {
    const buffer = new ArrayBuffer(100, { maxByteLength: 1000 });
    const other = new ArrayBuffer(70);
    return [buffer, other];
  }`);
  start();
  try {
    const [buffer, other] = run() as [ArrayBuffer, ArrayBuffer];
    const sizes = (): number[] =>
      [...takeSnapshot().traces]
        .filter(({ domain }) => domain === 1)
        .map(({ size }) => size)
        .sort((a, b) => a - b);
    assertEquals(sizes(), [70, 100]);
    buffer.resize(900);
    assertEquals(sizes(), [70, 900]);
    const moved = other.transfer();
    // No instrumented code called: the bytes that left are not counted again.
    assertEquals([moved.byteLength, ...sizes()], [70, 900]);
  } finally {
    stop();
  }
});

for (const sampling of ["exact", "adaptive", 1] as const) {
  test(`one object, one block, whoever reports it (${sampling})`, async () => {
    const lib = {
      make: () => new Map([[1, new Set([new Date(0)])]]),
      bytes: () => new Uint8Array(50),
      reflect: () => Reflect.construct(Map, []),
    };
    const { run } = await instrumented(`
      class Mine extends Map { field = new Set() }
      export function run(lib) {
        const written = [new Map(), new Uint8Array(30), new Date()];
        const theirs = lib.make();
        const bytes = lib.bytes();
        const mine = new Mine();
        const reflected = lib.reflect();
        return [written, theirs, bytes, mine, reflected, written[1].slice(1)];
      }
    `);
    start({ nframe: 5, sampling, seed: 1 });
    try {
      const kept = run(lib);
      const made = takeSnapshot()
        .statistics("lineno")
        .map(({ traceback, allocatedCount }) => [traceback.at(0)?.lineno, allocatedCount] as const)
        .filter(([line]) => line !== undefined && line >= 4)
        .sort(([a], [b]) => a! - b!);
      // Line 4: an array, three objects, the bytes of one; line 5: Map, Set, Date and no array, as `lib` is not
      // instrumented; 6: in exact mode alone, as the others keep V8's quick ways for typed arrays; 7: the instance; 9: the outer
      // array, the copy and its bytes.
      const theirs = sampling === "exact" ? ["6: 2"] : [];
      assertEquals(
        made.map(([line, count]) => `${line}: ${count}`),
        ["4: 5", "5: 3", ...theirs, "7: 1", "8: 1", "9: 3"],
      );
      assertEquals(kept.length, 6);
    } finally {
      stop();
    }
  });
}

test("a constructor in a field initialiser is charged to its own line", async () => {
  const { run } = await instrumented(`class A {
    map = new Map();
  }
  export function run() {
    return new A();
  }`);
  const traces = await traced(run, 1);
  assertEquals(traces.map(({ type, traceback }) => `${type} ${traceback.at(0)?.lineno}`).sort(), [
    "A 5",
    "Map 2",
  ]);
});

test("code without frames and the tracker itself are charged to nobody", async () => {
  await instrumented("export const x = 1");
  const traces = await traced(() => [[1].map(String), Object.keys({ a: 1 }), new Map(), takeSnapshot()]);
  assertEquals(traces.length, 0);
  const { run } = await instrumented(`export function run(api) { return api(); }`);
  const api = (): unknown => {
    const snapshot = takeSnapshot();
    for (const key of ["lineno", "traceback", "type"] as const) snapshot.statistics(key);
    return snapshot.toBytes().length;
  };
  assertEquals((await traced(() => run(api))).length, 0);
});

test("a callback that allocates by built-ins is counted within one", async () => {
  const { run } = await instrumented(`export function run(list) {
    return list.map((n) =>
      [n].concat(n));
  }`);
  const traces = await traced(() => run([1, 2]), 3);
  assertEquals(
    traces.map((trace) => `${trace.type} ${path(trace)}`).sort(),
    ["Array <anonymous>:3", "Array <anonymous>:3", "Array run:2", "closure run:2"]
      .map((text) => (text.includes("anonymous") ? text.replace("<anonymous>", "run:2 <anonymous>") : text))
      .concat(["Array run:2 <anonymous>:3", "Array run:2 <anonymous>:3"])
      .sort(),
  );
});

/** How code that is not instrumented makes one; its type, where that is not the name; external bytes. */
const CONSTRUCTED: Readonly<Record<string, readonly [args: readonly unknown[], bytes?: number]>> = {
  WeakRef: [[{}]],
  Date: [[0]],
  ArrayBuffer: [[40], 40],
  SharedArrayBuffer: [[40], 40],
  DataView: [[new ArrayBuffer(8)], 8],
};

for (const name of CONSTRUCTORS) {
  const make = (globalThis as unknown as Record<string, (new (...args: unknown[]) => object) | undefined>)[
    name
  ];
  if (make === undefined) continue;
  test(`new ${name}() of code that is not instrumented is charged to the line that called it`, async () => {
    const isArray = /Array$/.test(name);
    const [args, bytes] = CONSTRUCTED[name] ?? (isArray ? [[3]] : [[]]);
    const lib = {
      // As the program finds it: the global of this moment.
      make: () => Reflect.construct((globalThis as unknown as Record<string, typeof make>)[name]!, args),
    };
    const { traces, result } = await onItsLine("a.make()", [lib]);
    assertEquals(typesOf(traces), [name]);
    assertStrictEquals((result as object).constructor, make);
    const each = (make as unknown as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 0;
    const external = traces.filter(({ domain }) => domain === 1).map(({ size }) => size);
    const expected = bytes ?? 3 * each;
    assertEquals(external, expected > 0 ? [expected] : []);
  });
}

test("what fetch() gave is charged to the line that reads the body", async () => {
  const body = "[{}]";
  const fetched = await fetch(`data:application/json,${body}`);
  const { traces } = await onItsLine("await a.json()", [fetched.clone()]);
  assertEquals(typesOf(traces), ["Array", "Object"]);
  const bytes = await onItsLine("await a.arrayBuffer()", [fetched]);
  assertEquals(
    bytes.traces.map(({ domain, type, size }) => `${domain} ${type} ${domain === 1 ? size : ""}`).sort(),
    ["0 ArrayBuffer ", `1 ArrayBuffer ${body.length}`],
  );
});

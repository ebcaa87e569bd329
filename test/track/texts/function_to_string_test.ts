import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { assert, assertEquals, assertFalse, assertStrictEquals, assertThrows } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import { instrument } from "../../../src/instrument/instrument.ts";
import { installFunctionToString } from "../../../src/track/texts/function_to_string.ts";
import { importText, instrumented, type TestModule } from "../../instrumented.ts";

const prototype = Function.prototype;
// Other tests of this process can have installed it.
installFunctionToString()();
const native = prototype.toString;
const nativeDescriptor = Object.getOwnPropertyDescriptor(prototype, "toString")!;
const nativeText = native.call(native);
installFunctionToString();

const SOURCE = `
export function declared(a, b = [1]) { /* kept */ return [a, ...b].map((x) => ({ x })); }
export const arrow = async (x) => ({ x: await x });
export const short = x => [x].concat([ x ]);
export function* generator() { yield* [1]; yield; }
export class Class extends Array { static #p = () => 1; field = []; constructor(...args) { super(); this.args = args } get size() { return Class.of(1) } }
export const object = { method() { return this.method.name.concat("!"); }, get accessor() { return String(1); }, async *["computed" + 1]() { yield [await 1] } };
export const named = (() => { const inner = function () { return [inner]; }; return inner; })();
export function announced(it, text, f) { return [it.toArray(), f().toArray(), it.list.toArray(), text.replace(/a/, f), new Map(f()), it?.map(f)]; }
export const plain = (a) => a;
export const holder = (f = () => [f], g = class { h = () => [1] }) => [f, g].map((x) => x);
`;

const program: TestModule = await instrumented(SOURCE);
/** The same, untouched: Bun prints functions anew when it loads them. */
const untouched: TestModule = await importText(SOURCE);

/** Every function of the module, by name. */
function functions(module: TestModule): Record<string, unknown> {
  const accessor = Object.getOwnPropertyDescriptor(module.object, "accessor")!.get;
  return {
    ...module,
    ...module.object,
    accessor,
    object: null,
    size: Object.getOwnPropertyDescriptor(module.Class.prototype, "size")!.get,
  };
}

const isReprinted = "Bun" in globalThis;

/** On Bun, what is left of a pair of brackets may stay. */
function comparable(text: string): string {
  return isReprinted ? text.replace(/[\s;(){}]|\breturn\b|\/\*.*?\*\//g, "") : text;
}

test("instrumented functions show their original text", () => {
  const found = functions(program);
  for (const [name, original] of Object.entries(functions(untouched))) {
    if (typeof original !== "function") continue;
    const text = String(found[name]);
    assertEquals(comparable(text), comparable(native.call(original)), name);
    assertFalse(/\$[tsbdai]\$/.test(text), text);
    if (name !== "plain" && name !== "method")
      assert(/\$[tsbdai]\$/.test(native.call(found[name] as Function)), name);
  }
});

test("the method looks and behaves as the engine's own", () => {
  const method = prototype.toString;
  assertFalse(method === native);
  assertEquals([method.name, method.length, "prototype" in method], ["toString", 0, false]);
  assertEquals(Reflect.ownKeys(method).sort(), Reflect.ownKeys(native).sort());
  assertEquals(
    [method.toString(), String(method), method.call(native)],
    [nativeText, nativeText, nativeText],
  );
  assertThrows(() => new (method as unknown as new () => unknown)(), TypeError);
  const descriptor = Object.getOwnPropertyDescriptor(prototype, "toString")!;
  assertEquals({ ...descriptor, value: null }, { ...nativeDescriptor, value: null });
  for (const value of [
    Math.max,
    class A {},
    (() => 1).bind(null),
    new Proxy(() => 1, {}),
    async () => {},
    Function("return 1"),
    Symbol,
  ]) {
    assertEquals(method.call(value), native.call(value));
  }
});

test("what is no function throws the engine's own TypeError", () => {
  for (const value of [undefined, null, 1, "text", {}, [], Object.create(prototype), new Proxy({}, {})]) {
    const theirs = assertThrows(() => native.call(value), TypeError);
    const ours = assertThrows(() => prototype.toString.call(value), TypeError);
    assertEquals(ours.message, theirs.message);
    assertStrictEquals(Object.getPrototypeOf(ours), TypeError.prototype);
    if (!isReprinted) assertFalse(ours.stack!.includes("function_to_string.ts"), ours.stack);
  }
});

test("the undo puts the engine's own back, unless somebody has put theirs over it", () => {
  const ours = prototype.toString;
  const undo = installFunctionToString(); // a second time: the same
  assertStrictEquals(prototype.toString, ours);
  undo();
  assertStrictEquals(prototype.toString, native);
  assertEquals(Object.getOwnPropertyDescriptor(prototype, "toString"), nativeDescriptor);
  undo();
  const again = installFunctionToString();
  const theirs = () => "theirs";
  Object.defineProperty(prototype, "toString", { ...nativeDescriptor, value: theirs });
  again();
  assertStrictEquals(prototype.toString, theirs);
  Object.defineProperty(prototype, "toString", nativeDescriptor);
  installFunctionToString();
});

test("a stringified function runs in another context", async () => {
  const { declared, short, generator } = program;
  const json = (text: string): unknown => JSON.parse(runInNewContext(`JSON.stringify(${text})`) as string);
  assertEquals(json(`(${declared})(0, [2])`), [{ x: 0 }, { x: 2 }]);
  assertEquals(json(`(${short})(3)`), [3, 3]);
  assertEquals(json(`[...(${generator})()]`), [1, null]);
  assertEquals(json(`new (${program.Class})(1, 2).args`), [1, 2]);
  assertEquals(json(`(${program.holder})().map((x) => x.name)`), ["f", "g"]);
  assertEquals({ ...(await runInNewContext(`(${program.arrow})(7)`)) }, { x: 7 });
});

interface WebWorker {
  onmessage: (event: MessageEvent) => void;
  onerror: (error: unknown) => void;
  terminate(): void;
}

/** The web's own kind of worker, which Node does not have. */
const { Worker: WebWorker } = globalThis as {
  Worker?: new (url: string, options: { type: "module" }) => WebWorker;
};

/** What a worker sends back. */
async function answer(worker: Worker): Promise<unknown> {
  try {
    return await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  } finally {
    await worker.terminate();
  }
}

test("a stringified function runs in a worker, and so does instrumented code without a tracker", async () => {
  const text = `const { parentPort } = require("node:worker_threads"); parentPort.postMessage((${program.declared})(1));`;
  assertEquals(await answer(new Worker(text, { eval: true })), [{ x: 1 }, { x: 1 }]);
  const source = `const { parentPort } = require("node:worker_threads");
    function* g() { yield* [1, 2]; } async function f() { for await (const x of g()) all.push({ x }); return all; }
    const all = []; f().then((value) => parentPort.postMessage(value));`;
  const { code } = instrument(source, { filename: "/app/worker.js", sourceType: "commonjs" });
  assertEquals(await answer(new Worker(code, { eval: true })), [{ x: 1 }, { x: 2 }]);
});

test("a stringified function runs in a worker from a data URL and from a Blob", async () => {
  if (WebWorker === undefined) return assertEquals(typeof Worker, "function"); // Node has no web workers
  const text = `postMessage((${program.declared})(5));`;
  const urls = [
    `data:text/javascript,${encodeURIComponent(text)}`,
    URL.createObjectURL(new Blob([text], { type: "text/javascript" })),
  ];
  for (const url of urls) {
    const worker = new WebWorker(url, { type: "module" });
    const { data } = await new Promise<MessageEvent>((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
    });
    worker.terminate();
    assertEquals(data, [{ x: 5 }, { x: 1 }]);
  }
});

test("while tracing, with stand-ins for built-ins, functions show the same", () => {
  const before = [String(program.declared), String(Array.prototype.map), String(prototype.toString)];
  start(5);
  try {
    assertEquals([String(program.declared), String(Array.prototype.map), String(prototype.toString)], before);
  } finally {
    stop();
  }
  assertEquals(String(program.declared), before[0]);
});

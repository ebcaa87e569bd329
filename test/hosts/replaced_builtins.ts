// Programs replace built-ins: what the tracker does in the middle of one must ask those of the engine.
import { assertEquals } from "@std/assert";
import { type Host, Project, root, whoami } from "./host.ts";

/**
 * Puts something else in the place of each built-in function and accessor that can be changed, runs the program, and puts all
 * back. What stands there either notes who asked, if that is the tracker, or throws.
 */
const REPLACE = `
const R = { ...Object.getOwnPropertyDescriptors(Reflect) };
const [apply, construct, define, describe, keys, parent] = ["apply", "construct", "defineProperty", "getOwnPropertyDescriptor", "ownKeys", "getPrototypeOf"].map((name) => R[name].value);
const NativeError = Error, NativeProxy = Proxy;
const { indexOf } = String.prototype;
const has = (text, part) => apply(indexOf, text, [part]) >= 0;
const GLOBALS = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name) && typeof describe(globalThis, name).value === "function" && /^(?:Aggregate|Array|Async|Big|Boolean|Data|Date|Error|Eval|Final|Float|Function|Int|Iterator|Map|Number|Object|Promise|Proxy|Range|Reference|Reg|Set|Shared|String|Symbol|Syntax|Text|Type|U|Weak)/.test(name)).concat("Math", "JSON", "Reflect");
const ITERATORS = [[].values(), new Map().values(), new Set().values(), ""[Symbol.iterator](), "".matchAll(/a/g)];
const owners = [...new Set([
  ...GLOBALS.flatMap((name) => [globalThis[name], globalThis[name].prototype]),
  Object.getPrototypeOf(Int8Array), Object.getPrototypeOf(Int8Array).prototype,
  ...ITERATORS.flatMap((iterator) => [Object.getPrototypeOf(iterator), Object.getPrototypeOf(Object.getPrototypeOf(iterator))]),
])].filter(Boolean);
const places = owners.flatMap((owner, i) => keys(owner).map((key) => [owner, key, String(owner.name ?? owner[Symbol.toStringTag] ?? owner.constructor?.name ?? i) + (owner.prototype ? "." : ".prototype.") + String(key)])).concat(GLOBALS.map((name) => [globalThis, name, name]));
const LEFT = new Set(["constructor", "prototype", "captureStackTrace", "prepareStackTrace"]);

exports.replace = (kind, own) => {
  const found = { __proto__: null };
  let isWatching = true;
  const note = (label) => {
    if (!isWatching) return;
    isWatching = false;
    const { stack } = new NativeError();
    // The nearest frame that is not of this file.
    let line = "";
    for (let i = 0, count = 0; i <= stack.length; i++) {
      if (i < stack.length && stack[i] !== "\\n") { line += stack[i]; continue; }
      if (count++ > 0 && !has(line, "replace.cjs") && !has(line, "native") && !has(line, "<anonymous>") && !has(line, "unknown")) break;
      line = "";
    }
    let isOwn = false;
    for (let i = 0; i < own.length; i++) isOwn ||= has(line, own[i]);
    if (isOwn) found[label] ??= line;
    isWatching = true;
  };
  const other = (label, value) => {
    if (kind === "throw") return function () { throw new NativeError("replaced: " + label); };
    return new NativeProxy(value, {
      __proto__: null,
      apply: (target, self, args) => (note(label), apply(target, self, args)),
      construct: (target, args, newTarget) => (note("new " + label), construct(target, args, newTarget)),
    });
  };
  const undos = [];
  for (const [owner, key, label] of places) {
    const before = describe(owner, key);
    if (!before.configurable || LEFT.has(key)) continue;
    // The engine asks for it, on the program's behalf.
    if (key === Symbol.species) continue;
    // Node's timers ask for these (internal/async_hooks).
    if (kind === "throw" && (label === "TypedArray.prototype.length" || label === "Array.prototype.pop" || label === "Array.prototype.push")) continue;
    if (typeof before.value === "function") undos.push([owner, key, before, { ...before, value: other(label, before.value) }]);
    else if (typeof before.get === "function") undos.push([owner, key, before, { ...before, get: other("get " + label, before.get) }]);
  }
  for (let i = 0; i < undos.length; i++) undos[i][3].__proto__ = undos[i][2].__proto__ = null;
  for (let i = 0; i < undos.length; i++) define(undos[i][0], undos[i][1], undos[i][3]);
  return () => {
    isWatching = false;
    for (let i = 0; i < undos.length; i++) {
      define(undos[i][0], undos[i][1], undos[i][2]);
    }
    return found;
  };
};
`;

const MAIN = `
let tracker;
const { replace } = require("./replace.cjs");
const { apply } = Reflect;
const { setTimeout } = globalThis;
const write = process.stdout.write.bind(process.stdout);
const [, , kind, sampling, file, ...own] = process.argv;
const textOf = (value) => apply(Function.prototype.toString, value, []);
const functionText = Function.prototype.toString;
const { map, slice } = Array.prototype;
const parse = JSON.parse, NativeMap = Map, NativeUint8Array = Uint8Array, NativePromise = Promise;

class Node { constructor(value) { this.value = value; this.list = [value]; } get text() { return \`\${this.value} and more\`; } }
class Own extends NativeMap {}
const kept = { __proto__: null, length: 0 };
function keep(value) { kept[kept.length++] = value; }
function make(depth, i) { return depth > 0 ? make(depth - 1, i) : { i, later: () => i, ["k" + i % 3]: { ...{ i } } }; }
function* inner() { yield { a: 1 }; }
// A delegation itself asks for what has been replaced.
function* gives() { if (kind === "watch") yield* inner(); yield { b: 2 }; }
async function waits() { await null; return { waited: true }; }
function allocate(times) {
  for (let i = 0; i < times; i++) {
    keep(make(i % 5, i));
    const node = new Node(i);
    keep(node); keep(node.text); keep(/x/); keep(new Own()); keep(new NativeUint8Array(8));
    if (i % 64 === 0) {
      keep(apply(map, [1, 2], [(x) => ({ x })])); keep(apply(slice, [1, 2], [0]));
      keep(parse('{"a":[1,{"b":2}]}'));
      for (let g = gives(), step = g.next(); !step.done; step = g.next()) keep(step.value);
    }
    if (i % 2000 === 1999) kept.length = 0;
  }
}

const steps = { __proto__: null };
let step = "";
async function run() {
  step = "allocate"; allocate(4000);
  step = "await"; keep(await waits());
  step = "text"; steps.text = apply(functionText, make, []) + apply(functionText, waits, []) + apply(functionText, Node, []);
  step = "builtin's text"; steps.builtin = apply(functionText, parse, []);
  step = "getTracedMemory"; steps.traced = tracker.getTracedMemory().current > 1000 && tracker.getTracedMemory().peak > 1000;
  step = "getTracebackLimit"; steps.limit = tracker.getTracebackLimit();
  step = "getTracemallocMemory"; steps.memory = tracker.getTracemallocMemory() > 1000;
  step = "track"; tracker.track(16, "a key", 100); tracker.track(16, "other", 1); tracker.untrack(16, "other");
  step = "getObjectTraceback"; const object = { made: "here" }; steps.traceback = tracker.getObjectTraceback(object) !== null || sampling !== "exact";
  step = "snapshot"; const first = tracker.takeSnapshot();
  step = "snapshot at the peak"; tracker.takeSnapshot({ at: "peak" });
  step = "bytes"; const bytes = first.toBytes();
  step = "dump"; first.dump(file);
  step = "statistics"; first.statistics("lineno"); first.compareTo(first, "filename");
  step = "resetPeak"; tracker.resetPeak();
  step = "clearTraces"; tracker.clearTraces(); allocate(1500);
  step = "collect"; await tracker.collect();
  step = "stop"; tracker.stop(); allocate(100);
  step = "start"; tracker.start({ nframe: 5, sampling: sampling === "exact" ? "exact" : sampling === "adaptive" ? "adaptive" : +sampling });
  step = "allocate again"; allocate(1500);
  // The hosts' loaders ask what has been replaced themselves.
  step = "later"; steps.later = kind === "watch" ? require("./later.cjs").later() : 2;
  step = "wait"; await new NativePromise((done) => setTimeout(done, 20));
  step = "last snapshot"; return [first, tracker.takeSnapshot()];
}

(async () => {
  tracker = await import("tracemalloc");
  const undo = replace(kind, own);
  let snapshots, failure = null;
  try { snapshots = await run(); } catch (error) { failure = error; }
  const asked = undo();
  if (failure !== null) { write("failed at " + step + ": " + failure.stack + "\\n"); process.exitCode = 1; return; }
  for (const name of Object.keys(asked)) write("asked: " + name + " " + asked[name].trim() + "\\n");
  const [first, last] = snapshots;
  const lines = (snapshot, name) => snapshot.statistics("lineno").filter(({ traceback }) => traceback.at(-1).filename.endsWith(name)).length;
  write(JSON.stringify({
    ...steps,
    text: steps.text === textOf(make) + textOf(waits) + textOf(Node) && steps.text.includes("later: () => i") && !steps.text.includes("$"+"t$"),
    builtin: /native code/.test(steps.builtin),
    tracing: tracker.isTracing(),
    lines: [lines(first, "main.cjs") > 5, lines(last, "main.cjs") > 5, lines(last, "later.cjs") > 0 || kind === "throw"],
    loaded: tracker.Snapshot.load(file).traces.length > 1000,
    user: first.filterTraces([new tracker.DomainFilter(true, 16)]).traces.length,
  }) + "\\n");
  ${whoami}
})();
`;

const EXPECTED = {
  text: true,
  builtin: true,
  traced: true,
  limit: 25,
  memory: true,
  traceback: true,
  later: 2,
  tracing: true,
  lines: [true, true, true],
  loaded: true,
  user: 1,
};

/** The tracker asks no built-in that the program has replaced, and goes on where all of them throw. */
export async function assertAsksNone(host: Host, sampling: string): Promise<void> {
  using project = new Project({
    "main.cjs": MAIN,
    "replace.cjs": REPLACE,
    "later.cjs": `exports.later = () => { globalThis.kept = [{ a: [1] }, { b: 2 }]; return kept.length; };`,
  });
  for (const kind of ["watch", "throw"]) {
    const args = [
      kind,
      sampling,
      project.path("dump.pb.gz"),
      `${root}src/`,
      `${root}plugin/`,
      `${root}dist/`,
    ];
    const env = {
      TRACEMALLOC: "25",
      TRACEMALLOC_SAMPLING: sampling,
      TRACEMALLOC_EXCLUDE: "**/replace.cjs",
    };
    const { stdout, stderr } = await project.run(host, "main.cjs", { args, env });
    const [result, ...rest] = stdout.trimEnd().split("\n");
    assertEquals([rest, stderr], [[`host:${host}`], ""], `${kind}: ${stdout}`);
    assertEquals(Object.entries(JSON.parse(result!)).sort(), Object.entries(EXPECTED).sort(), kind);
  }
}

// A program that uses timers and listeners in all sorts of ways finds nothing changed.
import * as mod from "node:module";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { start, stop, takeSnapshot } from "../../../mod.ts";
import { importText, instrumented } from "../../instrumented.ts";
import { counted } from "./counted.ts";

const PROGRAM = `
const events = process.getBuiltinModule("node:events");
const timers = process.getBuiltinModule("node:timers");
const promises = process.getBuiltinModule("node:timers/promises");
const { promisify, inspect } = process.getBuiltinModule("node:util");
const { EventEmitter } = events;
const log = [];
const say = (...values) => void log.push(values.map((value) => String(value)).join(" "));
const until = async (is) => { while (!is()) await promises.setTimeout(1); };
const thrown = (run) => { try { run(); say("nothing thrown"); } catch (error) {
  say(error.name, error.code, error.message, /src.track/.test(error.stack)); } };

export async function run() {
  log.length = 0;
  for (const [name, own] of [["setTimeout", setTimeout], ["setInterval", setInterval], ["setImmediate", setImmediate],
    ["on", EventEmitter.prototype.on], ["off", EventEmitter.prototype.off], ["add", EventTarget.prototype.addEventListener]])
    say(name, own.name, own.length, String(own), Object.keys(own), promisify.custom in own);
  say(promisify(setTimeout) === promises.setTimeout, EventEmitter.prototype.on === EventEmitter.prototype.addListener,
    EventEmitter.prototype.off === EventEmitter.prototype.removeListener);

  // timers
  let ran = 0;
  const timer = setTimeout(function (a, b) { say("timer", a, b, this === timer, arguments.length); ran++; }, 1, "a", "b");
  say(typeof timer, timer.constructor.name, timer.hasRef(), timer.unref() === timer, timer.hasRef(), timer.ref() === timer,
    timer.hasRef(), timer.refresh() === timer, typeof timer[Symbol.toPrimitive](), typeof timer[Symbol.dispose]);
  await until(() => ran === 1);
  const interval = setInterval(() => { if (++ran === 4) clearInterval(interval); }, 1);
  await until(() => ran === 4);
  const immediate = setImmediate((...args) => { say("immediate", args); ran++; }, 1, 2);
  say(immediate.hasRef());
  thrown(() => setTimeout("text", 1));
  thrown(() => setTimeout());
  thrown(() => setInterval(null, 1));
  thrown(() => setImmediate(7));
  await until(() => ran === 5);
  say(await promisify(setTimeout)(1, "value"), await promises.setImmediate("soon"), await promises.scheduler.yield());
  const leave = new AbortController();
  const sleeping = promises.setTimeout(1e6, "never", { signal: leave.signal, ref: false });
  leave.abort(new Error("why"));
  await sleeping.catch((error) => say(error.name, error.code, error.cause?.message));
  await promises.setTimeout(1, null, { signal: AbortSignal.abort() }).catch((error) => say(error.name));
  await promises.setTimeout(1, null, { ref: "what" }).catch((error) => say(error.code));
  const ticks = [];
  for await (const tick of promises.setInterval(1, "tick")) if (ticks.push(tick) === 3) break;
  say(ticks);

  // emitters
  const emitter = new EventEmitter();
  const heard = [];
  emitter.on("newListener", (name, listener) => heard.push("+" + String(name) + " " + listener.name));
  emitter.on("removeListener", (name, listener) => heard.push("-" + String(name) + " " + listener.name));
  function a() { heard.push("a " + (this === emitter)); }
  function b(...args) { heard.push("b " + args); }
  const symbol = Symbol("s");
  say(emitter.on("x", a) === emitter, emitter.once("x", b) === emitter, emitter.prependListener("x", b) === emitter,
    emitter.prependOnceListener(symbol, a) === emitter, emitter.addListener("y", a) === emitter);
  say(emitter.listeners("x").map((one) => one === a ? "a" : one === b ? "b" : "?"), emitter.rawListeners("x")[2].listener === b,
    emitter.listenerCount("x"), emitter.listenerCount("x", b), emitter.eventNames().map(String));
  emitter.emit("x", 1, 2); emitter.emit("x", 3); emitter.emit(symbol);
  say(emitter.off("x", a) === emitter, emitter.removeAllListeners("y") === emitter, emitter.listenerCount("x"), emitter.listenerCount("y"));
  thrown(() => emitter.on("x", "no function"));
  thrown(() => emitter.once("x"));
  thrown(() => emitter.off("x", 1));
  thrown(() => emitter.on("error", () => {}).removeAllListeners("error").emit("error", new RangeError("unheard")));
  class Louder extends EventEmitter { on(name, listener) { heard.push("on " + String(name)); return super.on(name, listener); } }
  const louder = new Louder();
  louder.once("z", a); louder.emit("z");
  say(louder.listenerCount("z"), heard.join("; "));
  const mixed = Object.assign({}, EventEmitter.prototype); mixed.on("m", () => say("mixed")); mixed.emit("m");
  const careful = new EventEmitter({ captureRejections: true });
  careful.on("error", (error) => say("captured", error.message)); careful.on("x", async () => { throw new Error("rejected"); });
  careful.emit("x"); await promises.setImmediate();
  setTimeout(() => emitter.emit("later", 5), 1);
  say(await events.once(emitter, "later"), emitter.listenerCount("later"), emitter.listenerCount("error"));
  const aborted = AbortSignal.abort();
  await events.once(emitter, "later", { signal: aborted }).catch((error) => say(error.name));
  const several = events.on(emitter, "several");
  emitter.emit("several", 1); emitter.emit("several", 2);
  say((await several.next()).value, (await several.next()).value, (await several.return()).done, emitter.listenerCount("several"));
  const crowd = new EventEmitter().setMaxListeners(1);
  const warned = new Promise((resolve) => process.once("warning", (warning) => resolve(warning)));
  crowd.on("c", a).on("c", b);
  const warning = await warned;
  say(warning.name, warning.count, warning.type, warning.emitter === crowd);

  // event targets
  const target = new EventTarget();
  const calls = [];
  const listener = (event) => calls.push(event.type);
  say(target.addEventListener("e", listener, { once: true }), target.addEventListener("e", { handleEvent(event) { calls.push("object " + (this !== target)); } }));
  const gone = new AbortController();
  target.addEventListener("e", () => calls.push("signal"), { signal: gone.signal });
  let reads = 0;
  target.addEventListener("e", () => {}, { get passive() { reads++; return true; } });
  target.dispatchEvent(new Event("e")); gone.abort(); target.dispatchEvent(new Event("e"));
  target.removeEventListener("e", listener);
  say(calls, reads > 0, target.dispatchEvent(new Event("f")));
  thrown(() => target.addEventListener("e"));
  // Bun takes no frame off an error where code of the program's might have run.
  if (!globalThis.Bun) thrown(() => target.addEventListener.call({}, "e", listener));
  thrown(() => target.addEventListener("e", 5));
  try { say(events.getEventListeners(target, "e").length); } catch (error) { say(error.message); }
  return log;
}
`;

const TICKS = PROGRAM.split("\n").findIndex((line) => line.includes("promises.setInterval(1")) + 1;
const WITHOUT_CALLS = { options: { calls: false } };

for (const [name, options, how] of [
  ["exact", { nframe: 5 }, {}],
  ["adaptive, no calls recorded", { nframe: 5, sampling: "adaptive" }, WITHOUT_CALLS],
] as const) {
  test(`${name}: a program behaves as before, and nothing is left of what it has ended`, async () => {
    const untouched = (await (await importText(PROGRAM)).run()) as string[];
    start(options);
    try {
      const program = await instrumented(PROGRAM, how);
      assertEquals([...((await program.run()) as string[])], [...untouched]);
      assert(untouched.length > 35, `${untouched.length}`);
      // The generator of `timers/promises` is left, and waits to be collected.
      const { [TICKS]: ticks = 0, ...others } = counted("timers");
      assert(ticks <= 1);
      assertEquals(others, {});
    } finally {
      stop();
    }
  });
}

test("a program that has put its own setTimeout there keeps it, and gets the host's back as it was", async () => {
  const own = globalThis.setTimeout;
  start(5);
  const program = await instrumented(`export function replace() {
  const before = globalThis.setTimeout;
  const fake = (run, ms) => ({ ms, run });
  globalThis.setTimeout = fake;
  const timer = setTimeout("faked", 5);
  return { before, timer, isFake: globalThis.setTimeout === fake };
}`);
  const { before, timer, isFake } = program.replace();
  assertEquals([timer.ms, timer.run, isFake], [5, "faked", true]);
  const fake = globalThis.setTimeout;
  stop();
  assertEquals(globalThis.setTimeout, fake);
  // As fake timers do it in the end. What they had replaced passes calls on.
  globalThis.setTimeout = before;
  await new Promise<void>((resolve) => setTimeout(resolve, 1));
  globalThis.setTimeout = own;
  (mod as { syncBuiltinESMExports?: () => void }).syncBuiltinESMExports?.();
});

test("mock timers of node:test", async (context) => {
  // Bun has none.
  if (!("Bun" in globalThis) && "mock" in context) {
    start(5);
    try {
      const program = await instrumented(`export const later = (run) => setTimeout(run, 1000);`);
      const { timers } = context.mock;
      timers.enable({ apis: ["setTimeout"] });
      let runs = 0;
      program.later(() => runs++);
      timers.tick(1000);
      assertEquals([runs, counted("timers")], [1, {}]);
      timers.reset();
      const timer = program.later(() => {});
      assertEquals(counted("timers"), { 1: 1 });
      clearTimeout(timer);
    } finally {
      stop();
    }
  }
});

test("snapshots with timers and listeners are the same again from a file", async () => {
  const { EventEmitter } = await import("node:events");
  const { Snapshot } = await import("../../../mod.ts");
  start(5);
  const program = await instrumented(`export const make = (emitter) => {
  emitter.on("a", () => {});
  return setTimeout(() => {}, 1e6);
};`);
  const emitter = new EventEmitter();
  clearTimeout(program.make(emitter));
  const timer = program.make(emitter);
  const snapshot = takeSnapshot();
  stop();
  clearTimeout(timer);
  const read = Snapshot.fromBytes(snapshot.toBytes());
  assert(read.equals(snapshot));
  const domains = [...read.traces].map(({ domain, type }) => `${domain} ${type}`);
  assertEquals(domains.filter((text) => text === "4 listener").length, 2);
  assertEquals(domains.filter((text) => text === "3 timeout").length, 1);
});

// Listeners of emitters are on the line that adds them, until they are removed, have been called once, or their emitter is collected.
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { collect, getTracedMemory, start, stop } from "../../../mod.ts";
import { instrumented, type TestModule } from "../../instrumented.ts";
import { counted } from "./counted.ts";
import { KINDS } from "./kinds.ts";

const PROGRAM = `import * as events from "node:events";
export const on = (emitter, name, listener) =>
  emitter.on(name, listener);
export const once = (emitter, name, listener) =>
  emitter.once(name, listener);
export const before = (emitter, name, listener) =>
  emitter.prependListener(name, listener);
export const onceBefore = (emitter, name, listener) =>
  emitter.prependOnceListener(name, listener);
export const awaited = (emitter, name) =>
  events.once(emitter, name);
export const iterated = (emitter, name) =>
  events.on(emitter, name);
export const many = (emitter, count) => { for (let i = 0; i < count; i++)
  emitter.on("many", () => i); };
export const names = (emitter, count) => { for (let i = 0; i < count; i++)
  emitter.once("name " + i, () => i); };
export const emitters = (count, Emitter) => { const made = []; for (let i = 0; i < count; i++) {
  made.push(new Emitter().on("a", () => i)); }
  return made; };
`;
const [ON, ONCE, BEFORE, ONCE_BEFORE, AWAITED, ITERATED, MANY, NAMES, EMITTERS] = [
  3, 5, 7, 9, 11, 13, 15, 17, 19,
];

for (const { name, options, calls } of KINDS) {
  const tracing = async (
    work: (program: TestModule, emitter: EventEmitter) => Promise<void> | void,
  ): Promise<void> => {
    start(options);
    try {
      await work(await instrumented(PROGRAM, { options: { calls } }), new EventEmitter().setMaxListeners(0));
    } finally {
      stop();
    }
  };

  test(`${name}: listeners are counted until they are removed`, () =>
    tracing((program, emitter) => {
      const listener = (): void => {};
      program.on(emitter, "a", listener);
      program.on(emitter, "a", listener);
      program.on(emitter, "b", listener);
      program.before(emitter, "a", listener);
      assertEquals(counted("listeners"), { [ON]: 3, [BEFORE]: 1 });
      emitter.off("a", listener);
      assertEquals(counted("listeners"), { [ON]: 3 });
      emitter.removeListener("a", listener).removeListener("a", listener).removeListener("a", listener);
      assertEquals(counted("listeners"), { [ON]: 1 });
      emitter.off("b", () => {});
      assertEquals(counted("listeners"), { [ON]: 1 });
      emitter.off("b", listener);
      assertEquals(counted("listeners"), {});
    }));

  test(`${name}: once is counted until it has been called, or removed by either function`, () =>
    tracing((program, emitter) => {
      let calls = 0;
      const listener = (): void => void calls++;
      program.once(emitter, "a", listener);
      program.onceBefore(emitter, "b", listener);
      program.once(emitter, "c", listener);
      program.once(emitter, "d", listener);
      assertEquals(counted("listeners"), { [ONCE]: 3, [ONCE_BEFORE]: 1 });
      emitter.emit("a");
      emitter.emit("b");
      assertEquals([calls, counted("listeners")], [2, { [ONCE]: 2 }]);
      emitter.off("c", listener);
      assertEquals(counted("listeners"), { [ONCE]: 1 });
      emitter.off("d", emitter.rawListeners("d")[0] as () => void);
      assertEquals(counted("listeners"), {});
      assertEquals(emitter.eventNames(), []);
    }));

  test(`${name}: removeAllListeners takes those of one event, or all`, () =>
    tracing((program, emitter) => {
      for (const event of ["a", "b", "c"]) {
        program.on(emitter, event, () => {});
        program.once(emitter, event, () => {});
      }
      emitter.removeAllListeners("b");
      assertEquals(counted("listeners"), { [ON]: 2, [ONCE]: 2 });
      emitter.on("removeListener", () => {}).removeAllListeners("a");
      assertEquals(counted("listeners"), { [ON]: 1, [ONCE]: 1 });
      emitter.removeAllListeners();
      assertEquals(counted("listeners"), {});
    }));

  test(`${name}: events.once and events.on are counted until they are over`, () =>
    tracing(async (program, emitter) => {
      const awaited = program.awaited(emitter, "a");
      const iterated = program.iterated(emitter, "b");
      const { [AWAITED]: once, [ITERATED]: on, ...others } = counted("listeners");
      assert(once! > 0 && on! > 0);
      assertEquals(others, {});
      emitter.emit("a", 1);
      assertEquals(await awaited, [1]);
      await iterated.return();
      assertEquals([counted("listeners"), emitter.eventNames()], [{}, []]);
    }));

  test(`${name}: listeners go with their emitter`, () =>
    tracing(async (program) => {
      const kept = program.emitters(50, EventEmitter).slice(0, 3);
      assertEquals(counted("listeners"), { [EMITTERS]: 50 });
      await collect();
      const left = counted("listeners")[EMITTERS]!;
      // JavaScriptCore looks through the machine's stack, and takes stale slots for references.
      assert(left >= 3 && left <= ("Bun" in globalThis ? 10 : 4), `${left} are left`);
      assertEquals(kept.length, 3);
    }));

  // In all modes they are counted alike.
  if (name !== "exact") continue;
  test(`${name}: 100,000 listeners, of one event, and of as many`, () =>
    tracing((program, emitter) => {
      program.many(emitter, 100_000);
      program.names(emitter, 100_000);
      assertEquals(counted("listeners"), { [MANY]: 100_000, [NAMES]: 100_000 });
      const listeners = emitter.listeners("many") as (() => void)[];
      // Bun takes 0.1 ms for each.
      for (let i = listeners.length - 1; i >= 99_000; i--) emitter.off("many", listeners[i]!);
      for (let i = 0; i < 50_000; i++) emitter.emit(`name ${i}`);
      assertEquals(counted("listeners"), { [MANY]: 99_000, [NAMES]: 50_000 });
      const before = getTracedMemory().current;
      emitter.removeAllListeners();
      assertEquals(counted("listeners"), {});
      assert(getTracedMemory().current < before);
    }));

  test(`${name}: 100,000 emitters`, () =>
    tracing(async (program) => {
      const count = 100_000;
      let kept = program.emitters(count, EventEmitter);
      assertEquals([kept.length, counted("listeners")], [count, { [EMITTERS]: count }]);
      kept = null;
      await collect();
      assert((counted("listeners")[EMITTERS] ?? 0) < 100);
    }));
}

test("a listener that was added while tracing goes after stop(), too, and emitters have their own methods then", async () => {
  const own = EventEmitter.prototype.on;
  const emitter = new EventEmitter();
  start(5);
  const program = await instrumented(PROGRAM);
  const listener = (): void => {};
  program.on(emitter, "a", listener);
  stop();
  assertStrictEquals(EventEmitter.prototype.on, own);
  emitter.off("a", listener);
  start(5);
  program.on(emitter, "a", listener);
  assertEquals(counted("listeners"), { [ON]: 1 });
  emitter.off("a", listener);
  assertEquals(counted("listeners"), {});
  stop();
});

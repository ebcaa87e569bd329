// Of each emitter the first three are kept without an object for each: whatever is removed, in whatever order, it is the one that the emitter removes.
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { clearTraces, collect } from "../../../mod.ts";
import { EmitterListeners } from "../../../src/track/resources/emitter_listeners.ts";
import type { TestModule } from "../../instrumented.ts";
import { tracingProgram } from "../../tracing_program.ts";
import { counted } from "./counted.ts";

const LINES = 6;
const PROGRAM = Array.from(
  { length: LINES },
  (_, i) => `export const on${i} = (emitter, type, listener) => emitter.on(type, listener);
export const once${i} = (emitter, type, listener) => emitter.once(type, listener);
export const prepend${i} = (emitter, type, listener) => emitter.prependListener(type, listener);
`,
).join("");
type Add = (emitter: EventEmitter, type: string | symbol, listener: () => void) => void;

/** Pseudo-random whole numbers below `end`, always the same. */
function numbers(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1;
    return (state >>> 8) % end;
  };
}

const tracing = (work: (program: TestModule) => Promise<void> | void): Promise<void> =>
  tracingProgram(PROGRAM, work);

test("what an emitter has is counted on its lines, whatever is added and removed", () =>
  tracing((program) => {
    const functions = Array.from({ length: 4 }, () => (): void => {});
    const types = ["a", "b", Symbol("c")];
    const next = numbers(20);
    for (let run = 0; run < 60; run++) {
      const emitter = new EventEmitter().setMaxListeners(0);
      // The functions of each line are its own, so that an emitter's list tells the lines.
      const own = Array.from({ length: LINES }, () => functions.map((inner) => () => inner()));
      const most = 1 + (run % 8);
      for (let step = 0; step < 30; step++) {
        const line = next(LINES);
        const listener = own[line]![next(2)]!;
        const type = types[next(types.length)]!;
        const how = next(10);
        if (how === 0) emitter.removeAllListeners(type);
        else if (how === 1 && step % 7 === 0) emitter.removeAllListeners();
        else if (how === 2) emitter.emit(type);
        else if (how < 6 || emitter.eventNames().length > most) emitter.off(type, listener);
        else {
          const way = ["on", "once", "prepend"][next(3)]!;
          (program[`${way}${line}`] as Add)(emitter, type, listener);
        }
      }
      // By function: how many there are on all its lines.
      const expected = own.map(
        (ones) =>
          types.flatMap((type) => emitter.listeners(type)).filter((one) => ones.includes(one as () => void))
            .length,
      );
      const found = Array.from({ length: LINES }, () => 0);
      for (const [line, count] of Object.entries(counted("listeners")))
        found[Math.floor((Number(line) - 1) / 3)]! += count;
      assertEquals(found, expected, `run ${run}`);
      clearTraces();
    }
  }));

test("of the same function twice, the one goes that came last", () =>
  tracing((program) => {
    const emitter = new EventEmitter();
    const listener = (): void => {};
    (program.on0 as Add)(emitter, "a", listener);
    (program.on1 as Add)(emitter, "a", listener);
    (program.on2 as Add)(emitter, "b", listener);
    emitter.off("a", listener);
    assertEquals(counted("listeners"), { 1: 1, 7: 1 });
    (program.once3 as Add)(emitter, "a", listener);
    emitter.off("a", emitter.rawListeners("a")[1] as () => void);
    assertEquals(counted("listeners"), { 1: 1, 7: 1 });
    emitter.off("a", listener);
    emitter.off("b", listener);
    assertEquals(counted("listeners"), {});
  }));

test("numbers stay those of their listeners when the emitter begins to be watched", () => {
  const listeners = new EmitterListeners();
  const names = ["a", "b", "c", "d", "e"];
  for (const [i, name] of names.entries()) {
    listeners.add(name, name, name, i + 1);
    // The fourth makes the ring; earlier, somebody looks.
    if (i === 1) listeners.token.makeRing();
  }
  assertEquals(
    ["b", "e", "a", "a", "d", "c"].map((name) => listeners.take(name, name)),
    [2, 5, 1, 0, 4, 3],
  );
  assertEquals([listeners.isEmpty(), listeners.token.isEmpty(), listeners.token.ring], [true, true, 0]);
  listeners.add("a", "a", "a", 7);
  assertEquals([listeners.isEmpty(), listeners.take("a", "a")], [false, 7]);
});

test("all of an emitter's end with it, the first three and those after them", () =>
  tracing(async (program) => {
    for (let size = 1; size <= 6; size++) {
      for (let i = 0; i < 100; i++) {
        const emitter = new EventEmitter();
        for (let j = 0; j < size; j++) (program.on0 as Add)(emitter, `${j}`, () => {});
      }
    }
    assertEquals(counted("listeners"), { 1: 2100 });
    await collect();
    // JavaScriptCore may take some for alive that are only left on its stack.
    assertEquals((counted("listeners")[1] ?? 0) < 42, true);
  }));

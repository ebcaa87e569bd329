// Emitters are watched a few at a time: those whose listeners are all removed by then never are.
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { clearTraces, collect, getTracedMemory } from "../../../mod.ts";
import type { TestModule } from "../../instrumented.ts";
import { tracingProgram } from "../../tracing_program.ts";
import { counted } from "./counted.ts";

const PROGRAM = `export const on = (emitter, listener) =>
  emitter.on("a", listener);
`;
const ON = 2;
/** Several times as many as are looked at together. */
const MANY = 1000;
const nothing = (): void => {};

const tracing = (work: (program: TestModule) => Promise<void> | void): Promise<void> =>
  tracingProgram(PROGRAM, work);

test("each of many emitters has its listener counted until it is removed, and out when the emitter is gone", () =>
  tracing(async (program) => {
    let emitters: EventEmitter[] = Array.from({ length: MANY }, () => new EventEmitter());
    for (const emitter of emitters) program.on(emitter, nothing);
    assertEquals(counted("listeners"), { [ON]: MANY });
    for (const emitter of emitters.splice(0, 100)) emitter.off("a", nothing);
    assertEquals(counted("listeners"), { [ON]: MANY - 100 });
    emitters = emitters.splice(0, 1);
    await collect();
    // JavaScriptCore may take some for alive that are only left on its stack.
    assertEquals([emitters.length, (counted("listeners")[ON] ?? 0) < 20], [1, true]);
    emitters[0]!.off("a", nothing);
  }));

test("an emitter that had none left when it was looked at is watched when it has one again", () =>
  tracing(async (program) => {
    const emitters = Array.from({ length: MANY }, () => new EventEmitter());
    for (let turn = 0; turn < 2; turn++) {
      for (const emitter of emitters) {
        program.on(emitter, nothing);
        emitter.off("a", nothing);
      }
      assertEquals(counted("listeners"), {});
    }
    for (const emitter of emitters) program.on(emitter, nothing);
    assertEquals(counted("listeners"), { [ON]: MANY });
    emitters.length = 0;
    await collect();
    assertEquals((counted("listeners")[ON] ?? 0) < 20, true);
  }));

test("listeners are counted between two looks as they are at each", () =>
  tracing((program) => {
    const emitter = new EventEmitter().setMaxListeners(0);
    const before = getTracedMemory().current;
    for (let i = 0; i < 3 * MANY; i++) {
      program.on(emitter, nothing);
      if (i % 3 !== 0) emitter.off("a", nothing);
    }
    assertEquals(counted("listeners"), { [ON]: MANY });
    assertEquals(getTracedMemory().current - before >= MANY * 4, true);
    clearTraces();
    program.on(emitter, nothing);
    emitter.off("a", nothing);
    emitter.off("a", nothing);
    assertEquals(counted("listeners"), {});
    program.on(emitter, nothing);
    assertEquals(counted("listeners"), { [ON]: 1 });
  }));

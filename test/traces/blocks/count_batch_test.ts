// In exact mode resources are counted many at once, those of a line together: what is read is as if each had been counted when it came and went.
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { clearTraces, DomainFilter, getTracedMemory, resetPeak, takeSnapshot } from "../../../mod.ts";
import type { TestModule } from "../../instrumented.ts";
import { tracingProgram } from "../../tracing_program.ts";

/** Several times as many as have a place of their own. */
const LINES = 300;
/** More than are counted at once. */
const MANY = 3000;
const PROGRAM = Array.from(
  { length: LINES },
  (_, i) => `export const on${i + 1} = (emitter, listener) => emitter.on("a", listener);\n`,
).join("");
type Add = (emitter: EventEmitter, listener: () => void) => void;

const tracing = (work: (program: TestModule) => void): Promise<void> => tracingProgram(PROGRAM, work);

/** By line: how many there are, and how many there ever were. */
function figures(): Map<number, [count: number, ever: number]> {
  const listeners = takeSnapshot().filterTraces([new DomainFilter(true, "listeners")]);
  return new Map(
    listeners
      .statistics("lineno")
      .map(({ traceback, count, allocatedCount }) => [traceback.at(-1)!.lineno, [count, allocatedCount]]),
  );
}

const listener = (): void => {};

test("listeners of many lines, which come and go in turns", () =>
  tracing((program) => {
    const emitter = new EventEmitter().setMaxListeners(0);
    const on = Array.from({ length: LINES }, (_, i) => program[`on${i + 1}`] as Add);
    for (let round = 0; round < 4; round++) {
      for (let line = 1; line <= LINES; line++) {
        on[line - 1]!(emitter, listener);
        if (line % 3 !== 0) emitter.off("a", listener);
      }
    }
    const found = figures();
    for (let line = 1; line <= LINES; line++)
      assertEquals(found.get(line), [line % 3 === 0 ? 4 : 0, 4], `line ${line}`);
    for (let i = 0; i < (4 * LINES) / 3; i++) emitter.off("a", listener);
    assertEquals(
      [...figures().values()].every(([count, ever]) => count === 0 && ever === 4),
      true,
    );
  }));

test("the peak has those that are gone when somebody looks", () =>
  tracing((program) => {
    const add = program.on1 as Add;
    const emitter = new EventEmitter().setMaxListeners(0);
    add(emitter, listener);
    const { size } = takeSnapshot()
      .filterTraces([new DomainFilter(true, "listeners")])
      .traces.at(0)!;
    const before = getTracedMemory().current;
    resetPeak();
    for (let i = 0; i < MANY; i++) add(emitter, listener);
    for (let i = 0; i < MANY; i++) emitter.off("a", listener);
    const { current, peak } = getTracedMemory();
    assertEquals([current, peak - before], [before, size * MANY]);
    // What is there all the time is no peak of thousands.
    resetPeak();
    for (let i = 0; i < MANY; i++) {
      add(emitter, listener);
      emitter.off("a", listener);
    }
    assertEquals(getTracedMemory().peak - before <= 2 * size, true);
    assertEquals(figures().get(1), [1, 1 + 2 * MANY]);
    clearTraces();
    emitter.off("a", listener);
    add(emitter, listener);
    assertEquals(figures().get(1), [1, 1]);
  }));

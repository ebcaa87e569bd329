// Listeners, timers and suspended calls that each call leaves behind.
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { assertNoLeak, findLeaks, LeakError } from "../../../plugin/testing/testing.ts";
import { instrumented } from "../../instrumented.ts";

const PROGRAM = `const shared = () => {};
export const listens = (emitter) => { for (const name of ["a", "b", "c"])
  emitter.on(name, shared); };
export const starts = (timers) => {
  timers.push(setInterval(shared, 1e6)); };
export async function waits(promise) {
  await promise;
}
export const tidy = async (emitter) => {
  emitter.on("a", shared).once("b", shared).off("a", shared).emit("b");
  clearTimeout(setTimeout(shared, 1e6));
  await new Promise((resolve) => setImmediate(resolve));
};
`;
const program = await instrumented(PROGRAM);
const QUICK = { iterations: 20 };

test("assertNoLeak says how many listeners each call leaves on which line", async () => {
  const emitter = new EventEmitter().setMaxListeners(0);
  const error = await assertRejects(() => assertNoLeak(() => program.listens(emitter), QUICK), LeakError);
  assertEquals(error.leaks.length, 1);
  const [{ lineno, listenersPerIteration, objectsPerIteration, timersPerIteration }] = error.leaks as [
    (typeof error.leaks)[0],
  ];
  assertEquals([lineno, listenersPerIteration, objectsPerIteration, timersPerIteration], [3, 3, 0, 0]);
  assertMatch(error.message, /\n {2}\/app\/test\.mjs:3: \+3 listeners \(\+\d+ B\) per call: listener$/m);
});

test("timers, and calls that nobody wakes", async () => {
  const timers: NodeJS.Timeout[] = [];
  try {
    const found = await findLeaks(() => program.starts(timers), QUICK);
    const timer = found.find(({ lineno }) => lineno === 5);
    assertEquals(timer?.timersPerIteration, 1);
  } finally {
    for (const timer of timers) clearInterval(timer);
  }
  const kept: unknown[] = [];
  const never = new Promise(() => {});
  const found = await findLeaks(() => void kept.push(program.waits(never)), QUICK);
  assertEquals(found.find(({ lineno }) => lineno === 7)?.callsPerIteration, 1);
  assert(kept.length > 100);
});

test("what is removed, run and cleared is no leak", async () => {
  const emitter = new EventEmitter();
  assertEquals(await findLeaks(() => program.tidy(emitter), QUICK), []);
});

// Listeners of event targets are on the line that adds them, until they are removed, called once, aborted, or their target is collected.
import * as events from "node:events";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { collect, start, stop } from "../../../mod.ts";
import { instrumented, type TestModule } from "../../instrumented.ts";
import { counted } from "./counted.ts";
import { KINDS } from "./kinds.ts";

const PROGRAM = `export const listen = (target, name, listener, options) =>
  target.addEventListener(name, listener, options);
export const many = (target, count, options) => { for (let i = 0; i < count; i++)
  target.addEventListener("many" + i, () => i, options); };
export const targets = (count) => { const made = []; for (let i = 0; i < count; i++) { made.push(new EventTarget());
  made[i].addEventListener("a", () => i, { once: i % 2 === 0 }); }
  return made; };
`;
const [LISTEN, MANY, TARGETS] = [2, 4, 6];

for (const { name, options, calls } of KINDS) {
  const tracing = async (
    work: (program: TestModule, target: EventTarget) => Promise<void> | void,
  ): Promise<void> => {
    start(options);
    const target = new EventTarget();
    // Node warns of more than ten.
    if ("setMaxListeners" in events) events.setMaxListeners(0, target);
    try {
      await work(await instrumented(PROGRAM, { options: { calls } }), target);
    } finally {
      stop();
    }
  };
  const listening = (): number => counted("listeners")[LISTEN] ?? 0;

  test(`${name}: a target's listeners are counted once each, until they are removed`, () =>
    tracing((program, target) => {
      const listener = (): void => {};
      const object = { handleEvent(): void {} };
      program.listen(target, "a", listener);
      program.listen(target, "a", listener, { passive: true });
      program.listen(target, "a", listener, true);
      program.listen(target, "a", object);
      program.listen(target, "a", null);
      assertEquals(listening(), 3);
      target.removeEventListener("b", listener);
      assertEquals(listening(), 3);
      target.removeEventListener("a", listener);
      assertEquals(listening(), 2);
      target.removeEventListener("a", listener, { capture: true });
      target.removeEventListener("a", object);
      assertEquals(listening(), 0);
    }));

  test(`${name}: with once, until they have been called`, () =>
    tracing((program, target) => {
      let calls = 0;
      const listener = (): void => void calls++;
      program.listen(target, "a", listener, { once: true });
      program.listen(target, "b", listener, { once: true });
      program.listen(target, "b", listener, { once: true });
      assertEquals(listening(), 2);
      target.dispatchEvent(new Event("a"));
      assertEquals([calls, listening()], [1, 1]);
      program.listen(target, "a", listener, { once: true });
      assertEquals(listening(), 2);
      target.removeEventListener("b", listener);
      assertEquals(listening(), 1);
    }));

  test(`${name}: with a signal, until it is aborted`, () =>
    tracing((program, target) => {
      const leave = new AbortController();
      program.listen(target, "a", () => {}, { signal: leave.signal });
      program.listen(target, "b", () => {}, { signal: leave.signal, once: true });
      program.listen(target, "c", () => {});
      assertEquals(listening(), 3);
      leave.abort();
      assertEquals(listening(), 1);
      program.listen(target, "d", () => {}, { signal: leave.signal });
      assertEquals(listening(), 1);
    }));

  if (name !== "exact") continue;
  test(`${name}: 100,000 on a target, and on as many`, () =>
    tracing(async (program, target) => {
      const count = 100_000;
      // Of as many events: hosts look through all listeners of an event for the same one.
      program.many(target, count);
      let targets = program.targets(count);
      assertEquals([targets.length, counted("listeners")], [count, { [MANY]: count, [TARGETS]: count }]);
      targets = null;
      await collect();
      assert((counted("listeners")[TARGETS] ?? 0) < 100, JSON.stringify(counted("listeners")));
    }));
}

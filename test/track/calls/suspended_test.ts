// Calls that have begun to wait: those that go on soon are forgotten a few at a time, and shown to nobody.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Activation } from "../../../src/track/calls/activation.ts";
import { ASYNC_FUNCTION } from "../../../src/track/calls/activation_kinds.ts";
import { noteEnded, noteSuspended, showSuspended, showYoung } from "../../../src/track/calls/suspended.ts";

const MANY = 5000;
/** Several times as many as are looked at together. */
const FEW = 200;
const file = { b: 100 };

function waiting(): Activation {
  const activation = new Activation(1, ASYNC_FUNCTION);
  activation.isSuspended = true;
  noteSuspended(activation, 7, file);
  return activation;
}

/** Gives what is shown, as long as `work` runs. */
function shownIn(work: () => void): Activation[][] {
  const shown: Activation[][] = [];
  showSuspended((young, length) => shown.push(young.slice(0, length) as Activation[]));
  try {
    work();
    showYoung();
  } finally {
    showSuspended(null);
  }
  return shown;
}

test("calls that have gone on are not shown, however many there were", () => {
  const shown = shownIn(() => {
    for (let i = 0; i < MANY; i++) {
      const activation = waiting();
      if (i % 2 === 0) noteEnded(activation);
      else activation.isSuspended = false; // it goes on
    }
  });
  assertEquals([shown.length, shown[0]!.length < FEW], [1, true]);
});

test("each that waits is shown once, where it waits", () => {
  const waits: Activation[] = [];
  const shown = shownIn(() => {
    for (let i = 0; i < MANY; i++) {
      const activation = waiting();
      if (i % 3 === 0) waits.push(activation);
      else if (i % 3 === 1) noteEnded(activation);
      else activation.isSuspended = false;
    }
  }).flat();
  assertEquals(
    [shown.filter(({ isSuspended }) => isSuspended).length, new Set(shown).size],
    [waits.length, shown.length],
  );
  assertEquals(
    waits.every((one) => shown.includes(one) && one.waitsAt === 107),
    true,
  );
});

test("one that goes on and waits again is in the list once, and again when it was forgotten", () => {
  let again: Activation | null = null;
  const shown = shownIn(() => {
    again = waiting();
    again.isSuspended = false;
    again.isSuspended = true;
    noteSuspended(again, 8, file);
    again.isSuspended = false;
    for (let i = 0; i < FEW; i++) noteEnded(waiting());
    assertEquals(again.waitsAt, 0);
    again.isSuspended = true;
    noteSuspended(again, 9, file);
  }).flat();
  assertEquals([shown.filter((one) => one === again).length, again!.waitsAt], [1, 109]);
});

// Browser compatible.
import { NO_SLOT, RECORDING, STACK } from "../../instrument/text/globals.ts";
import { CONTINUE, resetWhenIdle, SHADOW_STACK_SLOTS, shadowStack } from "./shadow_stack.ts";

const host = globalThis as Record<string, unknown>;

/**
 * Defines what all instrumented code reads, as properties of the global object that no loop over it finds, and no program that
 * tidies up takes away: every function would fail from then on. Where another copy's are in the way, they stay.
 */
export function defineGlobals(): void {
  takeOver(host[STACK]);
  const values = { [STACK]: shadowStack, [RECORDING]: false, [NO_SLOT]: 0 };
  for (const [name, value] of Object.entries(values)) {
    Reflect.defineProperty(globalThis, name, { value, configurable: false, writable: true });
  }
}

/** Modules that were instrumented ahead of time, and are running now, have slots on the stack that their header made. */
function takeOver(stack: unknown): void {
  if (!(stack instanceof Int32Array) || stack === shadowStack) return;
  const depth = Math.min(Math.max(stack[0], 1), SHADOW_STACK_SLOTS);
  shadowStack.fill(CONTINUE, 1, depth);
  shadowStack[0] = depth;
  resetWhenIdle();
}

/**
 * Has instrumented code record its calls, or not: engines compile it anew when that changes. Where the code reports to
 * another copy of the tracker, that is the other copy's affair; where the program has frozen the global object, the
 * switch stays as it is.
 */
export function recordCalls(isRecording: boolean): void {
  if (host[STACK] !== shadowStack) return;
  try {
    host[RECORDING] = isRecording;
  } catch {
    // frozen
  }
}

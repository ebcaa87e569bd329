// Browser compatible.
import { Globals } from "../instrument/emit.ts";
import { shadowStack } from "./shadow_stack.ts";

/** Defines what all instrumented code reads, as properties of the global object that no loop over it finds. */
export function defineGlobals(): void {
  const values = { [Globals.stack]: shadowStack, [Globals.recording]: false, [Globals.noSlot]: 0 };
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
  }
}

/** Has instrumented code record its calls, or not: engines compile it anew when that changes. */
export function recordCalls(isRecording: boolean): void {
  (globalThis as Record<string, unknown>)[Globals.recording] = isRecording;
}

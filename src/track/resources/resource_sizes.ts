// Browser compatible.
import { hostModule } from "../../host/built_in_modules.ts";
import { detectEngine } from "../../host/engine.ts";
import { floor } from "../../tables/own_math.ts";
import { SafeMap } from "../../tables/safe_collections.ts";
import { shapeOf } from "../objects/shape.ts";
import { sizes } from "../sizes/size.ts";

/** By type, what one takes. */
const known = new SafeMap<string, number>();

/** Of a listener; 0: not asked yet. */
let place = 0;
let around = 0;

/** Bytes of the object that the host has for a timer: JavaScriptCore's own answer, else by its properties. */
export function sizeOfTimer(type: string, timer: object): number {
  let size = known.get(type);
  if (size === undefined) {
    const estimate = hostModule("bun:jsc")?.estimateShallowMemoryUsageOf;
    size = estimate === undefined ? shapeOf(timer).measure(timer) : estimate(timer);
    known.set(type, size);
  }
  return size;
}

/**
 * Bytes of what an emitter keeps for a listener, besides the function: its place in a list, or under its name; with `once`, a
 * function around it and what that knows.
 */
export function sizeOfListener(isOnce: boolean): number {
  if (place === 0) {
    const MANY = 64;
    const ONCE_PROPERTIES = 5;
    place = floor((sizes.array(2 * MANY) - sizes.array(MANY)) / MANY);
    around = sizes.closure(false) + sizes.object(ONCE_PROPERTIES);
  }
  return isOnce ? place + around : place;
}

/** The same of an event target: what is written down of a listener. */
export function sizeOfTargetListener(): number {
  const PROPERTIES = 6;
  return sizes.object(PROPERTIES);
}

/**
 * Bytes that an engine keeps for a call while it is suspended: its object and variables, and what an `await` hangs on the promise that it waits
 * for. Measured on functions of one argument and one variable (Node 26, Bun 1.4): neither says how large one is.
 */
export function sizeOfSuspended(isGenerator: boolean): number {
  const isJsc = detectEngine() === "jsc";
  if (isGenerator) return isJsc ? 176 : 136;
  return isJsc ? 224 : 352;
}

/** Of a timer that no program sees: as large as one that it does. */
export function sizeOfLaterTimer(type: string): number {
  const V8_PROPERTIES = 13;
  const JSC_BYTES = 176;
  return known.get(type) ?? (detectEngine() === "jsc" ? JSC_BYTES : sizes.instance(V8_PROPERTIES));
}

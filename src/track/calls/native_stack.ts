// Browser compatible.

import { detectEngine } from "../../host/engine.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { frameSite } from "./native_frames.ts";

/** As much of V8's `CallSite` as is asked for; JavaScriptCore in Bun has the same. */
interface CallSite {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

interface EngineError {
  captureStackTrace?: (error: object, above?: Function) => void;
  prepareStackTrace?: unknown;
  stackTraceLimit?: unknown;
}

const { defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect;
const OwnError = Error as EngineError;
const { captureStackTrace } = OwnError;
const isJsc = detectEngine() === "jsc";

/** Frames of the tracker's own, of the host's, and of code that is not instrumented, besides those that are wanted. */
const MORE_FRAMES = 24;

/** Whether the engine gives stacks whose frames can be asked. */
export const hasNativeStacks: boolean =
  typeof captureStackTrace === "function" && detectEngine() !== "spidermonkey";

let taken: readonly CallSite[] | null = null;
const take = (_: unknown, sites: readonly CallSite[]): string => {
  taken = sites;
  return "";
};

/** The frames of the last stack that was captured, the most recent one first: numbers as sites have them. */
export class NativeStack {
  sites: Int32Array = new OwnInt32Array(64);
  /** Kept here, because a program can see it being read from a typed array. */
  #capacity = 64;
  length = 0;
  /** How many frames there are in all; -1: more than were looked at. */
  total = 0;

  /**
   * Captures the stack. Without frames of the tracker, of its stand-ins, and of the host: those of instrumented files alone.
   *
   * @param most How many frames are wanted.
   * @returns Whether the engine has given it: a program can forbid that, and near the end of the stack there is no room.
   */
  capture(most: number): boolean {
    const wanted = most + MORE_FRAMES;
    const frames = callSites(wanted);
    if (frames === null) return false;
    if (this.#capacity < most) this.sites = new OwnInt32Array((this.#capacity = most));
    let length = 0;
    let total = 0;
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i];
      const name = frame.getFileName();
      if (typeof name !== "string") continue;
      const site = frameSite(name, frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0);
      if (site === 0) continue;
      total++;
      if (length < most) this.sites[length++] = site;
      else if (frames.length >= wanted) break;
    }
    this.length = length;
    this.total = frames.length < wanted ? total : -1;
    return true;
  }
}

/**
 * What the program has made of `Error.prepareStackTrace` and `Error.stackTraceLimit` is in its place again when this returns, and
 * has no say meanwhile.
 */
function callSites(most: number): readonly CallSite[] | null {
  const prepare = getOwnPropertyDescriptor(OwnError, "prepareStackTrace");
  const limit = getOwnPropertyDescriptor(OwnError, "stackTraceLimit");
  taken = null;
  try {
    if (!put("stackTraceLimit", limit, most) || !put("prepareStackTrace", prepare, take)) return null;
    const holder = {};
    captureStackTrace!(holder);
    void (holder as { stack?: unknown }).stack;
    return taken;
  } catch {
    return null;
  } finally {
    putBack("prepareStackTrace", prepare);
    putBack("stackTraceLimit", limit);
    taken = null;
  }
}

type Name = "prepareStackTrace" | "stackTraceLimit";

function put(name: Name, before: PropertyDescriptor | undefined, value: unknown): boolean {
  if (isJsc && before?.get === undefined) {
    // Bun hears of assignments alone.
    OwnError[name] = value;
    return true;
  }
  return defineProperty(OwnError, name, {
    // A program can put `get` on `Object.prototype`.
    ...{ __proto__: null, value, writable: true },
    ...(before === undefined ? { enumerable: false, configurable: true } : {}),
  } as PropertyDescriptor);
}

function putBack(name: Name, before: PropertyDescriptor | undefined): void {
  if (isJsc && before?.get === undefined) OwnError[name] = before?.value;
  else if (before === undefined) deleteProperty(OwnError, name);
  else defineProperty(OwnError, name, before);
}

// Browser compatible.

import { detectEngine } from "../../host/engine.ts";

// The engine's stack as it is asked for, whatever the program has made of `Error`.

/** As much of V8's `CallSite` as is asked for; JavaScriptCore in Bun has the same. */
export interface CallSite {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  isAsync(): boolean;
}

interface EngineError {
  captureStackTrace?: (error: object, above?: Function) => void;
  prepareStackTrace?: unknown;
  stackTraceLimit?: unknown;
}

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect;
const OwnError = Error;
const EngineError = Error as EngineError;
const { captureStackTrace } = EngineError;
const isJsc = detectEngine() === "jsc";
const stackOf = getOwnPropertyDescriptor(Error.prototype, "stack")?.get;

/** Whether the engine gives stacks whose frames can be asked. */
export const hasCallSites: boolean =
  typeof captureStackTrace === "function" && detectEngine() !== "spidermonkey";

let taken: readonly CallSite[] | null = null;
const take = (_: unknown, sites: readonly CallSite[]): string => {
  taken = sites;
  return "";
};

/**
 * What the program has made of `Error.prepareStackTrace` and `Error.stackTraceLimit` is in its place again when this returns, and
 * has no say meanwhile.
 */
export function callSites(most: number): readonly CallSite[] | null {
  const prepare = getOwnPropertyDescriptor(EngineError, "prepareStackTrace");
  const limit = getOwnPropertyDescriptor(EngineError, "stackTraceLimit");
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

/** The same as text, where that is all that the engine has: Firefox and Safari. Null: it has none. */
export function stackText(most: number): string | null {
  const limit = getOwnPropertyDescriptor(EngineError, "stackTraceLimit");
  try {
    if (limit !== undefined && !put("stackTraceLimit", limit, most)) return null;
    const error = new OwnError();
    const text: unknown = stackOf === undefined ? error.stack : apply(stackOf, error, []);
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  } finally {
    if (limit !== undefined) putBack("stackTraceLimit", limit);
  }
}

type Name = "prepareStackTrace" | "stackTraceLimit";

function put(name: Name, before: PropertyDescriptor | undefined, value: unknown): boolean {
  if (isJsc && before?.get === undefined) {
    // Bun hears of assignments alone.
    EngineError[name] = value;
    return true;
  }
  return defineProperty(EngineError, name, {
    // A program can put `get` on `Object.prototype`.
    ...{ __proto__: null, value, writable: true },
    ...(before === undefined ? { enumerable: false, configurable: true } : {}),
  } as PropertyDescriptor);
}

function putBack(name: Name, before: PropertyDescriptor | undefined): void {
  if (isJsc && before?.get === undefined) EngineError[name] = before?.value;
  else if (before === undefined) deleteProperty(EngineError, name);
  else defineProperty(EngineError, name, before);
}

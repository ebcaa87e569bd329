// Browser compatible.
import { originalText } from "../../instrument/text/original_text.ts";
import { originalOf } from "../objects/is_proxy.ts";

const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
const captureStackTrace = (Error as { captureStackTrace?: (error: object, above: Function) => void })
  .captureStackTrace;

const { prototype } = Function;
const { toString: nativeText } = prototype;

let undo: (() => void) | null = null;

/** Whether something was inserted into the function's text. A function that neither allocates nor calls needs nothing. */
export function hasInstrumentedText(value: Function): boolean {
  try {
    const text = apply(nativeText, value, []) as string;
    return originalText(text) !== text;
  } catch {
    return false; // a Proxy, on some engines
  }
}

/**
 * From here on `Function.prototype.toString` gives instrumented functions' original text: programs send functions to
 * workers and other realms by their text, and what the transform inserts means nothing there. Stand-ins for built-ins
 * give the built-in's; all other functions answer as before, and so does the method about itself. Gives the undo; a second call changes nothing.
 */
export function installFunctionToString(): () => void {
  if (undo !== null) return undo;
  const before = getOwnPropertyDescriptor(prototype, "toString");
  const native: unknown = before?.value;
  if (before?.configurable !== true || typeof native !== "function") return () => {}; // a hardened realm
  const ownText = apply(native, native, []) as string;
  // A method: no constructor, no `prototype`, the name and length that the engine's own has.
  const method = {
    toString(this: unknown): string {
      if (this === method) return ownText;
      let text: string;
      try {
        text = apply(native, originalOf(this), []) as string;
      } catch (error) {
        // Not a function: the engine's own TypeError, without this frame.
        if (typeof error === "object" && error !== null) captureStackTrace?.(error, method);
        throw error;
      }
      return originalText(text);
    },
  }.toString;
  defineProperty(prototype, "toString", { ...before, value: method });
  undo = () => {
    undo = null;
    // Somebody may have put a method of their own over this one since: that one stays.
    if (getOwnPropertyDescriptor(prototype, "toString")?.value === method)
      defineProperty(prototype, "toString", before);
  };
  return undo;
}

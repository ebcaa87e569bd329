// Browser compatible.

// The parameter of a closure's or class's site: a count in the low bits, then the contexts that are charged to it.
const COUNT_BITS = 10;
const CONTEXT_BITS = 3;
const MAX_COUNT = (1 << COUNT_BITS) - 1;
const MAX_CONTEXTS = (1 << CONTEXT_BITS) - 1;
/** Keeps the parameter below 2³⁰, which the payload's numbers can hold. */
const MAX_SLOTS = (1 << 16) - 1;

/** A function with a `prototype`; what the file does with it is added: one or several of the next three. */
export const PLAIN_FUNCTION = 1;
/** It is given properties. */
export const GETS_PROPERTIES = 1;
/** Its `prototype` is asked for: the engine makes one. */
export const SHOWS_PROTOTYPE = 2;
/** It is called with `new`. */
export const IS_CONSTRUCTED = 4;

/** What a closure or class is charged with besides its own object. */
export interface Captured {
  /** Scopes with captured variables whose first closure this is. */
  readonly contexts: number;
  /** The captured variables of these scopes. */
  readonly slots: number;
}

/** Packs a class's number of functions, or what a function is (0: it has no `prototype`), with the contexts. */
export function closureParameter(count: number, captured: Captured | undefined): number {
  const low = Math.min(count, MAX_COUNT);
  if (captured === undefined) return low;
  const contexts = Math.min(captured.contexts, MAX_CONTEXTS);
  return (
    low | (contexts << COUNT_BITS) | (Math.min(captured.slots, MAX_SLOTS) << (COUNT_BITS + CONTEXT_BITS))
  );
}

/** The number of a class's functions, or what a function is. */
export function closureCount(parameter: number): number {
  return parameter & MAX_COUNT;
}

/** What the file does with a function: `GETS_PROPERTIES` and the like. */
export function functionUses(parameter: number): number {
  const count = closureCount(parameter);
  return count === 0 ? 0 : count - PLAIN_FUNCTION;
}

/** The number of contexts. */
export function contextCount(parameter: number): number {
  return (parameter >>> COUNT_BITS) & MAX_CONTEXTS;
}

/** The captured variables of all of them. */
export function contextSlots(parameter: number): number {
  return parameter >>> (COUNT_BITS + CONTEXT_BITS);
}

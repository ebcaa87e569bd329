// Browser compatible.

import { isProxy } from "../objects/is_proxy.ts";
import { Activation, baseOf, enter } from "./activation.ts";
import { type ActivationKind, ASYNC_GENERATOR, GENERATOR, MODULE } from "./activation_kinds.ts";
import { resetWhenIdle, shadowStack } from "./shadow_stack.ts";

/** A variable of this module's own is a constant for V8, which loads an imported one at each use. */
const stack = shadowStack;

// What a value is that is handed the turn: no generator, or none that can be told; an object that makes one; a generator.
const NONE = 0;
const MAKES_ONE = 1;
const ITSELF = 2;

/**
 * The activation that has just handed its turn to a generator, by `yield*` or `for await`. The generator's code runs next,
 * while it itself counts as suspended: the generator takes it for its caller.
 */
let delegating: Activation | null = null;
/** What was handed the turn is a generator itself, not an object that makes one. */
let delegatesDirectly = false;

/** It has suspended at a site where `value` goes on in its place, if that is or makes a generator. */
export function delegate(activation: Activation, value: unknown, site: number): void {
  const kind = generatorIn(value);
  delegatesDirectly = kind === ITSELF;
  if (kind === NONE) return;
  activation.site = site;
  stack[activation.d] = site;
  delegating = activation;
}

/** Other code runs first. */
export function endDelegation(): void {
  delegating = null;
}

/** A generator is entered by its first `next()`. */
export function enterGenerator(site: number, kind: ActivationKind): Activation {
  if (delegating === null) return enter(site, kind);
  const activation = new Activation(stack[0], kind);
  const above = delegating.d + 1;
  takeTurn(activation);
  // Nothing has run since a generator itself was handed the turn: the frames are still there. (Laid down anew at each
  // level, frames of a deep recursion would take quadratic time.)
  const slot = delegatesDirectly && activation.outer !== null ? above : pushOuter(activation);
  activation.d = slot;
  stack[slot] = site;
  stack[0] = slot + 1;
  return activation;
}

/** It goes on. */
export function resume(activation: Activation): void {
  activation.isSuspended = false;
  activation.inner = null;
  if (activation.kind === GENERATOR) {
    activation.entry = stack[0];
    if (delegating !== null) takeTurn(activation);
    activation.d = activation.outer === null ? activation.entry : pushOuter(activation);
    stack[0] = activation.d + 1;
    return;
  }
  delegating = null;
  if (activation.kind === ASYNC_GENERATOR && stack[0] > 1) {
    // Somebody calls next() by hand, and the generator was waiting at a `yield`: it goes on at once, on top.
    activation.d = activation.entry = stack[0]++;
    return;
  }
  // Promise jobs run on an empty stack, so whatever the depth says now is left over from a job that threw past the
  // last frame: start over at the bottom. (A nested drain of the microtask queue loses its callers' frames here.)
  activation.entry = 1;
  activation.d = 2;
  stack[1] = baseOf(activation);
  stack[0] = 3;
  if (activation.kind === MODULE) resetWhenIdle();
}

/** Ties it to the one that has handed it the turn, unless calls have come between. */
function takeTurn(activation: Activation): void {
  const outer = delegating!;
  delegating = null;
  if (!outer.isSuspended || outer.entry !== activation.entry || outer === activation) return;
  activation.outer = outer;
  outer.inner = activation;
}

/**
 * Lays down the frames that delegate to this one; gives the slot that comes after them. No recursion: the program may
 * be near the end of its stack, with generators nested thousands deep.
 */
function pushOuter(activation: Activation): number {
  let slots = 0;
  for (let at = activation; at.outer !== null; at = at.outer) {
    const { outer } = at;
    if (outer.inner !== at) {
      at.outer = null; // it has gone on without this one
      break;
    }
    slots++;
    if (outer.kind === GENERATOR) continue;
    slots++;
    break;
  }
  const end = activation.entry + slots;
  let slot = end;
  for (let at = activation; slot > activation.entry; ) {
    at = at.outer!;
    stack[--slot] = at.site;
    if (at.kind !== GENERATOR) stack[--slot] = baseOf(at);
  }
  return end;
}

const { getPrototypeOf, getOwnPropertyDescriptor } = Object;
const { asyncIterator, iterator } = Symbol;
const GeneratorFunction = getPrototypeOf(function* () {});
const AsyncGeneratorFunction = getPrototypeOf(async function* () {});
const Generator: unknown = GeneratorFunction.prototype;
const AsyncGenerator: unknown = AsyncGeneratorFunction.prototype;

/** Whether the value is a generator, or an object whose iterators are; found out without running its code. */
function generatorIn(value: unknown): typeof NONE | typeof MAKES_ONE | typeof ITSELF {
  if (typeof value !== "object" || value === null) return NONE;
  for (let owner: object | null = value; owner !== null && !isProxy(owner); owner = getPrototypeOf(owner)) {
    if (owner === Generator || owner === AsyncGenerator) return ITSELF;
    const method: unknown = (
      getOwnPropertyDescriptor(owner, asyncIterator) ?? getOwnPropertyDescriptor(owner, iterator)
    )?.value;
    if (method === undefined) continue;
    if (typeof method !== "function" || isProxy(method)) return NONE;
    const prototype = getPrototypeOf(method);
    return prototype === GeneratorFunction || prototype === AsyncGeneratorFunction ? MAKES_ONE : NONE;
  }
  return NONE;
}

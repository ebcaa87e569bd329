// Browser compatible.

import { type ActivationKind, GENERATOR } from "./activation_kinds.ts";
import type { Recorder } from "./recorder.ts";
import { CONTINUE, shadowStack } from "./shadow_stack.ts";

/** Counts the times that tracing was started: paths that activations keep are of one session. */
let session = 0;

/** Paths that are kept mean nothing any longer. */
export function forgetPaths(): void {
  session++;
}

/** What is left of a call that can suspend: one object for each, which is little beside its promise or generator. */
export class Activation {
  /** The frame's own slot. Read by instrumented code. */
  d: number;
  /** The depth to leave when it suspends or ends. */
  entry: number;
  /** The interned path that called it, as far as `session` is current; -1: not known yet. */
  path = -1;
  session = -1;
  isSuspended = false;
  readonly kind: ActivationKind;
  /** Where it delegates to another generator: `yield*` or `for await`. */
  site = -1;
  /** The one that delegates to this one, as long as that one's `inner` is this. */
  outer: Activation | null = null;
  inner: Activation | null = null;
  /** Where it waits, or last waited, while its call is among those that are known to wait (`suspended.ts`); 0: it is not. */
  waitsAt = 0;

  constructor(entry: number, kind: ActivationKind) {
    this.d = entry;
    this.entry = entry;
    this.kind = kind;
  }
}

/** It is made first: near the end of the engine's stack that can throw, and nothing must have moved then. */
export function enter(site: number, kind: ActivationKind): Activation {
  const entry = shadowStack[0];
  const activation = new Activation(entry, kind);
  shadowStack[entry] = site;
  shadowStack[0] = entry + 1;
  return activation;
}

/** It suspends: the depth is its caller's again. */
export function suspend(activation: Activation, recorder: Recorder | null): void {
  if (activation.isSuspended) return;
  if (recorder !== null && activation.session !== session && activation.kind !== GENERATOR) {
    activation.path = recorder.path(activation.d);
    activation.session = session;
  }
  activation.isSuspended = true;
  shadowStack[0] = activation.entry;
}

/** The interned path that called it, -1: unknown in the present session. */
export function callersOf({ session: known, path }: Activation): number {
  return known === session ? path : -1;
}

/** What stands below the slot of an async function: the path that called it. */
export function baseOf(activation: Activation): number {
  return activation.session === session && activation.path >= 0 ? ~activation.path : CONTINUE;
}

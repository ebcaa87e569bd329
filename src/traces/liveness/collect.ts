// Browser compatible.

import { append, OwnWeakRef } from "../../tables/safe_collections.ts";
import { letGoOfLast } from "../../track/objects/stamp.ts";
import { compiledInBackground } from "./background_compiler.ts";
import { garbageCollector } from "./garbage_collector.ts";

// The host's own, whatever a test puts there later to fake the time: a turn that never comes would hang.
const { setTimeout } = globalThis;
const OwnPromise = Promise;

/** What finalizers report to. */
export interface Finalizers {
  /** How many blocks they have freed so far. */
  readonly freed: number;
  /** The number of the last canary that has been finalized. */
  readonly lastCanary: number;
  /** Has the registry that watches the blocks watch an object that is none, under a number from 1 up. */
  watchCanary(canary: object, number: number): void;
}

/** What is asked of the host; a test has one of its own. */
export interface Collector {
  /** Collects garbage at once; null: the engine does not let us. */
  readonly gc: (() => void) | null;
  /** Lets the event loop go on. */
  turn(): Promise<void>;
  /** Waits for what the engine does in the background with objects of the program. */
  background?(turn: () => Promise<void>): Promise<void>;
}

const MOST_ROUNDS = 12;
const QUIET_ROUNDS = 2;
/** Where nobody tells whether the finalizers have run: V8 posts them as a task of their own, JavaScriptCore runs them after the next turn. */
const TURNS = 2;
/** On a machine that is busy, finalizers come several turns later. */
const MOST_TURNS = 50;
/** JavaScriptCore may take one for alive. */
const CANARIES = 16;

let canaries = 0;

/**
 * Collects and yields to the event loop until two rounds have freed nothing more, or the rounds are used up: at most 12
 * rounds of at most 51 turns, so that it never hangs.
 *
 * A round has ended when the finalizer of an object has run that was made to die in it (a canary): how many turns of the
 * loop finalizers take, no specification says, and a busy machine takes its time.
 */
export async function settle(
  finalizers: Finalizers,
  { gc, turn, background }: Collector = {
    gc: garbageCollector(),
    turn: nextTurn,
    background: compiledInBackground,
  },
): Promise<void> {
  await background?.(turn);
  let quiet = 0;
  for (let round = 0; round < MOST_ROUNDS && quiet < QUIET_ROUNDS; round++) {
    const before = finalizers.freed;
    const canary = ++canaries;
    const refs = sendCanaries(finalizers, canary);
    await turn();
    refs.length = 0;
    letGoOfLast();
    gc?.();
    const isOver = (turns: number): boolean =>
      gc === null ? turns >= TURNS : finalizers.lastCanary >= canary || turns >= MOST_TURNS;
    for (let turns = 0; !isOver(turns); turns++) await turn();
    const isProven = gc === null || finalizers.lastCanary >= canary;
    quiet = isProven && finalizers.freed === before ? quiet + 1 : 0;
  }
}

/**
 * Has objects watched that die at the next collection, but not before this job has ended: like those that a snapshot in the
 * same job has looked at. What a WeakRef was made for, or has given, stays until then; on JavaScriptCore, if the WeakRef does.
 */
function sendCanaries(finalizers: Finalizers, number: number): WeakRef<object>[] {
  const refs: WeakRef<object>[] = [];
  for (let i = 0; i < CANARIES; i++) {
    const canary = { i };
    append(refs, new OwnWeakRef(canary));
    finalizers.watchCanary(canary, number);
  }
  return refs;
}

function nextTurn(): Promise<void> {
  return new OwnPromise((resolve) => setTimeout(resolve, 0));
}

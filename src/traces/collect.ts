// Browser compatible.

import { descend } from "../host/ensure_stack.ts";
import { setV8Flag } from "../host/v8_flags.ts";
import { append, OwnWeakRef } from "../tables/safe_collections.ts";
import { letGoOfLast } from "../track/objects/stamp.ts";
import { compiledInBackground } from "./background_compiler.ts";

interface Host {
  gc?: (() => void) | undefined;
  Bun?: { gc(force: boolean): void };
  process?: { getBuiltinModule?: (id: string) => unknown };
}

interface VmModule {
  runInNewContext(code: string): unknown;
}

// The host's own, whatever a test puts there later to fake the time: a turn that never comes would hang.
const { setTimeout } = globalThis;
const OwnPromise = Promise;

let forced: (() => void) | null | undefined;

/**
 * A function that collects garbage at once, or null where the engine does not let us: `globalThis.gc` (`--expose-gc`),
 * `Bun.gc`, or V8's flag set at run time, which Node and Deno both allow.
 */
export function garbageCollector(): (() => void) | null {
  if (forced === undefined) forced = findCollector();
  return forced;
}

function findCollector(): (() => void) | null {
  const host = globalThis as Host;
  if (host.Bun !== undefined) {
    const { Bun } = host;
    return () => {
      descend(OVERWRITTEN_FRAMES);
      Bun.gc(true);
    };
  }
  if (typeof host.gc === "function") return host.gc;
  try {
    const vm = host.process?.getBuiltinModule?.("node:vm") as VmModule | undefined;
    if (vm === undefined || !setV8Flag("--expose-gc")) return null;
    const gc = vm.runInNewContext("gc");
    setV8Flag("--no-expose-gc");
    return typeof gc === "function" ? (gc as () => void) : null;
  } catch {
    return null; // a host that forbids contexts: finalizers run when the engine gets to it
  }
}

/**
 * JavaScriptCore takes whatever looks like a pointer on the stack for one, also in what calls that have returned have left
 * there: a few dead objects stay (1 to 4 of a kind, in half of the runs of our own tests). So many calls overwrite it.
 */
const OVERWRITTEN_FRAMES = 2000;

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

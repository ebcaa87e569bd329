import { onSlowPath, quietly } from "../../src/tracing.ts";

/**
 * Shares of the heap limit at which a dump is written: each once, and again only after the next. From far, as a table that doubles
 * has the heap end at half of its limit.
 *
 * V8 itself tells only a debugger when its heap is full. It pauses at the entry of whatever is called next, and ends the process with a
 * failed check of its own where that function has variables that closures share (`ScopeIterator::NeedsContext`; Node 22, 24 and 26).
 */
const STEPS: readonly number[] = [0.4, 0.6, 0.8, 0.88, 0.94, 0.97];

/** From this step on all are looked at again, some time after the heap was as full as that. */
const ANEW_FROM = 1;

/** Up to this share there is room for what finds out what is alive. */
const ROOM_UP_TO = 0.85;
/** At one step, the next time that it is found out comes no sooner than so many times what the last has taken. */
const REST = 10;

/** The heap is looked at between jobs as often as it takes to fill at so many bytes a millisecond. */
const FASTEST_GROWTH = 4e6;
const LOOK_MS = { least: 15, most: 500 } as const;

/** The first interval of growing ones, and the longest, in ms. */
const FIRST_MS = 250;
const LAST_MS = 60_000;

// The host's own, whatever the program puts there later to fake the time.
const { clearInterval, setInterval } = globalThis;

/** Bytes. */
export interface HeapUse {
  /** Of the heap. */
  readonly used: number;
  readonly limit: number;
  /** What the heap's objects hold elsewhere. */
  readonly external: number;
}

/** When dumps are written while the program lives. */
export interface EarlyDumpOptions {
  /**
   * Seconds between dumps; null: none but near the heap's limit. `"growing"`: after a quarter of a second, half a second, a
   * second, … and then every minute, so that what ends without a word has told most of its life at little cost.
   */
  readonly checkpoint: number | "growing" | null;
  /** Writes the dump, synchronously; does not throw. */
  readonly write: (how: { settle: boolean }) => void;
  /** Null where the engine does not say. */
  readonly heap: (() => HeapUse) | null;
  /** Bytes that count as alive; null where nobody can find out within a job whether they are. */
  readonly traced: (() => number) | null;
}

/**
 * Writes dumps while the program lives, so that something is left of one that dies without a word: near the heap's limit,
 * before V8 aborts with "JavaScript heap out of memory", and every so many seconds, so that `kill -9` loses no more.
 *
 * Both look between jobs, and on the tracker's slow path too: a program that runs out of memory mostly does so in one long
 * job, in which no timer fires. Where nothing is counted in that job either, nothing is written.
 *
 * @returns Ends it.
 */
export function dumpEarly({ checkpoint, write, heap, traced }: EarlyDumpOptions): () => void {
  const lookAtClock = dumpByClock(checkpoint, write);
  const byHeap = heap === null ? null : dumpByHeap(heap, traced, write);
  const look = (isInJob: boolean): void => {
    lookAtClock();
    byHeap?.(isInJob);
  };
  const every = Math.min(heap === null ? Infinity : lookEvery(heap().limit), clockEvery(checkpoint));
  const undo = onSlowPath(() => look(true));
  if (every === Infinity) return undo;
  // One for all time: Deno's test runner counts timers that begin during a test.
  const timer = quietly(() => setInterval(() => look(false), every));
  // The program's end must not wait for it.
  timer.unref?.();
  return () => {
    clearInterval(timer);
    undo();
  };
}

function lookEvery(limit: number): number {
  return Math.min(LOOK_MS.most, Math.max(LOOK_MS.least, limit / FASTEST_GROWTH / 2));
}

function clockEvery(checkpoint: EarlyDumpOptions["checkpoint"]): number {
  if (checkpoint === null) return Infinity;
  return checkpoint === "growing" ? FIRST_MS / 2 : Math.max(10, checkpoint * 500);
}

function dumpByClock(
  checkpoint: EarlyDumpOptions["checkpoint"],
  write: EarlyDumpOptions["write"],
): () => void {
  const isGrowing = checkpoint === "growing";
  let interval = isGrowing ? FIRST_MS : checkpoint === null ? Infinity : checkpoint * 1000;
  let last = performance.now();
  return () => {
    if (performance.now() - last < interval) return;
    write({ settle: false });
    // From the end of writing, so that a dump that takes longer than the interval leaves time for the program.
    last = performance.now();
    if (isGrowing) interval = Math.min(LAST_MS, interval * 2);
  };
}

function dumpByHeap(
  heap: () => HeapUse,
  traced: EarlyDumpOptions["traced"],
  write: EarlyDumpOptions["write"],
): (isInJob: boolean) => void {
  const steps = new HeapSteps();
  let hasSettled = false;
  return (isInJob) => {
    const use = heap();
    const now = performance.now();
    if (!steps.isDue(use, now)) return;
    // No finalizer runs within a job: what has died meanwhile counts as alive.
    const isFiction = isInJob && traced !== null && traced() > use.used + use.external;
    if (!isFiction) {
      write({ settle: false });
    } else if (use.used < use.limit * ROOM_UP_TO) {
      write({ settle: true });
      hasSettled = true;
      steps.settled(heap(), now, performance.now() - now);
    } else if (!hasSettled) {
      write({ settle: false });
    }
  };
}

/** Tells when the heap calls for a dump. Times are in ms. */
export class HeapSteps {
  #step = 0;
  #last = -Infinity;
  #settledAt = 0;
  #notBefore = -Infinity;

  isDue({ used, limit }: HeapUse, now: number): boolean {
    const share = used / limit;
    // What was garbage has gone: the program goes on, and may come near its limit again.
    if (this.#step > ANEW_FROM && share < STEPS[ANEW_FROM] && now - this.#last >= LAST_MS)
      this.#step = ANEW_FROM;
    if (this.#step === STEPS.length || share < STEPS[this.#step]) return false;
    const step = stepAbove(share);
    if (step <= this.#settledAt && now < this.#notBefore) return false;
    this.#step = step;
    this.#last = now;
    return true;
  }

  /** Garbage has been collected: only what is left has come near the limit. */
  settled({ used, limit }: HeapUse, now: number, took: number): void {
    this.#settledAt = this.#step;
    this.#step = stepAbove(used / limit);
    this.#notBefore = now + took * (1 + REST);
  }
}

function stepAbove(share: number): number {
  const step = STEPS.findIndex((each) => share < each);
  return step === -1 ? STEPS.length : step;
}

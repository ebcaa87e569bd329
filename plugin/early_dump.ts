import { threadNumber } from "../src/thread.ts";
import { onSlowPath } from "../src/tracing.ts";
import type { LimitWatch } from "./near_limit.ts";

/** Shares of the heap limit at which a dump is written: each once, and again only after the next. */
const NEAR_LIMIT: readonly number[] = [0.8, 0.88, 0.94, 0.97];
/** Where nothing tells that the heap is full: a table that doubles has the heap end at half of its limit. */
const FROM_FAR: readonly number[] = [0.4, 0.6, ...NEAR_LIMIT];

/** Where V8 is asked to say when the heap is full, and where it need not any more. It gives up at 80 % where collections gain nothing. */
const ARM_AT = 0.65;
const DISARM_BELOW = 0.55;
/**
 * Until so many ms after the start it is asked at all events: a program whose first job is a loop that allocates nothing that
 * is counted (`array.push(1)`) comes to no other look.
 */
const ARMED_MS = 200;

/** The heap is looked at between jobs as often as it takes to fill at so many bytes a millisecond. */
const FASTEST_GROWTH = 4e6;
const LOOK_MS = { least: 15, most: 500 } as const;

/** The first interval of growing ones, and the longest, in ms. */
const FIRST_MS = 250;
const LAST_MS = 60_000;

// The host's own, whatever the program puts there later to fake the time.
const { clearInterval, setInterval } = globalThis;

/** Bytes of heap. */
export interface HeapUse {
  readonly used: number;
  readonly limit: number;
}

/** When dumps are written while the program lives. */
export interface EarlyDumpOptions {
  /**
   * Seconds between dumps; null: none but near the heap's limit. `"growing"`: after a quarter of a second, half a second, a
   * second, … and then every minute, so that what ends without a word has told most of its life at little cost.
   */
  readonly checkpoint: number | "growing" | null;
  /** Writes the dump, synchronously; does not throw. The last: the heap is full. */
  readonly write: (when: { isLast: boolean }) => void;
  /** Bytes of heap in use and allowed; null where the engine does not say. */
  readonly heap: (() => HeapUse) | null;
  /** Has the engine itself call back when the heap is full; gives null where it does not. */
  readonly watchLimit: (onLimit: () => void) => LimitWatch | null;
}

/**
 * Writes dumps while the program lives, so that something is left of one that dies without a word: near the heap's limit,
 * before V8 aborts with "JavaScript heap out of memory", and every so many seconds, so that `kill -9` loses no more.
 *
 * Both look between jobs, and on the tracker's slow path too: a program that runs out of memory mostly does so in one long
 * job, in which no timer fires. Where nothing is counted in that job either, V8 itself can tell (`near_limit.ts`).
 *
 * @returns Ends it.
 */
export function dumpEarly({ checkpoint, write, heap, watchLimit }: EarlyDumpOptions): () => void {
  const lookAtClock = dumpByClock(checkpoint, write);
  const byHeap = heap === null ? null : dumpByHeap(heap, watchLimit, write);
  const look = (): void => {
    lookAtClock();
    byHeap?.look();
  };
  const undo = onSlowPath(look);
  const every = Math.min(heap === null ? Infinity : lookEvery(heap().limit), clockEvery(checkpoint));
  if (every === Infinity) return undo;
  // One for all time: Deno's test runner counts timers that begin during a test.
  const timer = setInterval(look, every);
  // The program's end must not wait for it.
  timer.unref?.();
  return () => {
    clearInterval(timer);
    undo();
    byHeap?.end();
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
    write({ isLast: false });
    // From the end of writing, so that a dump that takes longer than the interval leaves time for the program.
    last = performance.now();
    if (isGrowing) interval = Math.min(LAST_MS, interval * 2);
  };
}

function dumpByHeap(
  heap: () => HeapUse,
  watchLimit: EarlyDumpOptions["watchLimit"],
  write: EarlyDumpOptions["write"],
): { look: () => void; end: () => void } {
  const started = performance.now();
  /** Where the heap was full: for its last moments V8 has raised the limit. */
  let fullAt = Infinity;
  const watch = watchLimit(() => {
    fullAt = limit;
    // What is known now is safe before more is asked of a heap that is full.
    write({ isLast: false });
    write({ isLast: true });
  });
  let { limit } = heap();
  const steps = watch === null ? FROM_FAR : NEAR_LIMIT;
  let step = 0;
  // A worker's end is told to the thread that started it, and some programs have many workers.
  if (threadNumber() === 0) watch?.arm();
  const look = (): void => {
    const now = heap();
    const { used } = now;
    if (used > fullAt * DISARM_BELOW) return;
    fullAt = Infinity;
    limit = now.limit;
    if (used > limit * ARM_AT) watch?.arm();
    else if (used < limit * DISARM_BELOW && performance.now() - started > ARMED_MS) watch?.disarm();
    if (step === steps.length || used < limit * steps[step]) return;
    while (step < steps.length && used >= limit * steps[step]) step++;
    write({ isLast: false });
  };
  return { look, end: () => watch?.disarm() };
}

import { onSlowPath } from "../src/tracing.ts";

/** Shares of the heap limit at which a dump is written: each once, and again only after the next. */
const NEAR_LIMIT = [0.8, 0.88, 0.94, 0.97] as const;

/** The first interval of growing ones, and the longest, in ms. */
const FIRST_MS = 250;
const LAST_MS = 60_000;

/** When dumps are written while the program lives. */
export interface EarlyDumpOptions {
  /**
   * Seconds between dumps; null: none but near the heap's limit. `"growing"`: after a quarter of a second, half a second, a
   * second, … and then every minute, so that what ends without a word has told most of its life at little cost.
   */
  readonly checkpoint: number | "growing" | null;
  /** Writes the dump, synchronously; does not throw. */
  readonly write: () => void;
  /** Bytes of heap in use and allowed; null where the engine does not say. */
  readonly heap: (() => { used: number; limit: number }) | null;
}

/**
 * Writes dumps while the program lives, so that something is left of one that dies without a word: near the heap's limit,
 * before V8 aborts with "JavaScript heap out of memory", and every so many seconds, so that `kill -9` loses no more.
 *
 * Both look at the clock on the tracker's slow path too: a program that runs out of memory mostly does so in one long
 * job, in which no timer fires.
 *
 * @returns Ends it.
 */
export function dumpEarly({ checkpoint, write, heap }: EarlyDumpOptions): () => void {
  const isGrowing = checkpoint === "growing";
  let interval = isGrowing ? FIRST_MS : checkpoint === null ? Number.POSITIVE_INFINITY : checkpoint * 1000;
  let last = performance.now();
  let step = 0;
  const due = (): void => {
    if (performance.now() - last < interval) return;
    write();
    // From the end of writing, so that a dump that takes longer than the interval leaves time for the program.
    last = performance.now();
    if (isGrowing) interval = Math.min(LAST_MS, interval * 2);
  };
  const undo = onSlowPath(() => {
    due();
    if (heap === null || step === NEAR_LIMIT.length) return;
    const { used, limit } = heap();
    if (used < limit * NEAR_LIMIT[step]) return;
    while (step < NEAR_LIMIT.length && used >= limit * NEAR_LIMIT[step]) step++;
    write();
  });
  if (checkpoint === null) return undo;
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    timer = setTimeout(
      () => {
        due();
        wait();
      },
      Math.max(10, interval / 2),
    );
    // The program's end must not wait for it.
    timer.unref?.();
  };
  wait();
  return () => {
    clearTimeout(timer);
    undo();
  };
}

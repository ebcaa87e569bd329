import { getTracedMemory, isTracing } from "../../mod.ts";
import type { GrowthRule } from "../../src/vocabulary/growth_rule.ts";
import { onSpareSignals } from "../exit/spare_signals.ts";
import { reasonOf, warn } from "../preload/warn.ts";
import { startOnRequest, writeRequested } from "./control.ts";
import { GrowthWatch, lookEvery } from "./growth_watch.ts";

// The host's own, whatever the program puts there later to fake the time.
const { clearInterval, setInterval } = globalThis;

/**
 * Has a signal start tracing, and after that write a snapshot each time. A program that handles the signal itself keeps it.
 *
 * @param isNamed Whether the user has named it: then it is said where it cannot be had.
 * @returns Takes the listener away.
 */
export function onRequestSignal(signal: NodeJS.Signals, { isNamed }: { isNamed: boolean }): () => void {
  return onSpareSignals([signal], {
    returns: false,
    onSignal: () => void answerSignal(signal),
    onTaken: () => {
      if (isNamed)
        warn(`tracemalloc: the program handles ${signal} itself: TRACEMALLOC_SIGNAL takes another one`);
    },
  });
}

async function answerSignal(signal: string): Promise<void> {
  if (isTracing()) {
    try {
      warn(`tracemalloc: snapshot written to ${(await writeRequested())?.file}`);
    } catch (error) {
      warn(`tracemalloc: no snapshot was written: ${reasonOf(error)}`);
    }
    return;
  }
  try {
    startOnRequest();
    warn(`tracemalloc: tracing from now on; ${signal} writes a snapshot each time`);
  } catch (error) {
    warn(`tracemalloc: not tracing: ${reasonOf(error)}`);
  }
}

/** So many are written because memory has grown: each is at least a percent above the one before, but it may also go down again. */
const MOST_FOR_GROWTH = 50;

/**
 * Writes a snapshot whenever live memory has grown by so much within the last minutes, and says so.
 *
 * @returns Ends it.
 */
export function onGrowth(rule: GrowthRule): () => void {
  let count = 0;
  let hasFailed = false;
  let isBusy = false;
  let watch: GrowthWatch | null = null;
  const seconds = (): number => performance.now() / 1000;
  const look = async (): Promise<void> => {
    if (isBusy || !isTracing()) {
      // What was alive before tracing began anew is not known.
      if (!isBusy) watch = null;
      return;
    }
    watch ??= new GrowthWatch(rule, seconds());
    const own = watch;
    if (!own.look(seconds(), getTracedMemory().current)) return;
    isBusy = true;
    try {
      let said = "";
      const wanted = (): boolean => {
        const { current } = getTracedMemory();
        const grown = isTracing() ? own.settled(seconds(), current) : null;
        if (grown === null) return false;
        said = `live memory has grown from ${mebibytes(grown.from)} to ${mebibytes(current)} in ${Math.round(grown.seconds)} s`;
        return true;
      };
      const written = await writeRequested({ wanted });
      if (written === null) return;
      hasFailed = false;
      warn(`tracemalloc: ${said}: snapshot written to ${written.file}`);
      if (++count === MOST_FOR_GROWTH) {
        clearInterval(timer);
        warn(
          `tracemalloc: ${MOST_FOR_GROWTH} snapshots were written because live memory has grown: no more are`,
        );
      }
    } catch (error) {
      // A disk that is full stays so: once is enough.
      if (!hasFailed) warn(`tracemalloc: no snapshot was written: ${reasonOf(error)}`);
      hasFailed = true;
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void look(), lookEvery(rule) * 1000);
  timer.unref?.();
  return () => clearInterval(timer);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

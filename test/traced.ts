// What a run of instrumented code left in the tracker, as plain values to compare.

import type { Trace } from "../mod.ts";
import { collect, start, stop, takeSnapshot } from "../mod.ts";

/** Runs `run` under the tracker and gives the traces of what it made: `live` ones unless told otherwise. */
export async function traced(run: () => unknown, nframe = 25): Promise<Trace[]> {
  start(nframe);
  try {
    const result = await run();
    const traces = [...takeSnapshot().traces];
    keep(result);
    return traces;
  } finally {
    stop();
  }
}

/** As `traced`, after garbage has been collected; what `run` returns stays alive. */
export function tracedAlive(run: () => unknown): Promise<Trace[]> {
  return traced(async () => {
    const kept = await run();
    await collect();
    return kept;
  });
}

/** How many traces there are per type, of the heap's domain unless told otherwise. */
export function types(traces: readonly Trace[], domain = 0): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const trace of traces) if (trace.domain === domain) counts[trace.type] = (counts[trace.type] ?? 0) + 1;
  return counts;
}

/** A traceback as `function:line` from the oldest frame to the allocation. */
export function path(trace: Trace): string {
  return [...trace.traceback].map(({ functionName, lineno }) => `${functionName}:${lineno}`).join(" ");
}

const kept: unknown[] = [];

/** Keeps the value from dying early. */
function keep(value: unknown): void {
  kept[0] = value;
}

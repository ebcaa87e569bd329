import { sizeOfSuspended } from "../track/resources/resource_sizes.ts";
import { addTo } from "./sums.ts";

/** By line, bytes of what is counted in domains of its own: timers, listeners, calls that wait; and of the last alone. */
export interface ResourceBytes {
  readonly all: Map<string, number>;
  readonly suspended: Map<string, number>;
}

/** What a look has found for blocks of a line. */
export interface FoundBytes {
  readonly line: string;
  readonly bytes: number;
  /** Calls that wait among that. */
  readonly suspended: number;
}

/**
 * Of what a look found on a line, the part that is not counted in the domains of resources: of records of timers, listeners and calls that wait no byte
 * counts twice. A call counts on the line of its `await`, which may be another than that of what holds it.
 */
export function shareBeside(
  found: readonly FoundBytes[],
  { all, suspended }: ResourceBytes,
): (line: string) => number {
  const bytes = new Map<string, number>();
  const calls = new Map<string, number>();
  for (const each of found) {
    addTo(bytes, each.line, each.bytes);
    addTo(calls, each.line, each.suspended * sizeOfSuspended(false));
  }
  // What a line's calls take beyond what was found there was found elsewhere.
  let elsewhere = 0;
  for (const [line, size] of suspended)
    elsewhere += Math.max(0, Math.min(size, all.get(line)! - (bytes.get(line) ?? 0)));
  const others = new Map<string, number>();
  let ofOthers = 0;
  for (const [line, size] of calls) {
    const more = Math.max(0, size - (suspended.get(line) ?? 0));
    if (more === 0) continue;
    others.set(line, more);
    ofOthers += more;
  }
  const part = Math.min(1, elsewhere / Math.max(1, ofOthers));
  return (line) => {
    const apart = (all.get(line) ?? 0) + part * (others.get(line) ?? 0);
    return 1 - Math.min(1, apart / Math.max(1, bytes.get(line) ?? 0));
  };
}

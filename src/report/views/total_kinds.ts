// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { DOMAIN_HEAP, DOMAIN_LISTENER, DOMAIN_SUSPENDED, DOMAIN_TIMER } from "../../vocabulary/domains.ts";
import {
  type KindCount,
  type KindDiff,
  kindsOf,
  kindsOfDiff,
  type ResourceCounts,
} from "./resource_counts.ts";

type Figure = "count" | "peakCount" | "allocatedCount";

interface Whole {
  readonly count: number;
  readonly counts: ResourceCounts;
  readonly hasResources: boolean;
}

/**
 * All blocks of a snapshot by kind: a sum over objects and listeners is none of anything. Null: there are no timers, listeners or suspended calls.
 *
 * @param figure Alive, or ever allocated.
 */
export function totalKinds(
  snapshot: Snapshot,
  figure: "count" | "allocatedCount" = "count",
): KindCount[] | null {
  const { hasResources, ...whole } = wholeOf(snapshot, figure);
  return hasResources ? kindsOf(whole.count, whole.counts) : null;
}

/** The same of a comparison. */
export function totalKindsBetween(now: Snapshot, before: Snapshot): KindDiff[] | null {
  const [of, old] = [wholeOf(now, "count"), wholeOf(before, "count")];
  return of.hasResources || old.hasResources ? kindsOfDiff(of, old) : null;
}

/** How many are timers, listeners and suspended calls, by kind; none where the snapshot does not have the figure. */
export function totalResources(snapshot: Snapshot, figure: Figure): KindCount[] {
  const { counts } = wholeOf(snapshot, figure);
  return kindsOf(counts.timers + counts.listeners + counts.calls, { ...counts, objects: 0 });
}

/** How many blocks are memory: timers, listeners and suspended calls are over, and do not die. */
export function memoryBlocks(snapshot: Snapshot, figure: "count" | "allocatedCount"): number {
  const { count, counts } = wholeOf(snapshot, figure);
  return count - counts.timers - counts.listeners - counts.calls;
}

/** The sum of what entries have by kind; of entries without, all is memory. Null: of all entries. */
export function sumOfKinds(
  entries: readonly {
    readonly kinds: readonly KindDiff[] | null;
    readonly count: number;
    readonly countDiff: number;
  }[],
): KindDiff[] | null {
  if (entries.every(({ kinds }) => kinds === null)) return null;
  const sums = new Map<string, { count: number; countDiff: number }>();
  for (const { kinds, count, countDiff } of entries) {
    for (const one of kinds ?? [{ kind: "blocks", count, countDiff }]) {
      // Nobody has asked of all of them whether they are objects.
      const kind = one.kind === "objects" ? "blocks" : one.kind;
      const sum = sums.get(kind);
      if (sum === undefined) sums.set(kind, { count: one.count, countDiff: one.countDiff });
      else {
        sum.count += one.count;
        sum.countDiff += one.countDiff;
      }
    }
  }
  const order = ["blocks", "timers", "listeners", "suspended calls"];
  return order.flatMap((kind) => (sums.has(kind) ? [{ kind, ...sums.get(kind)! }] : []));
}

function wholeOf({ columns }: Snapshot, figure: Figure): Whole {
  const { blocks } = columns;
  const counts = { objects: 0, timers: 0, listeners: 0, calls: 0 };
  let count = 0;
  const column = blocks[figure];
  if (column === undefined) return { count, counts, hasResources: false };
  for (let row = 0; row < blocks.domain.length; row++) {
    // As statistics do: the totals agree.
    const own = figure === "allocatedCount" ? column[row] : Math.round(column[row]);
    const domain = blocks.domain[row];
    count += own;
    if (domain === DOMAIN_HEAP) counts.objects += own;
    else if (domain === DOMAIN_TIMER) counts.timers += own;
    else if (domain === DOMAIN_LISTENER) counts.listeners += own;
    else if (domain === DOMAIN_SUSPENDED) counts.calls += own;
  }
  return { count, counts, hasResources: counts.timers + counts.listeners + counts.calls > 0 };
}

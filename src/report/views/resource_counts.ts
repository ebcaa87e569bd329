// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { DomainFilter } from "../../statistics/filter.ts";
import type { StatisticDiff } from "../../statistics/statistic.ts";
import { DOMAIN_SUSPENDED, DOMAIN_TIMER } from "../../vocabulary/domains.ts";
import type { ViewOptions } from "./view.ts";

const RESOURCES = ["timers", "listeners", "calls"] as const;
const NO_COUNTS: ResourceCounts = { objects: 0, timers: 0, listeners: 0, calls: 0 };

/** So many blocks of an entry are `objects`, `blocks` (of memory, of several domains), `timers`, `listeners` or `suspended calls`. */
export interface KindCount {
  readonly kind: string;
  readonly count: number;
}

/** The same of a comparison; the difference is new less old. */
export interface KindDiff extends KindCount {
  readonly countDiff: number;
}

/** How many blocks of an entry are what. */
export interface ResourceCounts {
  readonly objects: number;
  readonly timers: number;
  readonly listeners: number;
  /** Suspended ones. */
  readonly calls: number;
}

/**
 * The entries that have resources among their blocks, by key. Empty where one domain is looked at: then all are of one kind.
 *
 * @param snapshot Filtered as the view says.
 * @param figure Alive, or ever allocated.
 */
export function resourceCounts(
  snapshot: Snapshot,
  { by, cumulative, domain }: Pick<ViewOptions, "by" | "cumulative" | "domain">,
  figure: "count" | "allocatedCount" = "count",
): ReadonlyMap<string, ResourceCounts> {
  const found = new Map<string, ResourceCounts>();
  if (domain !== undefined || !snapshot.columns.blocks.domain.some(isResource)) return found;
  const add = (name: keyof ResourceCounts): void => {
    const only = snapshot.filterTraces([new DomainFilter(true, name)]);
    for (const { key, [figure]: count } of only.statistics(by, cumulative)) {
      const known = found.get(key);
      if (count === 0 || (name === "objects" && known === undefined)) continue;
      found.set(key, { ...(known ?? NO_COUNTS), [name]: count });
    }
  };
  for (const name of RESOURCES) add(name);
  // Last: most entries have nothing else.
  if (found.size > 0) add("objects");
  return found;
}

/** Whether blocks of a domain are timers, listeners or suspended calls. */
export function isResource(domain: number): boolean {
  return domain >= DOMAIN_TIMER && domain <= DOMAIN_SUSPENDED;
}

/** An entry's blocks by kind, memory first: a line that adds a listener has the function and the listener, which are not two of the same. */
export function kindsOf(count: number, counts: ResourceCounts): KindCount[] {
  return kindsOfDiff({ count, counts }, { count: 0, counts: NO_COUNTS }).map(({ kind, count }) => ({
    kind,
    count,
  }));
}

/** The same of a comparison, with what was there before. */
export function kindsOfDiff(
  now: { readonly count: number; readonly counts: ResourceCounts | undefined },
  old: { readonly count: number; readonly counts: ResourceCounts | undefined },
): KindDiff[] {
  const [of, before] = [now.counts ?? NO_COUNTS, old.counts ?? NO_COUNTS];
  const memory = (all: number, { timers, listeners, calls }: ResourceCounts): number =>
    all - timers - listeners - calls;
  const [rest, oldRest] = [memory(now.count, of), memory(old.count, before)];
  const kind = (name: string, count: number, previous: number): KindDiff => ({
    ...{ kind: name, count, countDiff: count - previous },
  });
  // Strings and bytes outside the heap are no objects.
  const isObjects = hasObjectsOnly(now.counts, rest) && hasObjectsOnly(old.counts, oldRest);
  return [
    kind(isObjects ? "objects" : "blocks", rest, oldRest),
    kind("timers", of.timers, before.timers),
    kind("listeners", of.listeners, before.listeners),
    kind("suspended calls", of.calls, before.calls),
  ].filter(({ count, countDiff }) => count !== 0 || countDiff !== 0);
}

/**
 * Tells the kinds of an entry of a comparison; null: all its blocks are memory, or of the one domain that is looked at.
 *
 * @param now Filtered as the view says, as is `before`.
 */
export function kindsBetween(
  now: Snapshot,
  before: Snapshot,
  view: Pick<ViewOptions, "by" | "cumulative" | "domain">,
): (one: Pick<StatisticDiff, "key" | "count" | "countDiff">) => KindDiff[] | null {
  const [resources, former] = [resourceCounts(now, view), resourceCounts(before, view)];
  return ({ key, count, countDiff }) => {
    const [counts, old] = [resources.get(key), former.get(key)];
    if (counts === undefined && old === undefined) return null;
    return kindsOfDiff({ count, counts }, { count: count - countDiff, counts: old });
  };
}

/** Where there were no resources, nobody has asked what the others are. */
function hasObjectsOnly(counts: ResourceCounts | undefined, memory: number): boolean {
  return counts === undefined || counts.objects === memory;
}

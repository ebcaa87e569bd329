// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { DomainFilter } from "../../statistics/filter.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import type { ShortLived } from "../../statistics/short_lived.ts";
import { DOMAIN_LISTENER, DOMAIN_SUSPENDED, DOMAIN_TIMER } from "../../vocabulary/domains.ts";
import { isResource } from "./resource_counts.ts";
import { entryKey } from "./top.ts";
import { type FrameJson, filtered, framesJson, type ViewOptions } from "./view.ts";

/** What was allocated and has died again. Sizes in bytes. */
export interface FreedSums {
  readonly freedSize: number;
  readonly freedCount: number;
  readonly allocatedSize: number;
  readonly allocatedCount: number;
}

/** One entry of the list. */
export interface ShortLivedEntry extends FreedSums {
  readonly rank: number;
  /** What the entry stands for: `file:line`, a file, a function or a type. */
  readonly key: string;
  /** Oldest first; empty for a type. */
  readonly traceback: readonly FrameJson[];
}

/** What `tracemalloc top --short-lived --json` prints. */
export interface ShortLivedReport {
  readonly by: KeyType;
  readonly cumulative: boolean;
  readonly limit: number;
  readonly shortLived: readonly ShortLivedEntry[];
  /** What did not make the list. */
  readonly other: { readonly entries: number; readonly freedSize: number; readonly freedCount: number };
  readonly total: FreedSums;
}

/** Timers, listeners and suspended calls end; no collector has work with them. They are told where they are asked for. */
const RESOURCES = [DOMAIN_TIMER, DOMAIN_LISTENER, DOMAIN_SUSPENDED].map(
  (domain) => new DomainFilter(false, domain),
);

/** The entries of which the most bytes were allocated and have died again. */
export function shortLivedReport(snapshot: Snapshot, view: ViewOptions): ShortLivedReport {
  const chosen = filtered(snapshot, view);
  const hasOthers = view.domain === undefined && chosen.columns.blocks.domain.some(isResource);
  const shown = hasOthers ? chosen.filterTraces(RESOURCES) : chosen;
  const all = shown.shortLived(view.by, view.cumulative);
  const rest = all.slice(view.limit);
  return {
    by: view.by,
    cumulative: view.cumulative,
    limit: view.limit,
    shortLived: all.slice(0, view.limit).map((one, index) => entry(one, index + 1, view.by)),
    other: { entries: rest.length, freedSize: sum(rest, "freedSize"), freedCount: sum(rest, "freedCount") },
    // Cumulative entries share blocks; a sum over them would count those twice.
    total: totalOf(view.cumulative ? shown.shortLived("filename") : all),
  };
}

function entry(one: ShortLived, rank: number, by: KeyType): ShortLivedEntry {
  const { freedSize, freedCount, allocatedSize, allocatedCount, traceback } = one;
  const key = entryKey(one, by);
  return {
    rank,
    key,
    freedSize,
    freedCount,
    allocatedSize,
    allocatedCount,
    traceback: framesJson(traceback),
  };
}

function totalOf(all: readonly ShortLived[]): FreedSums {
  return {
    freedSize: sum(all, "freedSize"),
    freedCount: sum(all, "freedCount"),
    allocatedSize: sum(all, "allocatedSize"),
    allocatedCount: sum(all, "allocatedCount"),
  };
}

function sum(all: readonly ShortLived[], field: keyof FreedSums): number {
  return all.reduce((total, one) => total + one[field], 0);
}

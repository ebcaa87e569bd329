// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { toFixedHalfEven } from "../../statistics/format_size.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import type { StatisticDiff } from "../../statistics/statistic.ts";
import { wholeSize } from "../text/units.ts";
import { type KindDiff, kindsBetween } from "./resource_counts.ts";
import { entryKey } from "./top.ts";
import { totalKindsBetween } from "./total_kinds.ts";
import { type FrameJson, filtered, framesJson, type Selection } from "./view.ts";

/** By how much something may grow: by a share of what it was, or by so many bytes. */
export type GrowthLimit = { readonly share: number } | { readonly bytes: number };

/** What is checked. */
export interface CheckOptions extends Selection {
  /** How much the live memory as a whole may grow, and with `by` each entry, too. */
  readonly maxGrowth: GrowthLimit;
  /** What an entry stands for; undefined: only the whole is checked. */
  readonly by: KeyType | undefined;
  /** Entries that grew by less bytes than this are never too much. */
  readonly minSize: number;
  /** How many entries are listed. */
  readonly limit: number;
}

/** Live memory before and after, in bytes. */
export interface Growth {
  readonly old: number;
  readonly new: number;
  readonly growth: number;
  /** The growth as a share of the old size; null where there was nothing. */
  readonly share: number | null;
}

/** A line (or what else `by` says) and its growth. */
export interface CheckEntry extends Growth {
  readonly key: string;
  /** Oldest frame first; empty for a type. */
  readonly traceback: readonly FrameJson[];
  /** As the total's. */
  readonly kinds?: readonly KindDiff[];
}

/** What `tracemalloc check --json` prints. */
export interface CheckReport {
  readonly ok: boolean;
  readonly maxGrowth: GrowthLimit;
  readonly by: KeyType;
  readonly total: Growth & {
    readonly ok: boolean;
    /** The blocks by kind; absent: all are memory, or of one domain that was chosen. */
    readonly kinds?: readonly KindDiff[];
  };
  /** With `--by`: how many entries grew by more than they may; else 0. */
  readonly exceeding: number;
  /** Entries that grew by more than they may, or, where only the whole did, those that grew most. */
  readonly entries: readonly CheckEntry[];
}

/** Says whether memory grew by more than it may, and where. */
export function checkReport(newer: Snapshot, older: Snapshot, options: CheckOptions): CheckReport {
  const [now, before] = [filtered(newer, options), filtered(older, options)];
  const { maxGrowth, minSize, limit } = options;
  const by = options.by ?? "lineno";
  const all = now.compareTo(before, by);
  const total = growthOf({
    size: all.reduce((sum, { size }) => sum + size, 0),
    sizeDiff: all.reduce((sum, { sizeDiff }) => sum + sizeDiff, 0),
  });
  const totalOk = !exceeds(total, maxGrowth);
  // Sorted by |difference| already: those that grew stand in the order of their growth.
  const grown = all.filter(({ sizeDiff }) => sizeDiff > 0);
  const exceeding =
    options.by === undefined
      ? []
      : grown.filter((one) => one.sizeDiff >= minSize && exceeds(growthOf(one), maxGrowth));
  const listed = exceeding.length > 0 ? exceeding : totalOk ? [] : grown;
  const kindsAt = kindsBetween(now, before, { ...options, by, cumulative: false });
  return {
    ok: totalOk && exceeding.length === 0,
    maxGrowth,
    by,
    total: {
      ok: totalOk,
      ...total,
      ...kindsIfAny(options.domain === undefined ? totalKindsBetween(now, before) : null),
    },
    exceeding: exceeding.length,
    entries: listed.slice(0, limit).map((one) => ({
      key: entryKey(one, by),
      ...growthOf(one),
      traceback: framesJson(one.traceback),
      ...kindsIfAny(kindsAt(one)),
    })),
  };
}

function kindsIfAny(kinds: KindDiff[] | null): { kinds?: readonly KindDiff[] } {
  return kinds === null ? {} : { kinds };
}

function growthOf({ size, sizeDiff }: Pick<StatisticDiff, "size" | "sizeDiff">): Growth {
  const old = size - sizeDiff;
  return { old, new: size, growth: sizeDiff, share: old > 0 ? sizeDiff / old : null };
}

function exceeds({ old, growth }: Growth, limit: GrowthLimit): boolean {
  if (growth <= 0) return false;
  return growth > ("bytes" in limit ? limit.bytes : old * limit.share);
}

/** A limit as people write it: `5 %`, `1 MiB`. */
export function limitText(limit: GrowthLimit): string {
  return "bytes" in limit ? wholeSize(limit.bytes) : `${Number((limit.share * 100).toFixed(6))} %`;
}

/** A growth as a share: `+12.5 %`, or `new` where there was nothing before. */
export function shareText({ share, growth }: Growth): string {
  if (share === null) return growth > 0 ? "new" : "";
  return `${share < 0 ? "" : "+"}${toFixedHalfEven(share * 100, 1)} %`;
}

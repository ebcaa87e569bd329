// Browser compatible.
import { inspect } from "../snapshot/model/python_repr.ts";
import type { Traceback } from "../snapshot/model/traceback.ts";
import { formatSize } from "./format_size.ts";

/** What a statistic is made of. */
export interface StatisticFields {
  /** Bytes alive. */
  readonly size: number;
  /** Blocks alive. */
  readonly count: number;
  /** Bytes ever allocated. Default: `size`. */
  readonly allocatedSize?: number;
  /** Blocks ever allocated. Default: `count`. */
  readonly allocatedCount?: number;
  /** Default: the traceback's text. */
  readonly key?: string;
}

/** What is alive, and was ever allocated, under one key: a line, a file, a traceback, a function or a type. */
export class Statistic {
  /** What was grouped by: `file:line`, a type's name, or `name (file:line)` for a function and its declaration. */
  readonly key: string;
  /** Bytes alive. */
  readonly size: number;
  /** Blocks alive. */
  readonly count: number;
  /** Bytes allocated since `start()` or `clearTraces()`, dead ones too. */
  readonly allocatedSize: number;
  /** Blocks allocated since `start()` or `clearTraces()`, dead ones too. */
  readonly allocatedCount: number;
  /** Where the blocks were allocated; empty when grouped by type. */
  readonly traceback: Traceback;

  constructor(traceback: Traceback, fields: StatisticFields) {
    this.key = fields.key ?? traceback.toString();
    this.size = fields.size;
    this.count = fields.count;
    this.allocatedSize = fields.allocatedSize ?? fields.size;
    this.allocatedCount = fields.allocatedCount ?? fields.count;
    this.traceback = traceback;
  }

  /** Whether `other` has the same key, traceback, size and count. */
  equals(other: unknown): boolean {
    return (
      other instanceof Statistic &&
      this.key === other.key &&
      this.size === other.size &&
      this.count === other.count &&
      this.traceback.equals(other.traceback)
    );
  }

  /** As Python prints it: `app.ts:716: size=4855 KiB, count=39328, average=126 B`. */
  toString(): string {
    return `${this.key}: size=${formatSize(this.size)}, count=${this.count}${average(this.size, this.count)}`;
  }

  /** @internal */
  [inspect](): string {
    return `<Statistic traceback=${this.traceback[inspect]()} size=${this.size} count=${this.count}>`;
  }
}

/** What a difference is made of. */
export interface StatisticDiffFields extends StatisticFields {
  /** Bytes alive more than in the old snapshot. */
  readonly sizeDiff: number;
  /** Blocks alive more than in the old snapshot. */
  readonly countDiff: number;
  /** Bytes allocated more. Default: `sizeDiff`. */
  readonly allocatedSizeDiff?: number;
  /** Blocks allocated more. Default: `countDiff`. */
  readonly allocatedCountDiff?: number;
}

/** How a {@linkcode Statistic} differs between an old and a new snapshot. */
export class StatisticDiff {
  /** What was grouped by, as in {@linkcode Statistic.key}. */
  readonly key: string;
  /** Bytes alive in the new snapshot; 0 where all were freed. */
  readonly size: number;
  /** Bytes alive more than in the old snapshot. */
  readonly sizeDiff: number;
  /** Blocks alive in the new snapshot; 0 where all were freed. */
  readonly count: number;
  /** Blocks alive more than in the old snapshot. */
  readonly countDiff: number;
  /** Bytes allocated until the new snapshot. */
  readonly allocatedSize: number;
  /** Bytes allocated between the two snapshots, freed ones too. */
  readonly allocatedSizeDiff: number;
  /** Blocks allocated until the new snapshot. */
  readonly allocatedCount: number;
  /** Blocks allocated between the two snapshots, freed ones too. */
  readonly allocatedCountDiff: number;
  /** Where the blocks were allocated; empty when grouped by type. */
  readonly traceback: Traceback;

  constructor(traceback: Traceback, fields: StatisticDiffFields) {
    this.key = fields.key ?? traceback.toString();
    this.size = fields.size;
    this.sizeDiff = fields.sizeDiff;
    this.count = fields.count;
    this.countDiff = fields.countDiff;
    this.allocatedSize = fields.allocatedSize ?? fields.size;
    this.allocatedSizeDiff = fields.allocatedSizeDiff ?? fields.sizeDiff;
    this.allocatedCount = fields.allocatedCount ?? fields.count;
    this.allocatedCountDiff = fields.allocatedCountDiff ?? fields.countDiff;
    this.traceback = traceback;
  }

  /** Whether `other` has the same key, traceback, sizes and counts. */
  equals(other: unknown): boolean {
    return (
      other instanceof StatisticDiff &&
      this.key === other.key &&
      this.size === other.size &&
      this.sizeDiff === other.sizeDiff &&
      this.count === other.count &&
      this.countDiff === other.countDiff &&
      this.traceback.equals(other.traceback)
    );
  }

  /** As Python prints it: `app.ts:716: size=8173 KiB (+4428 KiB), count=71332 (+39369), average=117 B`. */
  toString(): string {
    const size = `size=${formatSize(this.size)} (${formatSize(this.sizeDiff, { sign: true })})`;
    const count = `count=${this.count} (${signed(this.countDiff)})`;
    return `${this.key}: ${size}, ${count}${average(this.size, this.count)}`;
  }

  /** @internal */
  [inspect](): string {
    const size = `size=${this.size} (${signed(this.sizeDiff)})`;
    const count = `count=${this.count} (${signed(this.countDiff)})`;
    return `<StatisticDiff traceback=${this.traceback[inspect]()} ${size} ${count}>`;
  }
}

function average(size: number, count: number): string {
  return count === 0 ? "" : `, average=${formatSize(size / count)}`;
}

function signed(value: number): string {
  return value < 0 ? String(value) : `+${value}`;
}

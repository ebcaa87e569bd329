// Browser compatible.

import { copyInto } from "../../tables/copy_into.ts";
import { floor, max, min } from "../../tables/own_math.ts";
import { append, OwnInt32Array } from "../../tables/safe_collections.ts";

const { round } = Math;

/** What exact mode remembers of a site that its rows do not say. */
export interface ExactLine {
  /** Deaths that have no row yet, and the bytes that they were taken for. */
  unplaced: number;
  unplacedBytes: number;
  /** How many more others a walk has found than those that were watched stood for. */
  correction: number;
  /** Where there is a correction, how many others stand behind those watched now, and the least that did since the walk. */
  standing: number;
  leastStanding: number;
  /** While deaths are placed: what all its rows have. */
  sum: number;
  /** Of what each row has, it gives so much; below 0: nobody has asked. */
  share: number;
  /** What all rows up to here should have given, and what they have. */
  upTo: number;
  placed: number;
}

/** The lines of which something is remembered, by site: looked for in all rows, so that it must not take a hash table. */
export class ExactLines {
  list: ExactLine[] = [];
  /** Index in `list` + 1. */
  #at = new OwnInt32Array(1024);
  #sites = 1024;

  get(site: number): ExactLine | undefined {
    const at = this.#at[site];
    return at > 0 ? this.list[at - 1] : undefined;
  }

  /** The same; adds it if there is none. */
  of(site: number): ExactLine {
    const known = this.get(site);
    if (known !== undefined) return known;
    if (site >= this.#sites) {
      const length = max(site + 1, this.#sites * 2);
      this.#at = copyInto(new OwnInt32Array(length), this.#at, this.#sites);
      this.#sites = length;
    }
    const line: ExactLine = {
      ...{ unplaced: 0, unplacedBytes: 0, correction: 0, standing: 0, leastStanding: 0 },
      ...{ sum: 0, share: -1, upTo: 0, placed: 0 },
    };
    this.#at[site] = append(this.list, line);
    return line;
  }

  /** The line of a site, if it has deaths that have no row yet. */
  withDeaths(site: number): ExactLine | undefined {
    const line = this.get(site);
    return line !== undefined && line.unplaced > 0 ? line : undefined;
  }

  /** Before deaths are placed. */
  prepare(): void {
    for (let i = 0; i < this.list.length; i++) {
      const line = this.list[i];
      line.sum = line.placed = 0;
      line.share = -1;
    }
  }

  clear(): void {
    this.list = [];
    for (let site = 0; site < this.#sites; site++) this.#at[site] = 0;
  }
}

/**
 * How many of a line's deaths a row gets that has so many, in proportion to what all have. Rounded at random: the same rows would
 * give too much each time.
 *
 * @param start A number from 0 to 1, for the first row of the line.
 */
export function placed(line: ExactLine, amount: number, start: () => number): number {
  if (line.share < 0) {
    line.share = min(1, line.unplaced / line.sum);
    line.upTo = start();
  }
  line.upTo += amount * line.share;
  const deaths = min(floor(line.upTo) - line.placed, amount, line.unplaced);
  line.placed += deaths;
  return deaths;
}

/**
 * What else is gone with so many of the others. A walk has found that those watched stood for fewer or more than there were:
 * that holds for what was alive then, of which no more are left than the least that stood behind them since.
 */
export function corrected(line: ExactLine, others: number): number {
  line.standing -= others;
  if (line.correction === 0 || line.standing >= line.leastStanding) return 0;
  const before = line.correction;
  line.correction = round((before * line.standing) / line.leastStanding);
  line.leastStanding = line.standing;
  // No more come back than have gone.
  return max(before - line.correction, -others);
}

// Browser compatible.

import { ensureStack } from "../../host/ensure_stack.ts";
import { IntColumn } from "../../tables/columns.ts";
import { Random } from "../../tables/random.ts";
import { quietly } from "../../track/calls/quietly.ts";
import type { ExactFigures } from "../blocks/block_table.ts";
import { CountBatch } from "../blocks/count_batch.ts";
import { RecentBlocks } from "../blocks/recent_blocks.ts";
import { corrected, type ExactLine, ExactLines, placed } from "./exact_lines.ts";
import { findUnwatchedTokens } from "./token_walk.ts";

const { max, min, round } = Math;

/** After so many deaths that have no row yet, and four for each row, they get one: a look at all rows. */
const MOST_UNPLACED = 2 ** 14;

/** For a point of the timeline, a death for each so many rows is worth placing. */
const DEATHS_OF_ROWS = 8;

/**
 * The table of exact mode where not every object is watched by a registry. All blocks count as alive when they are made. Of
 * those that a registry watches the deaths are known; of the others (`UnwatchedToken`) they are estimated, until a walk over the
 * heap tells how many are left.
 *
 * One that is watched stands for others of its site, whatever their paths and sizes: of 256 in a row, it was drawn. So when it
 * dies, others of its row do, as far as there are any, and else others of its site: to let those be that its row does not
 * have would add to what is said to be alive, for ever. Of the site's rows those give most that have most beyond what the
 * objects stand for that are watched in them and alive.
 *
 * A registry takes 0.4 µs for each object on V8, whatever dies: to mark the object takes 20 ns, and 2.5 µs of a walk when it
 * is alive then.
 */
export class ExactBlocks extends RecentBlocks {
  readonly #random: Random;
  /** By row, those that a registry watches: alive; how many others of their site these stand for; ever made. */
  readonly #followed = new IntColumn();
  readonly #standing = new IntColumn();
  readonly #everFollowed = new IntColumn();
  /** Whether there are others. */
  #hasUnwatched = false;
  readonly #lines = new ExactLines();
  readonly #start = (): number => this.#random.next() / 2 ** 32;
  #unplaced = 0;
  /** How many deaths without a row have come since rows were looked for. */
  #unplacedSince = 0;

  constructor(firstId: number, seed: number | null) {
    super(firstId);
    this.#random = new Random(seed);
  }

  override countOnly(row: number): void {
    this.#hasUnwatched = true;
    this.count(row);
    super.follow(row, 1);
  }

  override follow(row: number, weight: number): number {
    if (this.#followed.length <= row) this.#reserve(row);
    this.#followed.set(row, this.#followed.at(row) + 1);
    this.#everFollowed.set(row, this.#everFollowed.at(row) + 1);
    if (weight > 1) {
      this.#standing.set(row, this.#standing.at(row) + weight - 1);
      const line = this.#lines.get(this.site.at(row));
      if (line !== undefined) line.standing += weight - 1;
    }
    return super.follow(row, 1);
  }

  /** As many of the others as it stands for will be gone, too. */
  override free(row: number, weight: number): void {
    // It is watched, and the stack ran out before it was counted.
    if (columnAt(this.#followed, row) < 1) return;
    // First of all: it may have deaths placed.
    super.free(row, 1);
    this.#followed.set(row, this.#followed.at(row) - 1);
    if (weight === 1) return;
    this.#standing.set(row, this.#standing.at(row) - (weight - 1));
    const line = this.#lines.get(this.site.at(row));
    const gone = weight - 1 + (line === undefined ? 0 : corrected(line, weight - 1));
    const own = min(gone, this.#unwatchedAt(row));
    super.free(row, own);
    if (gone > own) this.#leave(row, gone - own);
  }

  override readonly batch: CountBatch = new CountBatch((row, came, more, most) => {
    if (this.#followed.length <= row) this.#reserve(row);
    const followed = this.#followed.at(row);
    const rest = max(more, -followed);
    this.count(row, came);
    this.#everFollowed.set(row, this.#everFollowed.at(row) + came);
    super.follow(row, most);
    if (most > rest) super.free(row, most - rest);
    this.#followed.set(row, followed + rest);
  });

  /** Leaves deaths to be placed when somebody looks at the rows. The size is at hand at any time. */
  #leave(row: number, deaths: number): void {
    const line = this.#lines.of(this.site.at(row));
    const bytes = deaths * this.size.at(row);
    line.unplaced += deaths;
    line.unplacedBytes += bytes;
    this.current -= bytes;
    this.#unplaced += deaths;
    this.#unplacedSince += deaths;
    if (this.#unplacedSince > MOST_UNPLACED + 4 * this.site.length) this.placeDeaths();
  }

  /** From rows with more than their own stand for, and only then from the others. */
  override placeDeaths(isForPoint?: boolean): void {
    if (this.#unplaced === 0) return;
    // It takes 30 ns a row: where a point names the largest of 100,000 rows, some thousands of deaths change none of these.
    if (isForPoint && this.#unplacedSince < this.site.length / DEATHS_OF_ROWS) return;
    this.#unplacedSince = 0;
    this.#placeBy(true);
    if (this.#unplaced > 0) this.#placeBy(false);
    if (this.current > this.peak) this.peak = this.current;
  }

  /**
   * Takes deaths from a site's rows in proportion to what each has, which is a whole number.
   *
   * @param isBeyond Only what they have beyond what is watched stands for.
   */
  #placeBy(isBeyond: boolean): void {
    const lines = this.#lines;
    const rows = this.site.length;
    lines.prepare();
    for (let row = 0; row < rows; row++) {
      const line = lines.withDeaths(this.site.at(row));
      if (line === undefined) continue;
      const amount = this.#amountAt(row, isBeyond);
      if (amount > 0) line.sum += amount;
    }
    for (let row = 0; row < rows; row++) {
      const line = lines.withDeaths(this.site.at(row));
      const amount = line === undefined ? 0 : this.#amountAt(row, isBeyond);
      if (line === undefined || amount <= 0) continue;
      const deaths = placed(line, amount, this.#start);
      if (deaths > 0) this.#take(row, deaths, line);
    }
  }

  #amountAt(row: number, isBeyond: boolean): number {
    return this.#unwatchedAt(row) - (isBeyond ? columnAt(this.#standing, row) : 0);
  }

  #take(row: number, deaths: number, line: ExactLine): void {
    const bytes =
      deaths === line.unplaced ? line.unplacedBytes : round((line.unplacedBytes * deaths) / line.unplaced);
    line.unplaced -= deaths;
    line.unplacedBytes -= bytes;
    this.#unplaced -= deaths;
    this.grown?.forget(row, deaths);
    this.live.add(row, -deaths);
    this.current += bytes - deaths * this.size.at(row);
  }

  override readonly exact: ExactFigures = {
    unwatched: () => this.#unwatchedAlive(),
    settle: (done) => this.#settle(done),
  };

  #unwatchedAlive(): number {
    let unwatched = -this.#unplaced;
    for (let row = 0; row < this.site.length; row++) unwatched += this.#unwatchedAt(row);
    return unwatched;
  }

  #settle(done: () => void): void {
    if (!this.#hasUnwatched) {
      done();
      return;
    }
    const before = this.#unwatchedAllocated();
    const rows = this.site.length;
    quietly(() =>
      findUnwatchedTokens((tokens) => {
        if (tokens !== null) this.#correct(tokens, before, rows);
        done();
      }),
    );
  }

  /** By row, how many others have ever been made. */
  #unwatchedAllocated(): Float64Array {
    const made = this.allocated.copy();
    for (let row = 0; row < this.#everFollowed.length; row++) made[row] -= this.#everFollowed.at(row);
    return made;
  }

  #correct(tokens: readonly { readonly id: number }[], before: Float64Array, rows: number): void {
    // Where the program has gone on meanwhile, its blocks of that time stay.
    const alive = this.#unwatchedAllocated();
    for (let row = 0; row < rows; row++) alive[row] -= before[row];
    for (let i = 0; i < tokens.length; i++) {
      const row = tokens[i].id - this.firstId;
      if (row >= 0 && row < rows) alive[row]++;
    }
    this.#forgetDeaths();
    // Those first that are gone: the size must not pass its peak on the way.
    for (let row = 0; row < this.site.length; row++) {
      const gone = this.#isOnHeap(row) ? this.#unwatchedAt(row) - alive[row] : 0;
      if (gone > 0) super.free(row, gone);
    }
    for (let row = 0; row < this.site.length; row++) {
      const back = this.#isOnHeap(row) ? alive[row] - this.#unwatchedAt(row) : 0;
      if (back > 0) super.follow(row, back);
    }
    this.#rememberCorrections();
  }

  /** A walk knows better. */
  #forgetDeaths(): void {
    this.placeDeaths();
    const { list } = this.#lines;
    for (let i = 0; i < list.length; i++) this.current += list[i].unplacedBytes;
    this.#lines.clear();
    this.#unplaced = 0;
  }

  #rememberCorrections(): void {
    for (let row = 0; row < this.site.length; row++) {
      const standing = columnAt(this.#standing, row);
      const unwatched = this.#unwatchedAt(row);
      if (unwatched === 0 && standing === 0) continue;
      const line = this.#lines.of(this.site.at(row));
      line.correction += unwatched - standing;
      line.standing += standing;
      line.leastStanding += standing;
    }
  }

  /** How many others are alive, as far as is known. Blocks of other domains are all watched. */
  #unwatchedAt(row: number): number {
    return this.live.at(row) - columnAt(this.#followed, row);
  }

  /** All columns grow, or none does: near its end, the stack could overflow in between. */
  #reserve(row: number): void {
    ensureStack();
    while (this.#followed.length <= row) {
      this.#standing.push(0);
      this.#everFollowed.push(0);
      this.#followed.push(0);
    }
  }

  /** Whether the row's blocks are objects: those of other domains have no tokens. */
  #isOnHeap(row: number): boolean {
    return this.types[this.type.at(row)].domain === 0;
  }
}

function columnAt(column: IntColumn, row: number): number {
  return row < column.length ? column.at(row) : 0;
}

// Browser compatible.

import { clock } from "../../host/clock.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";
import { max, min } from "../../tables/own_math.ts";
import { Random } from "../../tables/random.ts";
import { MOST_COST_MS, NativeStack } from "../../track/calls/native_stack.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import { CELL_ROW, CELLS_PER_SITE } from "../blocks/cell_fields.ts";
import type { SiteRows } from "../blocks/site_rows.ts";
import { AdaptiveSampler } from "../sampling/sampler.ts";
import { Strata } from "../sampling/strata.ts";
import { callersAbove, callersKnown } from "./native_callers.ts";
import { NativePathTable } from "./native_path_table.ts";
import { EMPTY_PATH } from "./path_table.ts";
import { type PathRows, type SpreadRows, spreadPaths } from "./spread_paths.ts";

const { ceil, log2 } = Math;

// Where calls are not recorded, call paths come from the engine's stacks: 8 to 30 µs each. A line counts and is followed by itself, without
// a path (its plain rows); of what is followed, all or a share has its stack captured, and moves to a row of that path. Figures by path
// are made of these when a snapshot is taken: `snapshot/spread_paths.ts`.

/** Of the time that passes, so much may go into stacks. */
const BUDGET = 0.015;
/** What may be spent at once, in ms, after a while in which less was: and in the beginning. */
const MOST_CREDIT = 20;
/** log₂ of the smallest share of a line's followed objects. */
const SMALLEST_SHARE = 12;
/** log₂ of the smallest share of those that a line is known by first. */
const SMALLEST_FIRST = 5;
/** In ms, between two looks at what was spent. */
const WINDOW = 20;
/** How much the share changes at once, at most. */
const MOST_STEPS = 6;

/** What the paths depend on; a test has others. */
export interface NativeSources {
  /** Gives the stack. */
  readonly stack?: Pick<NativeStack, "sites" | "length" | "total" | "capture">;
  /** Milliseconds since some moment. */
  readonly now?: () => number;
  /** log₂ of the first share. */
  readonly share?: number;
}

/** Gives what is followed its call path. */
export class NativePaths {
  readonly paths: NativePathTable;
  readonly #frames: number;
  readonly #stack: NonNullable<NativeSources["stack"]>;
  readonly #now: () => number;
  /** Of followed objects, those whose stack is captured. */
  readonly #strata: Strata;
  /** Which strings are drawn. None is followed, so that it needs not many of each line. */
  readonly #texts: AdaptiveSampler;
  /** The present share of all lines. */
  #present: number;
  #credit = MOST_CREDIT;
  #last: number;
  #spent = 0;

  /** (plain row, path) → row. */
  #rows = new IntPairMap();

  constructor(
    nframe: number,
    seed: number | null,
    { stack = new NativeStack(), now = clock, share = 0 }: NativeSources = {},
  ) {
    this.paths = new NativePathTable(nframe);
    this.#frames = nframe;
    this.#stack = stack;
    this.#now = now;
    this.#last = now();
    this.#present = share;
    this.#texts = new AdaptiveSampler(seed, { first: 64, perShare: 32, plenty: Number.MAX_SAFE_INTEGER });
    const integers = (): number => 3 * this.#strata.sites + 4 * this.#texts.sites;
    this.paths.besides = {
      get length() {
        return integers();
      },
    };
    this.paths.capture = () => this.#pathHere();
    this.#strata = new Strata(new Random(seed === null ? null : seed ^ 0x5bd1e995));
  }

  /** All rows are gone. */
  clear(): void {
    this.#rows = new IntPairMap();
  }

  /** The row of a block that is followed: that of its path, or the plain one it would be in. */
  place(blocks: BlockTable, row: number): number {
    const site = blocks.site.at(row);
    const strata = this.#strata;
    strata.reserve(site);
    // The first of a line has its stack captured, unless stacks have had their time: then one of its first few.
    if (strata.left[site] === 0 && this.#present > 0)
      strata.draw(site, min(this.#present, SMALLEST_FIRST), 0);
    if (--strata.left[site] > 0) return row;
    const share = strata.share[site];
    strata.draw(site, this.#present);
    const path = this.#capture(site, share);
    return path === EMPTY_PATH ? row : this.#rowOf(blocks, row, path);
  }

  /** A string, which has been counted: it is not followed, but drawn as if it were, for the figures by path. */
  text(
    { blocks, cells }: SiteRows,
    site: number,
    row: number = cells[site * CELLS_PER_SITE + CELL_ROW],
  ): void {
    const decision = this.#texts.decide(site);
    if (decision < 0) return;
    const placed = this.place(blocks, row);
    if (placed !== row) blocks.count(placed, this.#texts.weight(decision));
  }

  /** Resolves when all is known of the paths that can be: pages have to fetch it. */
  known(): Promise<void> {
    return callersKnown();
  }

  /** Makes figures by path of a snapshot's rows. */
  spread(parts: readonly PathRows[], strings: number): SpreadRows {
    return spreadPaths(parts, { paths: this.paths, strings });
  }

  /** The path of whoever calls, for blocks of the user's own; all of its frames. */
  #pathHere(): number {
    if (!this.#stack.capture(this.#frames)) return EMPTY_PATH;
    const { sites, length, total } = this.#stack;
    // The event loop has called the host's own code: timers that this asks for have no line.
    if (length === 0) return EMPTY_PATH;
    return this.paths.intern(sites, { start: 0, end: length, total, share: 0 });
  }

  #capture(site: number, share: number): number {
    const start = this.#now();
    const isThere = this.#stack.capture(this.#frames);
    const path = isThere ? callersAbove(this.paths, this.#stack, { site, share }) : EMPTY_PATH;
    const end = this.#now();
    this.#spend(min(end - start, MOST_COST_MS), end);
    return path;
  }

  #spend(cost: number, now: number): void {
    this.#spent += cost;
    const passed = now - this.#last;
    if (passed < WINDOW) return;
    this.#credit = min(this.#credit + passed * BUDGET, MOST_CREDIT) - this.#spent;
    const excess = this.#spent / (passed * BUDGET);
    if (excess > 1 && this.#credit < 0) {
      this.#present = min(this.#present + min(ceil(log2(excess)), MOST_STEPS), SMALLEST_SHARE);
    } else if (excess < 1 / 4 && this.#present > 0) this.#present--;
    // What was spent beyond all credit is not asked back.
    this.#credit = max(this.#credit, 0);
    this.#spent = 0;
    this.#last = now;
  }

  #rowOf(blocks: BlockTable, row: number, path: number): number {
    let placed = this.#rows.get(row, path);
    if (placed !== -1) return placed;
    placed = blocks.add(path, blocks.site.at(row), blocks.type.at(row), blocks.size.at(row));
    this.#rows.set(row, path, placed);
    return placed;
  }
}

// Browser compatible.
import { max } from "../../tables/own_math.ts";
import type { SiteRows } from "../blocks/site_rows.ts";
import { Growth } from "../growth/growth.ts";
import type { Finalizers } from "../liveness/collect.ts";
import type { Sampler } from "../sampling/sampler.ts";
import type { Ticking } from "../session/ticker.ts";
import { MapMarks, type Marks } from "./marks.ts";
import type { MoreBlocks } from "./more_blocks.ts";

// What a finalizer holds is one integer: the row, and in its low bits the sampler's decision, which gives the weight.
const DECISION_BITS = 5;
const DECISION_MASK = 2 ** DECISION_BITS - 1;

const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;

/** What decides which objects are followed, and how they are known again. */
export interface FollowingOptions {
  readonly sampler: Sampler;
  /** If there are none, only those that are followed are marked. */
  readonly marks?: Marks;
  /** Absent in pages: what settles at once reads it. */
  readonly more?: MoreBlocks;
  readonly seed: number | null;
}

/** Knows objects again once they have been made, and when they are gone. */
export class Following implements Finalizers {
  readonly marks: Marks;
  readonly more: MoreBlocks | undefined;
  growth!: Growth;
  /** Objects that finalizers wait for. */
  registered = 0;
  freed = 0;
  lastCanary = 0;
  readonly #rows: SiteRows;
  readonly #ticking: Ticking;
  readonly #sampler: Sampler;
  readonly #seed: number | null;
  #registry!: FinalizationRegistry<number>;

  constructor(
    rows: SiteRows,
    ticking: Ticking,
    { sampler, marks = new MapMarks(), more, seed }: FollowingOptions,
  ) {
    this.#rows = rows;
    this.#ticking = ticking;
    this.#sampler = sampler;
    this.marks = marks;
    this.more = more;
    this.#seed = seed;
    this.restart();
  }

  /** Forgets all that is followed. Objects that are alive stay marked, so that they are not taken for new ones. */
  restart(): void {
    this.growth = new Growth(this.#seed);
    this.watchAnew();
  }

  /** A new object, which the sampler has decided about. */
  mark(site: number, row: number, object: object, decision: number): void {
    const target = this.marks.put(object, this.#rows.blocks, row, decision);
    const weight = decision < 0 ? 1 : this.#follow(row, decision, target);
    if (decision >= 0 || this.marks.areForAll) this.growth.note(site, object, row, weight, false);
  }

  /** A block that lives as long as an object that is a block itself. Gives how many it stands for. */
  markMore(row: number, owner: object, decision: number): number {
    const { blocks } = this.#rows;
    let target = this.marks.handleOf(owner);
    if (target === null) target = this.marks.put(owner, blocks, row, decision);
    else this.more?.note(owner, blocks.firstId + row, decision);
    return this.#follow(row, decision, target);
  }

  /** Counts a block that is followed. Gives how many it stands for; in exact mode the others count for themselves. */
  #follow(row: number, decision: number, target: object): number {
    const { blocks } = this.#rows;
    const size = blocks.size.at(row);
    const weight = this.#sampler.weight(decision, size);
    this.#ticking.ticker?.passed(weight, size);
    // What can run out of stack first: a block must not be counted whose death nobody will report.
    this.watch(target, row, decision);
    blocks.count(row);
    return blocks.follow(row, weight);
  }

  /** Forgets all that is watched, and what is being finalized. */
  watchAnew(): void {
    const { blocks } = this.#rows;
    const registry: FinalizationRegistry<number> = new OwnRegistry((held) => {
      if (held < 0) this.lastCanary = max(this.lastCanary, -held);
      if (held < 0 || this.#registry !== registry) return; // a canary, or registered before clearTraces()
      this.registered--;
      this.freed++;
      const row = held >>> DECISION_BITS;
      const weight = this.#sampler.weight(held & DECISION_MASK, blocks.size.at(row));
      blocks.free(row, weight);
    });
    registry.register = register; // its own, whatever becomes of the prototype's
    this.#registry = registry;
    this.registered = 0;
  }

  /** Has the engine tell when a followed block is gone. */
  watch(target: object, row: number, decision: number): void {
    this.#registry.register(target, (row << DECISION_BITS) | decision);
    this.registered++;
  }

  watchCanary(canary: object, number: number): void {
    this.#registry.register(canary, -number);
  }
}

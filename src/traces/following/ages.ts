// Browser compatible.
import { clock } from "../../host/clock.ts";
import { copyInto } from "../../tables/copy_into.ts";
import { max } from "../../tables/own_math.ts";
import { OwnFloat64Array, OwnInt32Array, SafeMap } from "../../tables/safe_collections.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import { AdaptiveSampler, type Sampler, type Shares } from "../sampling/sampler.ts";

/**
 * Of each line the first, and as many of each further share: of what it has allocated in the last half, quarter, … of its blocks, some 64
 * are known. To be watched a second time costs 0.1 to 0.5 µs.
 */
const SHARES: Shares = { first: 64, perShare: 64, plenty: 2 ** 14 };

/** Ages in powers of two: less than 1 s, 2 s, 4 s, …; the last is of all that is older. */
export const MOST_AGES = 24;

const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;
const { clz32 } = Math;

/** When some of the followed blocks were made: a sample by line, of which the shares by age are told. */
export class Ages {
  readonly #blocks: BlockTable;
  readonly #weigher: Sampler;
  readonly #sampler: AdaptiveSampler;
  readonly #registry: FinalizationRegistry<number>;
  // By slot; a site below 0: free, and leads to the next free one.
  #site = new OwnInt32Array(256);
  #born = new OwnFloat64Array(256);
  #weight = new OwnFloat64Array(256);
  #length = 256;
  #used = 0;
  #free = 0;

  /** @param weigher Says how many blocks one that is followed stands for. */
  constructor(blocks: BlockTable, weigher: Sampler, seed: number | null) {
    this.#blocks = blocks;
    this.#weigher = weigher;
    this.#sampler = new AdaptiveSampler(seed, SHARES);
    this.#registry = new OwnRegistry((slot) => this.#gone(slot));
    this.#registry.register = register; // its own, whatever becomes of the prototype's
  }

  /** A block that is followed from now on. */
  note(target: object, row: number, decision: number): void {
    const blocks = this.#blocks;
    const site = blocks.site.at(row);
    const share = this.#sampler.decide(site);
    if (share < 0) return;
    const slot = this.#take();
    this.#site[slot] = site;
    this.#born[slot] = clock();
    this.#weight[slot] = this.#weigher.weight(decision, blocks.size.at(row)) * this.#sampler.weight(share);
    this.#registry.register(target, slot);
  }

  /** Bytes that it takes, but for what the engine does. */
  get bytes(): number {
    return this.#length * 20;
  }

  /** By site: how many blocks have which age, estimated; index 0 is less than 1 s, 1 less than 2 s, 2 less than 4 s …. */
  bySite(now: number = clock()): Map<number, Float64Array> {
    const found = new SafeMap<number, Float64Array>();
    for (let slot = 0; slot < this.#used; slot++) {
      const site = this.#site[slot];
      if (site < 0) continue;
      let ages = found.get(site);
      if (ages === undefined) found.set(site, (ages = new OwnFloat64Array(MOST_AGES)));
      ages[ageOf((now - this.#born[slot]) / 1000)] += this.#weight[slot];
    }
    return found;
  }

  #take(): number {
    if (this.#free > 0) {
      const slot = this.#free - 1;
      this.#free = -this.#site[slot] - 1;
      return slot;
    }
    if (this.#used === this.#length) {
      const length = this.#length * 2;
      this.#site = copyInto(new OwnInt32Array(length), this.#site, this.#length);
      this.#born = copyInto(new OwnFloat64Array(length), this.#born, this.#length);
      this.#weight = copyInto(new OwnFloat64Array(length), this.#weight, this.#length);
      this.#length = length;
    }
    return this.#used++;
  }

  #gone(slot: number): void {
    this.#site[slot] = -this.#free - 1;
    this.#free = slot + 1;
  }
}

/** The index of an age in seconds. */
export function ageOf(seconds: number): number {
  // Math.log2 would take 0.99… for 1; beyond 2³² seconds nothing is told apart.
  return seconds < 1
    ? 0
    : max(1, 32 - clz32(seconds < 2 ** (MOST_AGES - 1) ? seconds : 2 ** (MOST_AGES - 2)));
}

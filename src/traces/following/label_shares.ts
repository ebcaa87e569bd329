// Browser compatible.
import { FloatColumn, IntColumn } from "../../tables/columns.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";
import type { BlockTable } from "../blocks/block_table.ts";
import { labelSets } from "../labels/labels.ts";
import { AdaptiveSampler, type Sampler, type Shares } from "../sampling/sampler.ts";

/** More than for ages: shares of labels are figures that somebody compares. */
const SHARES: Shares = { first: 1024, perShare: 512, plenty: 2 ** 15 };

const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;

/** How much of a line's blocks has which labels. */
export interface LabelShare {
  /** The number of the set of labels. */
  readonly set: number;
  /** In blocks, estimated; what matters is how they stand to those of other sets. */
  readonly live: number;
  readonly allocated: number;
}

/** By call path and line, how many of the blocks that are followed have which labels. */
export class LabelShares {
  readonly #blocks: BlockTable;
  readonly #weigher: Sampler;
  readonly #sampler: AdaptiveSampler;
  readonly #registry: FinalizationRegistry<readonly [entry: number, weight: number]>;
  /** (row, set) → entry. */
  readonly #entries = new IntPairMap();
  readonly #row = new IntColumn();
  readonly #set = new IntColumn();
  readonly #live = new FloatColumn();
  readonly #allocated = new FloatColumn();

  /** @param weigher Says how many blocks one that is followed stands for. */
  constructor(blocks: BlockTable, weigher: Sampler, seed: number | null) {
    this.#blocks = blocks;
    this.#weigher = weigher;
    this.#sampler = new AdaptiveSampler(seed, SHARES);
    this.#registry = new OwnRegistry((held) => this.#live.add(held[0], -held[1]));
    this.#registry.register = register; // its own, whatever becomes of the prototype's
  }

  /** A block that is followed from now on. */
  note(target: object, row: number, decision: number): void {
    const blocks = this.#blocks;
    const share = this.#sampler.decide(blocks.site.at(row));
    if (share < 0) return;
    const weight = this.#weigher.weight(decision, blocks.size.at(row)) * this.#sampler.weight(share);
    const set = labelSets.current();
    let entry = this.#entries.get(row, set);
    if (entry === -1) {
      entry = this.#row.push(row) - 1;
      this.#set.push(set);
      this.#live.push(0);
      this.#allocated.push(0);
      this.#entries.set(row, set, entry);
    }
    this.#live.add(entry, weight);
    this.#allocated.add(entry, weight);
    this.#registry.register(target, [entry, weight]);
  }

  /** The shares where some of the blocks have labels. */
  shares(): SharesByPlace {
    const { path, site } = this.#blocks;
    const byPath = new Map<string, Map<number, LabelShare>>();
    const bySite = new Map<number, Map<number, LabelShare>>();
    for (let entry = 0; entry < this.#row.length; entry++) {
      const row = this.#row.at(entry);
      const share = {
        set: this.#set.at(entry),
        live: Math.max(0, this.#live.at(entry)),
        allocated: this.#allocated.at(entry),
      };
      addTo(byPath, `${path.at(row)} ${site.at(row)}`, share);
      addTo(bySite, site.at(row), share);
    }
    return {
      ofPath: (ofPath, ofSite) => listOf(byPath.get(`${ofPath} ${ofSite}`)),
      ofSite: (ofSite) => listOf(bySite.get(ofSite)),
    };
  }
}

/** Which labels a line's blocks have. Undefined: none of them is known. */
export interface SharesByPlace {
  ofPath(path: number, site: number): readonly LabelShare[] | undefined;
  ofSite(site: number): readonly LabelShare[] | undefined;
}

function addTo<Key>(sums: Map<Key, Map<number, LabelShare>>, key: Key, share: LabelShare): void {
  let sets = sums.get(key);
  if (sets === undefined) sums.set(key, (sets = new Map()));
  const { live = 0, allocated = 0 } = sets.get(share.set) ?? {};
  sets.set(share.set, {
    set: share.set,
    live: live + share.live,
    allocated: allocated + share.allocated,
  });
}

function listOf(sets: ReadonlyMap<number, LabelShare> | undefined): readonly LabelShare[] | undefined {
  return sets === undefined ? undefined : [...sets.values()];
}

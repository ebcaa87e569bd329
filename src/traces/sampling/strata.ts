// Browser compatible.
import { copyInto } from "../../tables/copy_into.ts";
import { max } from "../../tables/own_math.ts";
import type { Random } from "../../tables/random.ts";
import { OwnInt32Array, OwnUint8Array } from "../../tables/safe_collections.ts";

/** One block of each run of 1, 2, 4 … of a site is drawn, as `AdaptiveSampler` does it for shares of its own. */
export class Strata {
  readonly #random: Random;
  /** For how many sites there is room. */
  sites = 1024;
  /** Blocks up to the one that is drawn. */
  left: Int32Array = new OwnInt32Array(1024);
  /** log₂ of the length of the run that it is drawn from. */
  share: Uint8Array = new OwnUint8Array(1024);
  /** Blocks from it to the end of its run. */
  #rest = new OwnInt32Array(1024);

  constructor(random: Random) {
    this.#random = random;
  }

  /** Draws the next one, from the run that follows the present one. */
  draw(site: number, share: number, rest: number = this.#rest[site]): void {
    const length = 2 ** share;
    const drawn = this.#random.below(length);
    this.share[site] = share;
    this.left[site] = rest + drawn + 1;
    this.#rest[site] = length - drawn - 1;
  }

  /** Makes room for a site. */
  reserve(site: number): void {
    const before = this.sites;
    if (site < before) return;
    const length = max(site + 1, before * 2);
    this.sites = length;
    this.left = copyInto(new OwnInt32Array(length), this.left, before);
    this.share = copyInto(new OwnUint8Array(length), this.share, before);
    this.#rest = copyInto(new OwnInt32Array(length), this.#rest, before);
  }
}

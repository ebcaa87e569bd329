// Browser compatible.
import { functionUses, GETS_PROPERTIES, SHOWS_PROTOTYPE } from "../../sites/closure_parameter.ts";
import { copyInto } from "../../tables/copy_into.ts";
import { max } from "../../tables/own_math.ts";
import { OwnUint8Array, OwnWeakRef } from "../../tables/safe_collections.ts";
import { parameterOf } from "../../track/objects/contents.ts";
import type { InitialContents } from "../../track/objects/initial_contents.ts";
import { isProxy } from "../../track/objects/is_proxy.ts";
import { KIND_CLASS, KIND_CLOSURE } from "../../vocabulary/kind_numbers.ts";
import { Growth, thinning } from "./growth.ts";

/** Functions of a line that are not watched: most lines make no more. */
const UNWATCHED = 2;
/** Up to this one, they are. */
const LAST_WATCHED = 6;
/** No more of the line's are, unless they have been found to have properties. */
const PLAIN = LAST_WATCHED;
const WITH_PROPERTIES = PLAIN + 1;

/** How V8 keeps a class turns out when it is used. (A decorator can have put a Proxy in its place.) */
function isClass(site: number, value: object): boolean {
  return parameterOf(site, KIND_CLASS) !== null && !isProxy(value);
}

const NAMES: InitialContents = { holder: "names", length: 0 };

/**
 * Watches functions, too: a program can give them properties (`log.namespace = …`). Few have any, so of each line some are looked at once, and only
 * where these have some others are.
 */
export class FunctionGrowth extends Growth {
  /** By site: how many have been made, up to `PLAIN`, or `WITH_PROPERTIES`. */
  #seen = new OwnUint8Array(1024);
  #sites = 1024;

  override note(site: number, object: object, row: number, weight: number, isExternal: boolean): void {
    if (typeof object !== "function") {
      super.note(site, object, row, weight, isExternal);
      return;
    }
    this.allocated += weight;
    if (site >= this.#sites) this.#grow(site);
    const seen = this.#seen[site];
    if (seen === PLAIN) return;
    if (seen === WITH_PROPERTIES) this.#sample(site, object, row, weight);
    else this.#first(seen, site, object, row, weight);
  }

  #first(seen: number, site: number, object: object, row: number, weight: number): void {
    // Classes and bound functions are functions, too.
    const ofFunction = parameterOf(site, KIND_CLOSURE);
    if (
      seen === 0 &&
      (ofFunction === null
        ? isClass(site, object)
        : (functionUses(ofFunction) & (GETS_PROPERTIES | SHOWS_PROTOTYPE)) !== 0)
    ) {
      this.#seen[site] = WITH_PROPERTIES;
      this.#sample(site, object, row, weight);
      return;
    }
    this.#seen[site] = ofFunction === null ? PLAIN : seen + 1;
    if (seen >= UNWATCHED && this.#seen[site] > seen) this.#watch(site, object, row, weight);
  }

  #sample(site: number, object: object, row: number, weight: number): void {
    const decision = this.sampler.decide(site);
    if (decision < 0) return;
    const share = thinning.share(this, site, decision === 0);
    if (share > 1 && this.random.below(share) !== 0) return;
    this.#watch(site, object, row, weight * this.sampler.weight(decision) * share);
  }

  #watch(site: number, object: object, row: number, weight: number): void {
    const ref = new OwnWeakRef(object);
    this.watched[this.count++] = { ref, site, row, weight, initial: NAMES, isExternal: false };
    if (this.count === this.watched.length) thinning.makeRoom(this);
  }

  /** A function of the line has been looked at, and has properties. */
  foundProperties(site: number): void {
    if (site >= this.#sites) this.#grow(site);
    this.#seen[site] = WITH_PROPERTIES;
  }

  /** Those that have been looked at, and whose line's have none, are not looked at again. */
  forgetPlain(): void {
    const { watched, count } = this;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const each = watched[i]!;
      watched[i] = undefined;
      if (each.initial === NAMES && this.#seen[each.site] !== WITH_PROPERTIES) continue;
      watched[kept++] = each;
    }
    this.count = kept;
  }

  #grow(site: number): void {
    const length = max(site + 1, this.#sites * 2);
    this.#seen = copyInto(new OwnUint8Array(length), this.#seen, this.#sites);
    this.#sites = length;
  }
}

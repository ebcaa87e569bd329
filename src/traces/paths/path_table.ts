// Browser compatible.

import { ensureStack } from "../../host/ensure_stack.ts";
import { IntColumn } from "../../tables/columns.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";
import { imul, min } from "../../tables/own_math.ts";
import { RecentPairs } from "../../tables/recent_pairs.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { CONTINUE, SHADOW_STACK_SLOTS, shadowStack } from "../../track/calls/shadow_stack.ts";

/** The empty path: called from the event loop, or from code without frames. */
export const EMPTY_PATH = 0;

/** Call paths, wherever they come from. */
export interface Paths {
  readonly limit: number;
  readonly size: number;
  /** All tables. */
  readonly parts: (IntColumn | IntPairMap | { readonly length: number })[];
  current(depth: number): number;
  lastOf(path: number): number;
  restoreSites(): void;
  settled(path: number): number;
  /** How many frames the path had before truncation; -1: unknown. */
  total(path: number): number;
  frames(path: number): Int32Array;
}

/**
 * Call paths, interned: a path is a number, and two allocations by the same path have the same one.
 *
 * A path holds the sites of at most `limit` frames, the most recent ones, and how many there were before truncation.
 * It is reached from the path of its caller by one more site; these steps are kept in a hash table, so that the path of
 * an allocation is known after one look-up per frame that has moved since the last one (amortised O(1)), not after
 * hashing all its frames.
 */
export class PathTable implements Paths {
  /** Frames that a path keeps: one less than a traceback, whose last frame is the allocation itself. */
  readonly limit: number;
  /** Path that the frames before the last make, as far as the path is not truncated; -1: see `#flat`. */
  readonly #parent = new IntColumn();
  readonly #site = new IntColumn();
  readonly #length = new IntColumn();
  readonly #total = new IntColumn();
  /** Where a truncated path's frames start in `#frames`. */
  readonly #flat = new IntColumn();
  readonly #frames = new IntColumn();
  readonly #steps = new IntPairMap();
  readonly #recentSteps = new RecentPairs();
  readonly #byHash = new IntPairMap();
  readonly #nextWithHash = new IntColumn();

  constructor(nframe: number) {
    this.limit = nframe - 1;
    this.#push(-1, 0, 0, 0, -1);
  }

  get size(): number {
    return this.#site.length;
  }

  /** All tables. */
  get parts(): (IntColumn | IntPairMap | RecentPairs)[] {
    return [
      this.#parent,
      this.#site,
      this.#length,
      this.#total,
      this.#flat,
      this.#frames,
      this.#nextWithHash,
      this.#steps,
      this.#byHash,
      this.#recentSteps,
    ];
  }

  /** The path of the frames in the slots below `depth`; 0: of all frames. */
  current(depth: number): number {
    if (this.limit === 0) return EMPTY_PATH;
    const end = depth === 0 ? shadowStack[0] : depth;
    const top = end > SHADOW_STACK_SLOTS ? SHADOW_STACK_SLOTS - 1 : end - 1;
    let slot = top;
    while (slot > 0 && shadowStack[slot] >= 0) slot--;
    let path = slot > 0 ? ~shadowStack[slot] : EMPTY_PATH;
    for (slot++; slot <= top; slot++) {
      const site = shadowStack[slot];
      if (site !== CONTINUE) path = this.#step(path, site);
      shadowStack[slot] = ~path;
    }
    return path;
  }

  /** The site of a path's last frame. */
  lastOf(path: number): number {
    return this.#site.at(path);
  }

  /**
   * Puts sites back where `current` has left paths, which mean nothing once this table is gone: functions that go on
   * running stay in tracebacks.
   */
  restoreSites(): void {
    for (let slot = min(shadowStack[0], SHADOW_STACK_SLOTS) - 1; slot > 0; slot--) {
      if (shadowStack[slot] >= 0) continue;
      const path = ~shadowStack[slot];
      const below = slot > 1 && shadowStack[slot - 1] < 0 ? ~shadowStack[slot - 1] : EMPTY_PATH;
      // One frame more than below is this slot's own; otherwise it stands for none, or for all callers of an `await`.
      shadowStack[slot] = this.#total.at(path) === this.#total.at(below) + 1 ? this.#site.at(path) : CONTINUE;
    }
  }

  /**
   * The same path with the smallest number of frames that it can have had. Async functions that start each other for
   * ever would otherwise make a path for every length.
   */
  settled(path: number): number {
    if (this.#length.at(path) < this.limit || this.#total.at(path) <= this.limit + 1) return path;
    return this.#internFlat(this.frames(path), this.limit + 1);
  }

  /** How many frames the path had before truncation. */
  total(path: number): number {
    return this.#total.at(path);
  }

  /** The sites of the path's frames, oldest first. */
  frames(path: number): Int32Array {
    const length = this.#length.at(path);
    const frames = new OwnInt32Array(length);
    let at = path;
    for (let i = length - 1; i >= 0; i--) {
      const flat = this.#flat.at(at);
      if (flat >= 0) {
        for (let k = 0; k <= i; k++) frames[k] = this.#frames.at(flat + k);
        break;
      }
      frames[i] = this.#site.at(at);
      at = this.#parent.at(at);
    }
    return frames;
  }

  #step(path: number, site: number): number {
    const recent = this.#recentSteps.get(path, site);
    if (recent !== -1) return recent;
    const known = this.#steps.get(path, site);
    const next = known === -1 ? this.#newStep(path, site) : known;
    this.#recentSteps.keep(path, site, next);
    return next;
  }

  #newStep(path: number, site: number): number {
    let next: number;
    if (this.#length.at(path) < this.limit) {
      next = this.#push(path, site, this.#length.at(path) + 1, this.#total.at(path) + 1, -1);
    } else {
      // Typed arrays, as a program can see an element being added to an array.
      const former = this.frames(path);
      const frames = new OwnInt32Array(this.limit);
      for (let i = 1; i < this.limit; i++) frames[i - 1] = former[i];
      frames[this.limit - 1] = site;
      next = this.#internFlat(frames, this.#total.at(path) + 1);
    }
    this.#steps.set(path, site, next);
    return next;
  }

  /** Of `limit` frames. */
  #internFlat(frames: Int32Array, total: number): number {
    let hash = total | 0;
    for (let i = 0; i < this.limit; i++) hash = imul(hash ^ frames[i], 0x01000193) + 0x9e3779b9;
    hash &= 0x7fffffff;
    let path = this.#byHash.get(hash, 0);
    const first = path;
    for (; path !== -1; path = this.#nextWithHash.at(path)) {
      if (this.#total.at(path) === total && this.#sameFlat(path, frames)) return path;
    }
    const flat = this.#frames.length;
    for (let i = 0; i < this.limit; i++) this.#frames.push(frames[i]);
    const created = this.#push(-1, frames[this.limit - 1], this.limit, total, flat);
    this.#nextWithHash.set(created, first);
    this.#byHash.set(hash, 0, created);
    return created;
  }

  #sameFlat(path: number, frames: Int32Array): boolean {
    const flat = this.#flat.at(path);
    for (let i = 0; i < this.limit; i++) if (this.#frames.at(flat + i) !== frames[i]) return false;
    return true;
  }

  /** All columns grow by one, or none does: near its end, the stack could overflow in between. */
  #push(parent: number, site: number, length: number, total: number, flat: number): number {
    ensureStack();
    this.#parent.push(parent);
    this.#length.push(length);
    this.#total.push(total);
    this.#flat.push(flat);
    this.#nextWithHash.push(-1);
    return this.#site.push(site) - 1;
  }
}

// Browser compatible.

import { IntColumn } from "../../tables/columns.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { snapshotSite } from "../../track/calls/frame_sites.ts";
import { shadowStack } from "../../track/calls/shadow_stack.ts";
import { EMPTY_PATH, type Paths } from "./path_table.ts";

/** The number of frames of a path that an allocating line follows: with it, a traceback has -1, which means unknown. */
export const UNKNOWN: number = -2;

/** A stack that was captured: the most recent frame is the first. */
export interface CapturedStack {
  readonly sites: Int32Array;
  readonly length: number;
  /** How many frames there are in all; -1: more than were looked at. */
  readonly total: number;
}

/**
 * Call paths of the engine's stacks, interned: a tree, with a root for each number of frames that a whole path has had, and for each share
 * of a line's blocks that stacks were captured of. `EMPTY_PATH` is that of blocks whose path nobody knows.
 */
export class NativePathTable implements Paths {
  readonly limit: number;
  /** How many integers there are besides, where paths are captured. */
  besides: { readonly length: number } = [];
  /** Captures the path of whoever calls. */
  capture: () => number = () => EMPTY_PATH;
  /** Of a root: its share. */
  readonly #parent = new IntColumn();
  /** Of a root: the number of frames in all. */
  readonly #site = new IntColumn();
  readonly #root = new IntColumn();
  readonly #length = new IntColumn();
  readonly #steps = new IntPairMap();
  readonly #roots = new IntPairMap();
  constructor(nframe: number) {
    this.limit = nframe - 1;
    this.#push(-1, UNKNOWN, EMPTY_PATH, 0);
  }

  get size(): number {
    return this.#site.length;
  }

  get parts(): (IntColumn | IntPairMap | { readonly length: number })[] {
    const { besides } = this;
    return [this.#parent, this.#site, this.#root, this.#length, this.#steps, this.#roots, besides];
  }

  /**
   * The path of the sites from `start` to `end`, the most recent one first.
   *
   * @param total How many frames there were in all; `UNKNOWN`, or -1 where no line comes after these frames.
   * @param share log₂ of how many blocks one of this path stands for.
   */
  intern(
    sites: Int32Array,
    { start, end, total, share }: { start: number; end: number; total: number; share: number },
  ): number {
    let path = this.#rootFor(total, share);
    const root = path;
    for (let i = end - 1; i >= start; i--) path = this.#step(path, sites[i], root);
    return path;
  }

  #step(path: number, site: number, root: number): number {
    const known = this.#steps.get(path, site);
    if (known !== -1) return known;
    const next = this.#push(path, site, root, this.#length.at(path) + 1);
    this.#steps.set(path, site, next);
    return next;
  }

  /** log₂ of how many blocks one of this path stands for; -1: nobody knows the path. */
  shareOf(path: number): number {
    return this.#parent.at(this.#root.at(path));
  }

  /** The same path, of which a block stands for itself alone. */
  plain(path: number): number {
    if (this.shareOf(path) <= 0) return path;
    const frames = this.sites(path);
    let plain = this.#rootFor(this.total(path), 0);
    const root = plain;
    for (let i = 0; i < this.#length.at(path); i++) plain = this.#step(plain, frames[i], root);
    return plain;
  }

  /** Of a path of unknown length one less than what a traceback says, as all paths, that is -2; or the number it was interned with. */
  total(path: number): number {
    return this.#site.at(this.#root.at(path));
  }

  /** The sites, as a snapshot has them. */
  frames(path: number): Int32Array {
    const frames = this.sites(path);
    for (let i = this.#length.at(path) - 1; i >= 0; i--) frames[i] = snapshotSite(frames[i]);
    return frames;
  }

  /** What it was interned with, the oldest one first. */
  sites(path: number): Int32Array {
    const length = this.#length.at(path);
    const frames = new OwnInt32Array(length);
    let at = path;
    for (let i = length - 1; i >= 0; i--, at = this.#parent.at(at)) frames[i] = this.#site.at(at);
    return frames;
  }

  /** Of whoever calls, where that is asked for with all of the shadow stack; blocks are counted without. */
  current(depth: number): number {
    return depth < shadowStack[0] ? EMPTY_PATH : this.capture();
  }

  settled(path: number): number {
    return path;
  }

  lastOf(): number {
    return 0;
  }

  restoreSites(): void {}

  #rootFor(total: number, share: number): number {
    const known = this.#roots.get(total - UNKNOWN, share);
    if (known !== -1) return known;
    const root = this.#push(share, total, this.#site.length, 0);
    this.#roots.set(total - UNKNOWN, share, root);
    return root;
  }

  #push(parent: number, site: number, root: number, length: number): number {
    this.#parent.push(parent);
    this.#root.push(root);
    this.#length.push(length);
    return this.#site.push(site) - 1;
  }
}

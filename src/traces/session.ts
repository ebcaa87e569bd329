// Browser compatible.

import { max, min } from "../tables/own_math.ts";
import { sitesAround } from "../track/calls/file_registry.ts";
import { awaitReport, COUNTED_SITES, lent, setRecorder } from "../track/calls/file_tracker.ts";
import { quiet } from "../track/calls/quiet.ts";
import type { Recorder } from "../track/calls/recorder.ts";
import { shadowStack } from "../track/calls/shadow_stack.ts";
import { type Shape, shapeOf } from "../track/objects/shape.ts";
import { sizes, staticSize } from "../track/sizes/size.ts";
import { DOMAIN_EXTERNAL, DOMAIN_HEAP, DOMAIN_STRING } from "../vocabulary/domains.ts";
import { KIND_ARRAY, KIND_CLASS, KIND_CLOSURE, KIND_REGEXP } from "../vocabulary/kind_numbers.ts";
import { BlockTable } from "./block_table.ts";
import {
  CELL_ALIKE,
  CELL_LEFT,
  CELL_LENT,
  CELL_PATH,
  CELL_ROW,
  CELL_SIZE,
  CELLS_PER_SITE,
  MEASURED,
  STEADY,
  UNKNOWN,
  WITH_MEMBERS,
} from "./cell_fields.ts";
import type { Finalizers } from "./collect.ts";
import { Growth } from "./growth.ts";
import { MapMarks, type Marks } from "./marks.ts";
import type { MoreBlocks } from "./more_blocks.ts";
import { EMPTY_PATH, PathTable } from "./path_table.ts";
import type { Sampler } from "./sampler.ts";
import { SiteCells } from "./site_cells.ts";
import type { Timeline } from "./timeline.ts";

/** Of the kinds that are not measured; the others are "Object". */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  [KIND_ARRAY]: "Array",
  [KIND_CLOSURE]: "closure",
  [KIND_CLASS]: "class",
  [KIND_REGEXP]: "RegExp",
};

// What a finalizer holds is one integer: the row, and in its low bits the sampler's decision, which gives the weight.
const DECISION_BITS = 5;
const DECISION_MASK = 2 ** DECISION_BITS - 1;

/** In exact mode one of so many objects of a steady site is asked all the same. */
const ASKED_EVERY = 16;

const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;

const NEVER_STEADY = -(2 ** 30);

// Allocations between two looks at the clock, at first; then as many as take about 10 ms.
const FIRST_TICK = 4096;
const TICK_MS = 10;
// A block of so many bytes counts for two allocations, log₂.
const TICK_SIZE_SHIFT = 6;

/** Which objects are followed, and how they are known again. */
export interface Mode {
  readonly sampler: Sampler;
  /** If there are none, only those that are followed are marked. */
  readonly marks?: Marks;
  /** Absent in pages: what settles at once reads it. */
  readonly more?: MoreBlocks;
  /** Makes the table of blocks, where not every object that is marked is followed. */
  readonly newBlocks?: (firstId: number) => BlockTable;
}

// The host's own, whatever the program puts there later to fake the time. Bare realms (`vm`) have only dates.
const { performance } = globalThis as { performance?: { now(): number } };
const clock: () => number = performance?.now.bind(performance) ?? Date.now;

/** What a session is started with. */
export interface SessionOptions extends Mode {
  readonly nframe: number;
  readonly sampling: "exact" | "adaptive" | number;
  readonly seed: number | null;
  /** The first block id: they go on from session to session. */
  readonly firstId: number;
  /** Called when the tracker itself fails; recording is off by then. */
  readonly onFailure: (error: unknown) => void;
}

/** One run of tracing, from `start()` to `stop()`. */
export class Session implements Recorder, Finalizers {
  readonly nframe: number;
  readonly sampling: SessionOptions["sampling"];
  readonly paths: PathTable;
  blocks: BlockTable;
  /** Called now and then on the slow path, some 10 ms of allocating apart. */
  onTick: (() => void) | null = null;
  readonly #seed: number | null;
  readonly sampler: Sampler;
  readonly marks: Marks;
  readonly more: MoreBlocks | undefined;
  readonly #marksAll: boolean;
  readonly #newBlocks: (firstId: number) => BlockTable;
  growth: Growth;
  /** Null: none has been given to the session. */
  timeline: Timeline | null = null;
  #registry: FinalizationRegistry<number>;
  /** Objects that finalizers wait for. */
  registered = 0;
  freed = 0;
  lastCanary = 0;
  #untilTick = FIRST_TICK;
  #tickLength = FIRST_TICK;
  /** When it started, or was cleared. */
  started: number = clock();
  #lastTick: number = this.started;
  readonly sites: SiteCells = new SiteCells();
  readonly #keepsOneFrame: boolean;
  readonly #lends: boolean;
  readonly #onFailure: (error: unknown) => void;
  /** An object that a built-in constructor has made, and whose line may report it. */
  pending: object | null = null;
  /** An object that a constructor returns, and that has been counted where it was made. */
  #replacement: object | null = null;
  #givesOld = false;

  constructor({
    nframe,
    sampling,
    seed,
    sampler,
    marks = new MapMarks(),
    more,
    newBlocks,
    firstId,
    onFailure,
  }: SessionOptions) {
    this.nframe = nframe;
    this.sampling = sampling;
    this.#keepsOneFrame = nframe === 1;
    this.paths = new PathTable(nframe);
    this.#newBlocks = newBlocks ?? ((id) => new BlockTable(id));
    this.blocks = this.#newBlocks(firstId);
    this.#seed = seed;
    this.sampler = sampler;
    this.marks = marks;
    this.more = more;
    this.#marksAll = marks.areForAll;
    this.#lends = this.#keepsOneFrame && !this.#marksAll;
    this.growth = new Growth(seed);
    this.#onFailure = onFailure;
    this.#registry = this.#newRegistry();
  }

  /** Forgets all blocks. Objects that are alive stay marked, so that they are not taken for new ones. */
  clear(): void {
    this.takeBack();
    this.blocks = this.#newBlocks(this.blocks.nextId);
    this.sites.forgetRows();
    this.growth = new Growth(this.#seed);
    this.started = clock();
    this.timeline?.restart(this.started);
    this.watchAnew();
    this.await(null);
  }

  /** Whether the object has been counted. */
  isMarked(object: object): boolean {
    return this.marks.of(object) !== -1;
  }

  /** The row of a live object, or -1. */
  rowOf(object: object): number {
    return max(-1, this.marks.of(object) - this.blocks.firstId);
  }

  // ── Recorder ──

  fresh(site: number, value: object, depth: number): void {
    const path = this.#pathBelow(depth);
    const { cells } = this.sites;
    const at = site * CELLS_PER_SITE;
    const size = cells[at + CELL_SIZE];
    const isPlain = size > 0 && size < WITH_MEMBERS;
    if (cells[at + CELL_LEFT] > 1 && (isPlain || (cells[at + CELL_ALIKE] >= STEADY && !this.#marksAll))) {
      const row = this.#knownRow(path, site);
      if (row !== -1) {
        if (this.#marksAll) this.recordNew(site, row, value);
        else {
          cells[at + CELL_LEFT]--;
          this.blocks.count(row);
        }
        return;
      }
    }
    this.#record(site, value, path, true);
  }

  maybeFresh(site: number, value: unknown, depth: number): void {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    if (this.#replacement !== null && this.#isReplacement(value)) return;
    // The line that it is written in knows better than the frames.
    if (value === this.pending) this.await(null);
    const path = this.#pathBelow(depth);
    const { cells } = this.sites;
    const at = site * CELLS_PER_SITE;
    const left = cells[at + CELL_LEFT];
    if (cells[at + CELL_ALIKE] >= STEADY && left > 1) {
      const row = this.#knownRow(path, site);
      if (row !== -1) {
        if (!this.#marksAll) {
          cells[at + CELL_LEFT]--;
          this.blocks.count(row);
          return;
        }
        if (left % ASKED_EVERY !== 0) {
          if (this.marks.of(value) === -1) this.recordNew(site, row, value);
          return;
        }
      }
    }
    this.#record(site, value, path, false);
  }

  #record(site: number, value: object | string, path: number, isFresh: boolean): void {
    quiet.depth++;
    try {
      if (typeof value === "string") this.#recordSiteText(site, sizes.string(value.length), path);
      else if (isFresh) this.#recordFresh(site, value, path);
      else this.recordMaybe(site, value, path);
      this.#lend(site, isFresh && this.sites.cells[site * CELLS_PER_SITE + CELL_SIZE] !== MEASURED);
    } catch (error) {
      this.failed(error);
    } finally {
      quiet.depth--;
    }
  }

  replacesInstance(value: unknown): void {
    // Where every object is marked, its mark tells.
    if (this.#marksAll || typeof value !== "object" || value === null) return;
    this.#replacement = value;
    awaitReport(true);
  }

  text(site: number, value: unknown, depth: number): void {
    if (typeof value === "string") this.#record(site, value, this.#pathBelow(depth), false);
  }

  /** The path below a slot. */
  #pathBelow(depth: number): number {
    if (this.#keepsOneFrame) return EMPTY_PATH;
    const entry = shadowStack[(depth === 0 ? shadowStack[0] : depth) - 1];
    return entry < 0 ? ~entry : this.paths.current(depth);
  }

  /** The row of a site whose blocks are alike; -1: there is none for this path yet. */
  #knownRow(path: number, site: number): number {
    const { cells } = this.sites;
    const at = site * CELLS_PER_SITE;
    return cells[at + CELL_PATH] === path + 1 ? cells[at + CELL_ROW] : this.blocks.plainRow(path, site);
  }

  path(depth: number): number {
    return this.paths.settled(this.paths.current(depth));
  }

  takeBack(): void {
    for (let site = 1; site < this.sites.length; site++) this.#takeBackFrom(site);
    this.#replacement = null;
    this.await(this.pending);
  }

  // ── inside ──

  /** Has whatever is reported next looked at: it may be this object; null: there is none. */
  await(value: object | null): void {
    this.pending = value;
    awaitReport(value !== null || this.#replacement !== null);
  }

  /** Asked once: whatever is reported next, the object is not held any longer. */
  #isReplacement(value: object): boolean {
    const replacement = this.#replacement;
    this.#replacement = null;
    this.await(this.pending);
    return value === replacement;
  }

  /**
   * Lets a site count what comes before the next one that the sampler is asked about, where all are of one type, size and
   * path: with one frame.
   */
  #lend(site: number, isPlain: boolean): void {
    const { cells } = this.sites;
    const at = site * CELLS_PER_SITE;
    if (!this.#lends || cells[at + CELL_LEFT] <= 1 || cells[at + CELL_PATH] === 0) return;
    if (site >= COUNTED_SITES) return;
    if (!isPlain && cells[at + CELL_ALIKE] < STEADY) return;
    cells[at + CELL_LENT] = cells[at + CELL_LEFT] - 1;
    lent[site] = cells[at + CELL_LENT];
    cells[at + CELL_LEFT] = 1;
  }

  /** Before anything else is recorded of a site: the sampler goes on with what is left, and the row may change. */
  #takeBackFrom(site: number): void {
    const { cells } = this.sites;
    const at = site * CELLS_PER_SITE;
    if (!(cells[at + CELL_LENT] > 0)) return; // of a site without cells, undefined
    this.blocks.count(cells[at + CELL_ROW], cells[at + CELL_LENT] - lent[site]);
    cells[at + CELL_LEFT] += lent[site];
    cells[at + CELL_LENT] = 0;
    lent[site] = 0;
  }

  #recordFresh(site: number, value: object, path: number): void {
    this.#takeBackFrom(site);
    const size = this.#siteSize(site);
    if (size === MEASURED) {
      this.#recordMeasured(value, path, site);
      return;
    }
    this.recordNew(site, this.#alikeRow(site, path, size), value);
    if ((size & WITH_MEMBERS) !== 0) this.#recordMembers(site, value, path);
  }

  /** What a constructor gave: an object that was marked before is not new. */
  recordMaybe(site: number, value: object, path: number): void {
    this.#takeBackFrom(site);
    const size = this.#siteSize(site);
    const { cells } = this.sites;
    const at = site * CELLS_PER_SITE;
    const isSteady = cells[at + CELL_ALIKE] >= STEADY && cells[at + CELL_LEFT] > 1;
    if (isSteady && !this.#marksAll) {
      cells[at + CELL_LEFT]--;
      this.blocks.count(this.#alikeRow(site, path, size));
      return;
    }
    if (this.isMarked(value)) {
      this.#seenAgain(site);
      return;
    }
    if (isSteady && cells[at + CELL_LEFT] % ASKED_EVERY !== 0) {
      this.recordNew(site, this.#alikeRow(site, path, size), value);
      return;
    }
    if (size === MEASURED || typeof value !== "function") this.#recordMeasured(value, path, site);
    else {
      this.recordNew(site, this.#alikeRow(site, path, size), value);
      cells[at + CELL_ALIKE]++;
    }
  }

  /** The row of a site whose blocks are all alike, or have been of one type and size for long. */
  #alikeRow(site: number, path: number, size: number): number {
    const { blocks } = this;
    let row = this.#knownRow(path, site);
    if (row === -1) {
      const known = this.sites.cells[site * CELLS_PER_SITE + CELL_ROW];
      row =
        size === MEASURED
          ? blocks.row(path, site, blocks.type.at(known), blocks.size.at(known))
          : blocks.add(path, site, this.#typeOfSite(site), size & ~WITH_MEMBERS);
      blocks.setPlainRow(path, site, row);
    }
    // `fresh` must not leave the members out.
    if (size === MEASURED || (size & WITH_MEMBERS) === 0) this.sites.remember(site, path, row);
    return row;
  }

  /** Closures under the keys of a new object literal: plain data properties, so that reading them runs no code. */
  #recordMembers(site: number, object: object, path: number): void {
    const { base, sites } = sitesAround(site);
    const members = sites.memberClosures.get(site - base)!;
    const { cells } = this.sites;
    // No iterators: the program may have changed those of arrays.
    for (let i = 0; i < members.length; i++) {
      const member = base + members[i][1];
      const row = this.#alikeRow(member, path, this.#siteSize(member));
      if (cells[member * CELLS_PER_SITE + CELL_LEFT] > 1 && !this.#marksAll) {
        cells[member * CELLS_PER_SITE + CELL_LEFT]--;
        this.blocks.count(row);
        continue;
      }
      const closure = (object as Record<string, unknown>)[members[i][0]];
      if (typeof closure === "function" && this.marks.of(closure) === -1)
        this.recordNew(member, row, closure);
    }
  }

  #recordSiteText(site: number, size: number, path: number): void {
    const { cells } = this.sites;
    const row = cells[site * CELLS_PER_SITE + CELL_ROW];
    if (cells[site * CELLS_PER_SITE + CELL_PATH] === path + 1 && this.blocks.size.at(row) === size) {
      this.blocks.count(row);
      this.#passed(1, size);
    } else this.sites.remember(site, path, this.recordText(path, site, size));
  }

  /** A string, in bytes. Gives its row. */
  recordText(path: number, site: number, size: number): number {
    const { blocks } = this;
    const row = blocks.row(path, site, blocks.typeOf("string", DOMAIN_STRING), size);
    blocks.count(row);
    this.#passed(1, size);
    return row;
  }

  #recordMeasured(value: object, path: number, site: number): void {
    const shape = shapeOf(value);
    const { blocks } = this;
    const backing = shape.backing?.(value) ?? null;
    if (backing === null) {
      this.recordNew(site, this.#measuredRow(value, path, site, shape), value);
      return;
    }
    const type = blocks.typeOf(shape.type, DOMAIN_HEAP);
    const { store } = backing;
    // A view that makes its own buffer is two objects; nobody else reports the buffer's.
    const own = store === value || this.marks.of(store) !== -1 ? 0 : sizes.arrayBuffer;
    this.recordNew(site, blocks.row(path, site, type, shape.measure(value) + own), value);
    const external = blocks.row(path, site, blocks.typeOf(backing.type, DOMAIN_EXTERNAL), backing.size);
    // The buffer's own mark is its object's; its bytes are a block of their own.
    if (store === value || !this.isMarked(store)) this.#followExternal(site, external, store);
  }

  /**
   * The row of an object that has to be asked. Where only some are followed, the others are not asked any more once a
   * site has given 512 of one type and size: an instance takes 70 ns to ask, and a class makes them all alike.
   */
  #measuredRow(value: object, path: number, site: number, shape: Shape): number {
    const { blocks } = this;
    const { cells } = this.sites;
    const at = site * CELLS_PER_SITE;
    const type = blocks.typeOf(shape.type, DOMAIN_HEAP);
    const size = shape.measure(value);
    const last = cells[at + CELL_ROW];
    if (cells[at + CELL_PATH] === 0 || blocks.type.at(last) !== type || blocks.size.at(last) !== size) {
      // Marked so by `#seenAgain`, it stays below zero.
      cells[at + CELL_ALIKE] = min(cells[at + CELL_ALIKE], 0);
    } else {
      cells[at + CELL_ALIKE]++;
      if (cells[at + CELL_ALIKE] === STEADY && !this.sites.becomesSteady(site, blocks.variantOf(type, size)))
        cells[at + CELL_ALIKE] = 0;
      if (cells[at + CELL_PATH] === path + 1) return last;
    }
    const row = blocks.row(path, site, type, size);
    this.sites.remember(site, path, row);
    return row;
  }

  /** A new object, of a row that is known. */
  recordNew(site: number, row: number, object: object): void {
    this.#takeBackFrom(site);
    const decision = this.#decide(site, row);
    if (decision < 0 && !this.#marksAll && !this.#remembers(site)) return;
    const target = this.marks.put(object, this.blocks, row, decision);
    const weight = decision < 0 ? 1 : this.#follow(row, decision, target);
    if (decision >= 0 || this.#marksAll) this.growth.note(site, object, row, weight, false);
  }

  #followExternal(site: number, row: number, store: object): void {
    const weight = this.recordMore(site, row, store);
    if (weight > 0) this.growth.note(site, store, row, weight, true);
  }

  /** A block that lives as long as an object that is a block itself. Gives how many it stands for; 0: it is not followed. */
  recordMore(site: number, row: number, owner: object): number {
    this.#takeBackFrom(site);
    // Nothing but a registry tells of these: no token stands for one.
    const decision = this.#marksAll ? 0 : this.#decide(site, row);
    if (decision < 0) return 0;
    let target = this.marks.handleOf(owner);
    if (target === null) target = this.marks.put(owner, this.blocks, row, decision);
    else this.more?.note(owner, this.blocks.firstId + row, decision);
    return this.#follow(row, decision, target);
  }

  /** Counts a block, unless the sampler says that it shall be followed. Gives the sampler's decision. */
  #decide(site: number, row: number): number {
    const { blocks } = this;
    const { cells } = this.sites;
    const left = site * CELLS_PER_SITE + CELL_LEFT;
    if (cells[left] > 1) {
      cells[left]--;
      blocks.countLoose(row);
      return -1;
    }
    const { sampler } = this;
    const decision = sampler.due(site, blocks.size.at(row));
    cells[left] = sampler.left;
    if (decision < 0) {
      this.#passed(1, blocks.size.at(row));
      blocks.countLoose(row);
    }
    return decision;
  }

  /** Counts a block that is followed. Gives how many it stands for; in exact mode the others count for themselves. */
  #follow(row: number, decision: number, target: object): number {
    const { blocks } = this;
    const weight = this.sampler.weight(decision, blocks.size.at(row));
    this.#passed(weight, blocks.size.at(row));
    // What can run out of stack first: a block must not be counted whose death nobody will report.
    this.watch(target, row, decision);
    blocks.count(row);
    return blocks.follow(row, weight);
  }

  /**
   * Constructors that give old objects back (singletons, caches). In exact mode every object is marked and known again.
   * Where only some are, a site that was seen to do so has all its objects asked, and marked, from then on.
   */
  #seenAgain(site: number): void {
    if (this.#marksAll) return;
    this.#givesOld = true;
    this.sites.cells[site * CELLS_PER_SITE + CELL_ALIKE] = NEVER_STEADY;
  }

  #remembers(site: number): boolean {
    return this.#givesOld && this.sites.cells[site * CELLS_PER_SITE + CELL_ALIKE] < 0;
  }

  /** So much nearer is the next tick: few large blocks fill the heap as well as many small ones. */
  #passed(blocks: number, size: number): void {
    this.#untilTick -= blocks * (1 + (size >>> TICK_SIZE_SHIFT));
    if (this.#untilTick <= 0) this.#tick();
  }

  /** The slow path: the clock, the timeline, whatever else wants to look now and then. */
  #tick(): void {
    const now = clock();
    const elapsed = now - this.#lastTick;
    if (elapsed < TICK_MS / 2) this.#tickLength = min(this.#tickLength * 2, 1 << 24);
    else if (elapsed > TICK_MS * 2) this.#tickLength = max(this.#tickLength >> 1, 256);
    this.#untilTick = this.#tickLength;
    this.#lastTick = now;
    this.timeline?.look(now, this.blocks, clock);
    this.onTick?.();
  }

  #typeOfSite(site: number): number {
    const { base, sites } = sitesAround(site);
    return this.blocks.typeOf(TYPE_NAMES[sites.kind[site - base]] ?? "Object", DOMAIN_HEAP);
  }

  /** Bytes, or one of the marks of `site_cells.ts`. Afterwards the site has its cells. */
  #siteSize(site: number): number {
    const size = this.sites.cells[site * CELLS_PER_SITE + CELL_SIZE];
    return size === UNKNOWN || size === undefined ? this.#decodeAround(site) : size;
  }

  #decodeAround(site: number): number {
    const { base, sites } = sitesAround(site);
    this.sites.reserve(base + sites.count);
    const { cells } = this.sites;
    for (let i = 0; i < sites.count; i++) {
      const size = staticSize(sites.kind[i], sites.parameter[i]);
      const flag = sites.memberClosures.has(i) ? WITH_MEMBERS : 0;
      cells[(base + i) * CELLS_PER_SITE + CELL_SIZE] = size === 0 ? MEASURED : size | flag;
    }
    return cells[site * CELLS_PER_SITE + CELL_SIZE];
  }

  /** Forgets all that is watched, and what is being finalized. */
  watchAnew(): void {
    this.#registry = this.#newRegistry();
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

  #newRegistry(): FinalizationRegistry<number> {
    const { blocks } = this;
    const registry: FinalizationRegistry<number> = new OwnRegistry((held) => {
      if (held < 0) this.lastCanary = max(this.lastCanary, -held);
      if (held < 0 || this.#registry !== registry) return; // a canary, or registered before clearTraces()
      this.registered--;
      this.freed++;
      const row = held >>> DECISION_BITS;
      const weight = this.sampler.weight(held & DECISION_MASK, blocks.size.at(row));
      blocks.free(row, weight);
    });
    registry.register = register; // its own, whatever becomes of the prototype's
    return registry;
  }

  /** The program goes on whatever happens here. */
  failed(error: unknown): void {
    // A recursion that is about to overflow the stack may do so in here: that says nothing about the tracker.
    if ((error as Error | null)?.name === "RangeError") return;
    setRecorder(null);
    this.#onFailure(error);
  }
}

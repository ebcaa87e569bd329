// Browser compatible.

import { clock } from "../../host/clock.ts";
import { sitesAround } from "../../track/calls/file_registry.ts";
import { setRecorder } from "../../track/calls/file_tracker.ts";
import { prepaid } from "../../track/calls/prepaid.ts";
import { quiet } from "../../track/calls/quiet.ts";
import type { BuiltinRecorder, Recorder } from "../../track/calls/recorder.ts";
import { shadowStack } from "../../track/calls/shadow_stack.ts";
import { shapeOf } from "../../track/objects/shape.ts";
import { sizes } from "../../track/sizes/size.ts";
import { DOMAIN_EXTERNAL, DOMAIN_HEAP, DOMAIN_STRING } from "../../vocabulary/domains.ts";
import { BlockTable } from "../blocks/block_table.ts";
import {
  CELL_LEFT,
  CELL_PATH,
  CELL_ROW,
  CELL_SIZE,
  CELL_UNIFORM_RUN,
  CELLS_PER_SITE,
  MEASURED,
  UNIFORM_AFTER,
  WITH_MEMBERS,
} from "../blocks/cell_fields.ts";
import { SiteRows } from "../blocks/site_rows.ts";
import { Following, type FollowingOptions } from "../following/following.ts";
import type { NativePaths } from "../paths/native_paths.ts";
import { EMPTY_PATH, type Paths, PathTable } from "../paths/path_table.ts";
import { SiteBudget } from "../sampling/site_budget.ts";
import { ExpectedReports } from "./expected_reports.ts";
import { isGiven, recordStore } from "./record_store.ts";
import type { Ticker } from "./ticker.ts";

/** In exact mode one of so many objects of a uniform site is measured all the same: the next one may be another. */
const MEASURED_EVERY = 16;

const NEVER_UNIFORM = -1e9;

/** Which objects are followed, and how they are known again. */
export interface Mode extends Omit<FollowingOptions, "seed"> {
  /** Makes the table of blocks, where not every object that is marked is followed. */
  readonly newBlocks?: (firstId: number) => BlockTable;
}

/** What a session is started with. */
export interface SessionOptions extends Mode {
  readonly nframe: number;
  readonly sampling: "exact" | "adaptive" | number;
  readonly seed: number | null;
  /** Whether timers and listeners are counted, too. Default true. */
  readonly resources?: boolean | undefined;
  /** The first block id: they go on from session to session. */
  readonly firstId: number;
  /** Called when the tracker itself fails; recording is off by then. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * One run of tracing, from `start()` to `stop()`: records what instrumented lines report. Its parts know in which row a block
 * is counted, how many need nothing else, what becomes of an object, when it is time for a tick, and of which report more is known.
 * `src/heap/find_marks.ts` knows a session in V8's heap by the names of its properties.
 */
export class Session implements Recorder {
  // Those that other kinds of sessions have of their own are not read-only.
  options: SessionOptions;
  paths: Paths;
  /** Where call paths come from the engine's stacks. */
  declare natives?: NativePaths;
  /** What stand-ins for built-in functions report to, if it is of a special kind. */
  declare readonly builtins?: BuiltinRecorder;
  readonly rows: SiteRows;
  /** Null: nobody wants to look now and then; pages fetch it. */
  ticker: Ticker | null = null;
  /** When it started, or was cleared. */
  started: number = clock();
  budget: SiteBudget;
  following: Following;
  readonly expected: ExpectedReports = new ExpectedReports();
  readonly #newBlocks: (firstId: number) => BlockTable;
  readonly #keepsOneFrame: boolean;
  readonly #marksAll: boolean;
  #givesOld = false;

  constructor(options: SessionOptions) {
    const { nframe, sampler, newBlocks, firstId } = options;
    this.options = options;
    this.paths = new PathTable(nframe);
    this.#newBlocks = newBlocks ?? ((id) => new BlockTable(id));
    this.rows = new SiteRows(this.#newBlocks(firstId));
    this.following = new Following(this.rows, this, options);
    this.#keepsOneFrame = nframe === 1;
    this.#marksAll = this.following.marks.areForAll;
    this.budget = new SiteBudget(this.rows, sampler, this, this.#keepsOneFrame && !this.#marksAll);
  }

  /** Counts of the blocks. */
  get blocks(): BlockTable {
    return this.rows.blocks;
  }

  /** Forgets all blocks. Objects that are alive stay marked, so that they are not taken for new ones. */
  clear(): void {
    this.takeBack();
    this.rows.restart(this.#newBlocks(this.blocks.nextId));
    this.started = clock();
    if (this.ticker) this.ticker.timeline = this.ticker.timeline.restarted(this.started);
    this.following.restart();
    this.expected.expect();
  }

  // ── Recorder ──

  fresh(site: number, value: object, depth: number): void {
    const path = this.#pathBelow(site, depth);
    const rows = this.rows;
    const { cells } = rows;
    const at = site * CELLS_PER_SITE;
    const size = cells[at + CELL_SIZE];
    const isPlain = size > 0 && size < WITH_MEMBERS;
    if (
      cells[at + CELL_LEFT] > 1 &&
      (isPlain || (cells[at + CELL_UNIFORM_RUN] >= UNIFORM_AFTER && !this.#marksAll))
    ) {
      const row = rows.known(path, site);
      if (row !== -1) {
        if (this.#marksAll) this.recordNew(site, row, value);
        else {
          cells[at + CELL_LEFT]--;
          rows.blocks.count(row);
        }
        return;
      }
    }
    this.#record(site, value, path, true);
  }

  maybeFresh(site: number, value: unknown, depth: number): void {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return;
    if (this.expected.take(value)) return;
    const path = this.#pathBelow(site, depth);
    const rows = this.rows;
    const { cells } = rows;
    const at = site * CELLS_PER_SITE;
    const left = cells[at + CELL_LEFT];
    if (cells[at + CELL_UNIFORM_RUN] >= UNIFORM_AFTER && left > 1) {
      const row = rows.known(path, site);
      if (row !== -1) {
        if (!this.#marksAll) {
          cells[at + CELL_LEFT]--;
          rows.blocks.count(row);
          return;
        }
        if (left % MEASURED_EVERY !== 0) {
          if (this.following.marks.of(value) === -1) this.recordNew(site, row, value);
          return;
        }
      }
    }
    this.#record(site, value, path);
  }

  text(site: number, value: string, depth: number): void {
    this.#record(site, value, this.#pathBelow(site, depth));
  }

  replacesInstance(value: unknown): void {
    // Where every object is marked, its mark tells.
    if (!this.#marksAll) this.expected.expect(this.expected.constructed, value as object | null);
  }

  path(depth: number): number {
    return this.paths.settled(this.paths.current(depth));
  }

  takeBack(): void {
    for (let site = 1; site < this.rows.length; site++) this.budget.takeBack(site);
    this.expected.expect(this.expected.constructed);
  }

  /** The program goes on whatever happens here. */
  failed(error: unknown): void {
    // A recursion that is about to overflow the stack may do so in here: that says nothing about the tracker.
    if ((error as Error | null)?.name === "RangeError") return;
    setRecorder(null);
    this.options.onFailure(error);
  }

  #record(site: number, value: object | string, path: number, isFresh?: boolean): void {
    quiet.depth++;
    try {
      if (typeof value === "string") this.#recordSiteText(site, sizes.string(value.length), path);
      else {
        if (isFresh) this.#recordFresh(site, value, path);
        else this.recordMaybe(site, value, path);
        this.budget.prepay(site, isFresh);
      }
    } catch (error) {
      this.failed(error);
    } finally {
      quiet.depth--;
    }
  }

  /** The path below a slot. What is prepaid of the site has been counted down below zero, where it was not prepaid. */
  #pathBelow(site: number, depth: number): number {
    if (prepaid[site] < 0) prepaid[site] = 0;
    if (this.#keepsOneFrame) return EMPTY_PATH;
    const entry = shadowStack[(depth || shadowStack[0]) - 1];
    return entry < 0 ? ~entry : this.paths.current(depth);
  }

  #recordFresh(site: number, value: object, path: number): void {
    const rows = this.rows;
    this.budget.takeBack(site);
    const size = rows.sizeOf(site);
    if (size === MEASURED) {
      this.#recordMeasured(value, path, site);
      return;
    }
    this.recordNew(site, rows.row(site, path, size), value);
    if ((size & WITH_MEMBERS) !== 0) this.#recordMembers(site, value, path);
  }

  /** What a constructor gave: an object that was marked before is not new. */
  recordMaybe(site: number, value: object, path: number): void {
    const rows = this.rows;
    this.budget.takeBack(site);
    const size = rows.sizeOf(site);
    const { cells } = rows;
    const at = site * CELLS_PER_SITE;
    const isUniform = cells[at + CELL_UNIFORM_RUN] >= UNIFORM_AFTER && cells[at + CELL_LEFT] > 1;
    if (isUniform && !this.#marksAll) {
      cells[at + CELL_LEFT]--;
      rows.blocks.count(rows.row(site, path, size));
      return;
    }
    if (this.following.marks.of(value) !== -1) {
      // Constructors that give old objects back (singletons, caches). In exact mode every object is marked and known again.
      // Where only some are, a site that was seen to do so has all its objects looked at, and marked, from then on.
      if (this.#marksAll) return;
      this.#givesOld = true;
      cells[at + CELL_UNIFORM_RUN] = NEVER_UNIFORM;
      return;
    }
    if (isUniform && cells[at + CELL_LEFT] % MEASURED_EVERY !== 0) {
      this.recordNew(site, rows.row(site, path, size), value);
      return;
    }
    if (size === MEASURED || typeof value !== "function") this.#recordMeasured(value, path, site);
    else {
      this.recordNew(site, rows.row(site, path, size), value);
      cells[at + CELL_UNIFORM_RUN]++;
    }
  }

  /** Closures under the keys of a new object literal: plain data properties, so that reading them runs no code. */
  #recordMembers(site: number, object: object, path: number): void {
    const { base, sites } = sitesAround(site);
    const members = sites.memberClosures.get(site - base)!;
    const rows = this.rows;
    const { cells } = rows;
    // No iterators: the program may have changed those of arrays.
    for (let i = 0; i < members.length; i++) {
      const member = base + members[i][1];
      const row = rows.row(member, path, rows.sizeOf(member));
      if (cells[member * CELLS_PER_SITE + CELL_LEFT] > 1 && !this.#marksAll) {
        cells[member * CELLS_PER_SITE + CELL_LEFT]--;
        rows.blocks.count(row);
        continue;
      }
      const closure = (object as Record<string, unknown>)[members[i][0]];
      if (typeof closure === "function" && this.following.marks.of(closure) === -1)
        this.recordNew(member, row, closure);
    }
  }

  #recordSiteText(site: number, size: number, path: number): void {
    const rows = this.rows;
    const { blocks, cells } = rows;
    const row = cells[site * CELLS_PER_SITE + CELL_ROW];
    if (cells[site * CELLS_PER_SITE + CELL_PATH] === path + 1 && blocks.size.at(row) === size) {
      blocks.count(row);
      this.ticker?.passed(1, size);
    } else rows.remember(site, path, this.recordText(path, site, size));
  }

  /** A string, in bytes. Gives its row. */
  recordText(path: number, site: number, size: number): number {
    const { blocks } = this.rows;
    const row = blocks.row(path, site, blocks.typeOf("string", DOMAIN_STRING), size);
    blocks.count(row);
    this.ticker?.passed(1, size);
    return row;
  }

  /** How many blocks a line has made, where one that is followed may stand for more than that. */
  mostBlocks?(site: number): number;

  /** Where what views of a part of a buffer show is counted view by view: records a view's. Gives how many it stands for. */
  recordPart?(site: number, row: number, view: object, size: number): number;

  #recordMeasured(value: object, path: number, site: number): void {
    const shape = shapeOf(value);
    const { blocks } = this.rows;
    const backing = shape.backing?.(value);
    if (!backing) {
      this.recordNew(site, this.rows.measured(value, path, site, shape), value);
      return;
    }
    const type = blocks.typeOf(shape.type, DOMAIN_HEAP);
    const { store } = backing;
    const isKnown =
      store !== value && (isGiven(this, backing, value) || this.following.marks.of(store) !== -1);
    // A view that makes its own buffer is two objects; nobody else reports the buffer's.
    const own = isKnown || store === value ? 0 : sizes.arrayBuffer;
    this.recordNew(site, blocks.row(path, site, type, shape.measure(value) + own), value);
    const external = blocks.row(path, site, blocks.typeOf(backing.type, DOMAIN_EXTERNAL), backing.size);
    // The buffer's own mark is its object's; its bytes are a block of their own.
    if (isKnown) return;
    const weight = recordStore(this, site, external, store, value);
    if (weight) this.following.growth.note(site, store, external, weight, true);
  }

  /** A new object, of a row that is known. */
  recordNew(site: number, row: number, object: object): void {
    const decision = this.budget.decide(site, row);
    if (decision < 0 && !this.#marksAll) {
      const givesOld = this.#givesOld && this.rows.cells[site * CELLS_PER_SITE + CELL_UNIFORM_RUN] < 0;
      if (!givesOld) return;
    }
    this.following.mark(site, row, object, decision);
  }

  /** A block that lives as long as an object that is a block itself. Gives how many it stands for; 0: it is not followed. */
  recordMore(site: number, row: number, owner: object): number {
    // Nothing but a registry tells of these: no token stands for one.
    const decision = this.#marksAll ? 0 : this.budget.decide(site, row);
    return decision < 0 ? 0 : this.following.markMore(row, owner, decision);
  }
}

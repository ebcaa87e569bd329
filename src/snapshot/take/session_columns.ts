// Browser compatible.

import { IntColumn } from "../../tables/columns.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";
import { NameTable } from "../../tables/name_table.ts";
import { SafeSet } from "../../tables/safe_set.ts";
import type { Watched } from "../../traces/growth.ts";
import { measureGrowth } from "../../traces/measure_growth.ts";
import type { Session } from "../../traces/session.ts";
import type { PathRows } from "../../traces/spread_paths.ts";
import { inWholeUnits } from "../../traces/weight_units.ts";
import { sitePlace } from "../../track/calls/site_place.ts";
import { contentsOf, type SeenStrings } from "../../track/objects/contents.ts";
import { DOMAIN_STRING } from "../../vocabulary/domains.ts";
import { newBlockColumns, type SnapshotColumns } from "../model/columns.ts";
import { boundAlive } from "./bound_alive.ts";
import { byPath, placeOf } from "./by_path.ts";

/** Copies the session's tables out as a snapshot's columns. */
export function snapshotColumns(session: Session, at: "now" | "peak"): SnapshotColumns {
  session.takeBack();
  const { blocks } = session;
  blocks.placeDeaths();
  const peak = new Float64Array(blocks.site.length);
  peak.set(blocks.liveAtPeak());
  const rows: Omit<PathRows, "live"> = {
    path: blocks.path.copy(),
    site: blocks.site.copy(),
    type: blocks.type.copy(),
    size: blocks.size.copy(),
    allocated: blocks.allocated.copy(),
  };
  boundAlive(rows, peak);
  if (at === "peak") return columnsOf(session, [{ ...rows, live: peak }]);
  const live = blocks.live.copy();
  boundAlive(rows, live);
  const isPeak = live.every((count, row) => count === peak[row]);
  const grown = measureAgain(session, live);
  // At its peak the program holds what it holds, grown containers included.
  const parts = isPeak
    ? [
        { ...rows, live, peak: live },
        { ...grown, peak: Float64Array.from(grown.live) },
      ]
    : [{ ...rows, live, peak }, grown];
  return columnsOf(session, parts);
}

/** One block of a row, as a snapshot's columns. */
export function blockColumns(session: Session, row: number): SnapshotColumns {
  const { path, site, type, size } = session.blocks;
  return columnsOf(session, [
    {
      path: [path.at(row)],
      site: [site.at(row)],
      type: [type.at(row)],
      size: [size.at(row)],
      live: [1],
      allocated: [1],
    },
  ]);
}

/** The course of the traced size, as a snapshot's metadata carries it: rows are named by their line. */
export function timelineOf(session: Session): { time: number; current: number; top: [string, number][] }[] {
  const { blocks, ticker } = session;
  return (ticker?.timeline.points ?? []).map(({ time, current, top }) => ({
    time: Math.round(time),
    current: Math.round(current),
    top: top.map(([row, bytes]): [string, number] => {
      const { filename, line } = sitePlace(blocks.site.at(row));
      return [`${filename}:${line}`, Math.round(bytes)];
    }),
  }));
}

/**
 * Moves blocks that have grown (or shrunk) since they were allocated to rows of their present size, taking them out of
 * `live`, and adds rows for the strings they hold.
 */
function measureAgain(session: Session, live: Float64Array): PathRows {
  const { blocks } = session;
  const rows = { path: [], site: [], type: [], size: [], live: [], allocated: [] } as Record<
    Exclude<keyof PathRows, "peak">,
    number[]
  >;
  // By row and size; what a row's own type has grown to, and the strings that it holds.
  const known = new IntPairMap();
  const sizes = new Map<number, number>();
  const stringType = blocks.typeOf("string", DOMAIN_STRING);
  const add = (row: number, type: number, size: number, weight: number): void => {
    let sizeNumber = sizes.get(size);
    if (sizeNumber === undefined) sizes.set(size, (sizeNumber = sizes.size));
    const key = sizeNumber * 2 + (type === stringType ? 1 : 0);
    const index = known.get(row, key);
    if (index !== -1) {
      rows.live[index] += weight;
      return;
    }
    known.set(row, key, rows.site.length);
    rows.path.push(blocks.path.at(row));
    rows.site.push(blocks.site.at(row));
    rows.type.push(type);
    rows.size.push(size);
    rows.live.push(weight);
    rows.allocated.push(0);
  };
  const seen: SeenStrings = new SafeSet();
  const alive: Watched[] = [];
  const objects: (object | undefined)[] = [];
  const stands = new Float64Array(live.length);
  measureGrowth(session.following.growth, (watched, object) => {
    alive.push(watched);
    objects.push(object);
    stands[watched.row] += watched.weight;
  });
  const before = live.slice();
  const seenOf = new Float64Array(live.length);
  const movedOf = new Float64Array(live.length);
  for (let i = 0; i < alive.length; i++) {
    const watched = alive[i];
    const object = objects[i]!;
    // JavaScriptCore's collector takes what has been left on the stack for a pointer: to this list, it would keep them all.
    objects[i] = undefined;
    const { row, weight, isExternal } = watched;
    const now = contentsOf(object, seen, watched);
    // Those of a row stand for all of it, however many they are of what was to be watched: whole blocks, where it has whole
    // ones. In units whose sums are exact, no more are taken than there are.
    seenOf[row] += weight;
    const upToHere = (before[row] * seenOf[row]) / stands[row];
    // What a path was bounded to is as exact as its estimate of what was allocated, and no number of units.
    const whole = Number.isInteger(before[row]) ? Math.round(upToHere) : inWholeUnits(upToHere);
    const moved = Math.min(whole, before[row]) - movedOf[row];
    if (!(moved > 0)) continue;
    movedOf[row] += moved;
    // 0: nothing is known of it; a buffer of 0 bytes has been transferred.
    if ((now.size > 0 || isExternal) && now.size !== blocks.size.at(row)) {
      live[row] = Math.max(0, live[row] - moved);
      if (now.size > 0) add(row, blocks.type.at(row), now.size, moved);
    }
    if (now.strings > 0) add(row, stringType, now.strings, moved);
  }
  return rows;
}

function columnsOf(session: Session, copied: readonly PathRows[]): SnapshotColumns {
  const { blocks } = session;
  const { nframe } = session.options;
  const parts = byPath(copied);
  const frames = new FrameInterner();
  const tracebacks = new TracebackInterner(session, frames);
  const count = parts.reduce((sum, { site }) => sum + site.length, 0);
  const columns = newBlockColumns(count);
  const peakCount = parts.some(({ peak }) => peak !== undefined) ? new Float64Array(count) : undefined;
  const domains = blocks.types.map(({ domain }) => domain);
  let at = 0;
  for (const rows of parts) {
    if (rows.peak !== undefined) peakCount?.set(rows.peak, at);
    for (let i = 0; i < rows.site.length; i++, at++) {
      columns.traceback[at] = tracebacks.of(rows.path[i], rows.site[i]);
      columns.type[at] = rows.type[i];
      columns.domain[at] = domains[rows.type[i]];
      columns.size[at] = rows.size[i];
      columns.count[at] = rows.live[i];
      columns.allocatedCount[at] = rows.allocated[i];
      columns.allocatedSize[at] = rows.allocated[i] * rows.size[i];
    }
  }
  return {
    frames: frames.columns(),
    tracebacks: tracebacks.columns(),
    blocks: peakCount === undefined ? columns : { ...columns, peakCount },
    types: blocks.types.map(({ name }) => name),
    tracebackLimit: nframe,
  };
}

/** Sites → frames. */
class FrameInterner {
  /** Frame + 1; 0: not asked for yet. */
  #bySite = new Int32Array(1024);
  readonly #names = new NameTable();
  readonly #files = new NameTable();
  readonly #filename = new IntColumn();
  readonly #lineno = new IntColumn();
  readonly #column = new IntColumn();
  readonly #functionName = new IntColumn();
  readonly #functionLine = new IntColumn();

  of(site: number): number {
    if (site >= this.#bySite.length) this.#bySite = enlarged(this.#bySite, site + 1);
    const frame = this.#bySite[site];
    return frame === 0 ? (this.#bySite[site] = this.#add(site) + 1) - 1 : frame - 1;
  }

  #add(site: number): number {
    const place =
      site === 0
        ? { filename: "<unknown>", line: 0, column: 0, functionName: "", functionLine: 0 }
        : placeOf(site);
    this.#lineno.push(place.line);
    this.#column.push(place.column);
    this.#functionName.push(this.#names.intern(place.functionName));
    this.#functionLine.push(place.functionLine);
    return this.#filename.push(this.#files.intern(place.filename)) - 1;
  }

  columns(): SnapshotColumns["frames"] {
    return {
      filenames: this.#files.names,
      functionNames: this.#names.names,
      filename: this.#filename.copy(),
      lineno: this.#lineno.copy(),
      column: this.#column.copy(),
      functionName: this.#functionName.copy(),
      functionLine: this.#functionLine.copy(),
    };
  }
}

/** (path, site) → tracebacks. */
class TracebackInterner {
  readonly #session: Session;
  readonly #frames: FrameInterner;
  readonly #known = new IntPairMap();
  readonly #offset = new IntColumn();
  readonly #total = new IntColumn();
  #entries = new Int32Array(1024);
  #end = 0;
  /** By path: where its frames begin in `#entries`, + 1, and their number. A path leads to several sites. */
  #paths = new Int32Array(2048);

  constructor(session: Session, frames: FrameInterner) {
    this.#session = session;
    this.#frames = frames;
    this.#offset.push(0);
  }

  of(path: number, site: number): number {
    let index = this.#known.get(path, site);
    if (index !== -1) return index;
    const length = this.#addCallers(path);
    // Site 0 (a block of the user's own domain) has no place of its own: its caller's line is the line.
    const own = site !== 0 || length === 0 ? 1 : 0;
    if (own === 1) this.#entries[this.#end++] = this.#frames.of(site);
    this.#offset.push(this.#end);
    index = this.#total.push(this.#session.paths.total(path) + own) - 1;
    this.#known.set(path, site, index);
    return index;
  }

  /** Leaves room for one frame more. Gives the number of frames. */
  #addCallers(path: number): number {
    const at = path * 2;
    if (at >= this.#paths.length) this.#paths = enlarged(this.#paths, at + 2);
    const start = this.#paths[at] - 1;
    const callers = start === -1 ? this.#session.paths.frames(path) : null;
    const length = callers === null ? this.#paths[at + 1] : callers.length;
    if (this.#end + length + 1 > this.#entries.length) {
      this.#entries = enlarged(this.#entries, this.#end + length + 1);
    }
    const entries = this.#entries;
    if (callers === null) entries.copyWithin(this.#end, start, start + length);
    else {
      for (let i = 0; i < length; i++) entries[this.#end + i] = this.#frames.of(callers[i]);
      this.#paths[at] = this.#end + 1;
      this.#paths[at + 1] = length;
    }
    this.#end += length;
    return length;
  }

  columns(): SnapshotColumns["tracebacks"] {
    return {
      offset: this.#offset.copy(),
      frames: this.#entries.slice(0, this.#end),
      totalNframe: this.#total.copy(),
    };
  }
}

function enlarged(old: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, old.length * 2));
  larger.set(old);
  return larger;
}

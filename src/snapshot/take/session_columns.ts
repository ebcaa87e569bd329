// Browser compatible.

import { IntColumn } from "../../tables/columns.ts";
import { IntPairMap } from "../../tables/int_pair_map.ts";
import { NameTable } from "../../tables/name_table.ts";
import { BlockTable } from "../../traces/blocks/block_table.ts";
import { type Look, lookAtGrown } from "../../traces/growth/grown.ts";
import type { PathRows } from "../../traces/paths/spread_paths.ts";
import { inWholeUnits } from "../../traces/sampling/weight_units.ts";
import type { Session } from "../../traces/session/session.ts";
import { sitePlace } from "../../track/calls/site_place.ts";
import { DOMAIN_STRING } from "../../vocabulary/domains.ts";
import { newBlockColumns, type SnapshotColumns } from "../model/columns.ts";
import { boundAlive } from "./bound_alive.ts";
import { byPath, placeOf } from "./by_path.ts";

/** Copies the session's tables out as a snapshot's columns. */
export function snapshotColumns(session: Session, at: "now" | "peak"): SnapshotColumns {
  session.takeBack();
  const { blocks } = session;
  blocks.placeDeaths();
  // First of all: what it finds may be more than at the peak that was known.
  const { look, atPeak } = lookAtGrown(session);
  const peak = new Float64Array(blocks.site.length);
  peak.set(blocks.liveAtPeak());
  const rows = {
    path: blocks.path.copy(),
    site: blocks.site.copy(),
    type: blocks.type.copy(),
    size: blocks.size.copy(),
    allocated: blocks.allocated.copy(),
    grown: blocks.grown?.ever,
  };
  boundAlive(rows, peak);
  if (at === "peak") {
    const then = moved(session, peak, atPeak);
    return columnsOf(session, [{ ...rows, live: peak }, then]);
  }
  const live = blocks.live.copy();
  boundAlive(rows, live);
  const now = moved(session, live, look);
  const then = moved(session, peak, atPeak);
  const bytes = (alive: Float64Array, more: AddedRows): number =>
    alive.reduce((sum, count, row) => sum + count * rows.size[row], 0) +
    more.live.reduce((sum, count, i) => sum + count * more.size[i], 0);
  // What is alive now, strings included, can be more than what is known of the peak: then this is the peak.
  if (bytes(live, now) >= bytes(peak, then)) {
    return columnsOf(session, [
      { ...rows, live, peak: live },
      { ...now, peak: now.live },
    ]);
  }
  return columnsOf(session, [
    { ...rows, live, peak },
    { ...now, peak: new Float64Array(now.live.length) },
    { ...then, live: new Float64Array(then.live.length), peak: then.live },
  ]);
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

/** Rows that are added. */
type AddedRows = Record<Exclude<keyof PathRows, "peak" | "grown">, number[]>;

/**
 * Moves blocks that have grown (or shrunk) since they were allocated to rows of their present size, taking them out of
 * `alive`, and adds rows for the strings they hold.
 */
function moved({ blocks }: Session, alive: Float64Array, look: Omit<Look, "bytes">): AddedRows {
  const added: AddedRows = { path: [], site: [], type: [], size: [], live: [], allocated: [] };
  // By row and size; what a row's own type has grown to, and the strings that it holds.
  const known = new IntPairMap();
  const variants = new BlockTable(0);
  const stringType = blocks.typeOf("string", DOMAIN_STRING);
  const add = (row: number, type: number, size: number, weight: number): void => {
    const key = variants.variantOf(type, size);
    const index = known.get(row, key);
    if (index !== -1) {
      added.live[index] += weight;
      return;
    }
    known.set(row, key, added.site.length);
    added.path.push(blocks.path.at(row));
    added.site.push(blocks.site.at(row));
    added.type.push(type);
    added.size.push(size);
    added.live.push(weight);
    added.allocated.push(0);
  };
  const { rows, weights } = look;
  const stands = new Float64Array(alive.length);
  for (let i = 0; i < rows.length; i++) stands[rows[i]] += weights[i];
  const before = alive.slice();
  const seenOf = new Float64Array(alive.length);
  const movedOf = new Float64Array(alive.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    // Those of a row stand for all of it, however many they are of what was to be watched: whole blocks, where it has whole
    // ones. In units whose sums are exact, no more are taken than there are.
    seenOf[row] += weights[i];
    const upToHere = (before[row] * seenOf[row]) / stands[row];
    // What a path was bounded to is as exact as its estimate of what was allocated, and no number of units.
    const whole = Number.isInteger(before[row]) ? Math.round(upToHere) : inWholeUnits(upToHere);
    let share = Math.min(whole, before[row]) - movedOf[row];
    if (!(share > 0)) continue;
    movedOf[row] += share;
    if (look.portions) share = inWholeUnits(share * look.portions[i]);
    const size = look.sizes[i];
    if (size !== blocks.size.at(row)) {
      alive[row] = Math.max(0, alive[row] - share);
      if (size > 0) add(row, blocks.type.at(row), size, share);
    }
    const strings = look.strings?.[i] ?? 0;
    if (strings > 0) add(row, stringType, strings, share);
  }
  return added;
}

function columnsOf(session: Session, copied: readonly PathRows[]): SnapshotColumns {
  const { blocks } = session;
  const { nframe } = session.options;
  const parts = byPath(copied);
  const frames = new FrameInterner();
  const tracebacks = new TracebackInterner(session, frames);
  const count = parts.reduce((sum, { size }) => sum + size.length, 0);
  const columns = newBlockColumns(count);
  const peakCount = parts[0].peak && new Float64Array(count);
  const domains = blocks.types.map(({ domain }) => domain);
  let at = 0;
  for (const rows of parts) {
    peakCount?.set(rows.peak!, at);
    for (let i = 0; i < rows.size.length; i++, at++) {
      const allocated = rows.allocated[i];
      columns.traceback[at] = tracebacks.of(rows.path[i], rows.site[i]);
      columns.type[at] = rows.type[i];
      columns.domain[at] = domains[rows.type[i]];
      columns.size[at] = rows.size[i];
      columns.count[at] = rows.live[i];
      columns.allocatedCount[at] = allocated;
      // Also what the living, and the dead, have grown by.
      columns.allocatedSize[at] = allocated * rows.size[i] + (rows.grown?.get(i) ?? 0);
    }
  }
  return {
    frames: frames.columns(),
    tracebacks: tracebacks.columns(),
    blocks: { ...columns, ...(peakCount && { peakCount }) },
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

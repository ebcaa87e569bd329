// Browser compatible.

import { type CallPlaces, decodeCallPlaces, placesOf } from "../../sites/call_places.ts";
import type { DecodedSites } from "../../sites/payload.ts";
import { PAYLOAD_VERSION } from "../../sites/payload_format.ts";
import { plainPath } from "../../sites/plain_path.ts";
import { max } from "../../tables/own_math.ts";
import { OwnFloat64Array, OwnInt32Array, SafeMap } from "../../tables/safe_collections.ts";
import { files, type RegisteredFile, sitesAround } from "./file_registry.ts";
import { addFrameSite } from "./frame_sites.ts";

// From a position that the engine names to a number like those of sites: the function, and the line and column that people wrote.

/** Lines have fewer columns, in all that people write; positions of longer ones share their numbers at worst. */
const COLUMNS = 2 ** 22;

/** The places of one file, in the order of the positions that the engine names. */
export interface FramesOfFile {
  /** Whether positions are those of what people wrote. */
  readonly isMapped: boolean;
  /** Columns of the first line that are not the file's own. */
  readonly wrapper: number;
  readonly sites: DecodedSites;
  readonly places: CallPlaces;
  readonly count: number;
  /** `line * COLUMNS + column` of each, as the engine counts. */
  readonly positions: Float64Array;
  /** Its number among `places`. */
  readonly order: Int32Array;
  /** By place: its site; 0: not asked for yet. */
  readonly known: Int32Array;
  /** By position. */
  readonly sitesAt: Map<number, number>;
}

const NOWHERE = 0;
const { apply } = Reflect;
const { includes, startsWith } = String.prototype;
const { stringify } = JSON;
const sort = Float64Array.prototype.sort;

/** By the name that the engine gives. Null: not instrumented, as far as files had registered. */
const byName = new SafeMap<string, { frames: FramesOfFile | null; registered: number }>();

/** By path: columns that a host's wrapper takes in the first line. */
const wrapped = new SafeMap<string, number>();

/** Says that so many columns of a file's first line are not the file's own: nothing that stands there is a frame. */
export function noteWrapper(path: string, columns: number): void {
  wrapped.set(path, columns);
}

/** Deno gives the call sites of modules the positions that source maps lead to; all that it runs of ours have one. */
const isDeno = "Deno" in globalThis;
const MODULE = 1;

/**
 * The number of a frame, below 0; 0: it is of no instrumented file.
 *
 * @param name The script's, as the engine gives it.
 * @param line 1-based, as `column`.
 */
export function frameSite(name: string, line: number, column: number): number {
  let entry = byName.get(name);
  if (entry === undefined || entry.registered !== files.length) {
    // The newest of a name counts: it may have been loaded again, with another text.
    const frames = findFrames(plainPath(name), entry);
    byName.set(name, (entry = { frames, registered: files.length }));
  }
  const { frames } = entry;
  if (frames === null) return NOWHERE;
  const ownColumn = line === 1 ? column - frames.wrapper : column;
  return ownColumn > 0 ? siteIn(frames, line, ownColumn) : NOWHERE;
}

function findFrames(
  path: string,
  known: { frames: FramesOfFile | null; registered: number } | undefined,
): FramesOfFile | null {
  // A payload begins with its file's name. Only the host's own maps lead to one of those that come later in it.
  const isNamed = isDeno ? includes : startsWith;
  const wanted = isDeno ? stringify(path) : `[${PAYLOAD_VERSION},${stringify(path)},`;
  for (let i = files.length - 1; i >= (known?.registered ?? 0); i--) {
    const file = files[i];
    if (!(apply(isNamed, file.payload, [wanted]) as boolean)) continue;
    const frames = framesOf(file, path, isDeno && isModule(file));
    if (frames !== null) return frames;
  }
  return known?.frames ?? null;
}

function isModule({ payload }: RegisteredFile): boolean {
  return placesOf(payload)?.[0] === MODULE;
}

/**
 * The places of a file that frames can be in; null: the file is another one, or records its calls.
 *
 * @param isMapped Whether positions are those of what people wrote.
 */
export function framesOf(file: RegisteredFile, path: string, isMapped: boolean): FramesOfFile | null {
  const { sites } = sitesAround(file.base);
  const encoded = placesOf(file.payload);
  if (encoded === null) return null;
  if (!isMapped && sites.filename !== path) return null;
  const places = decodeCallPlaces(encoded);
  const fileNumber = isMapped ? fileNumberOf(sites, path) : 0;
  if (fileNumber === -1) return null;
  const lines = isMapped ? places.sourceLine : places.line;
  const columns = isMapped ? places.sourceColumn : places.column;
  const keys = new OwnFloat64Array(places.count);
  const numbers = new OwnInt32Array(places.count);
  let count = 0;
  let isSorted = true;
  for (let i = 0; i < places.count; i++) {
    if (isMapped && (sites.fileNumbers[places.functionIndex[i]] ?? 0) !== fileNumber) continue;
    const key = lines[i] * COLUMNS + columns[i];
    if (count > 0 && key <= keys[count - 1]) {
      // The first of a position counts.
      if (key === keys[count - 1]) continue;
      isSorted = false;
    }
    numbers[count] = i;
    keys[count++] = key;
  }
  const sorted = isSorted ? { positions: keys, order: numbers, count } : inOrder(keys, numbers, count);
  return {
    isMapped,
    wrapper: wrapped.get(path) ?? 0,
    sites,
    places,
    count: sorted.count,
    positions: sorted.positions,
    order: sorted.order,
    known: new OwnInt32Array(places.count),
    sitesAt: new SafeMap(),
  };
}

/** Positions in their order, each once, and the place of each that comes first. */
function inOrder(
  keys: Float64Array,
  numbers: Int32Array,
  length: number,
): Pick<FramesOfFile, "positions" | "order" | "count"> {
  const places = new SafeMap<number, number>();
  let count = 0;
  for (let i = 0; i < length; i++) {
    if (places.has(keys[i])) continue;
    places.set(keys[i], numbers[i]);
    keys[count++] = keys[i];
  }
  const positions = new OwnFloat64Array(count);
  for (let i = 0; i < count; i++) positions[i] = keys[i];
  apply(sort, positions, []);
  const order = new OwnInt32Array(count);
  for (let i = 0; i < count; i++) order[i] = places.get(positions[i])!;
  return { positions, order, count };
}

/** 0 for the text itself, or the number of another file that it was made of; -1: none. */
function fileNumberOf({ filename, files: others }: DecodedSites, path: string): number {
  if (filename === path) return 0;
  for (let i = 0; i < others.length; i++) if (others[i] === path) return i + 1;
  return -1;
}

/** The number of a frame at a position of the file; 0: nothing that could be a frame stands there. */
export function siteIn(frames: FramesOfFile, line: number, column: number): number {
  const position = line * COLUMNS + column;
  let site = frames.sitesAt.get(position);
  if (site === undefined) frames.sitesAt.set(position, (site = findSite(frames, position, line)));
  return site;
}

/** The last place that is not behind the position: it is the call itself, or stands before it in the same function. */
function findSite(frames: FramesOfFile, position: number, line: number): number {
  const { count, positions, order, places, known, sites, isMapped } = frames;
  let low = -1;
  for (let high = count; high - low > 1; ) {
    const middle = (low + high) >>> 1;
    if (positions[middle] <= position) low = middle;
    else high = middle;
  }
  const { sourceLine, sourceColumn } = places;
  const lineOf = (index: number): number => (isMapped ? sourceLine : places.line)[order[index]];
  let index = max(low, 0);
  if (index >= count) return NOWHERE;
  const f = places.functionIndex[order[index]];
  // A getter's, or an iterator's, before the first call of its line.
  if (lineOf(index) !== line && lineOf(index + 1) === line && places.functionIndex[order[index + 1]] === f)
    index++;
  if (f < 0) return NOWHERE;
  const place = order[index];
  const isSameLine = lineOf(index) === line;
  if (isSameLine && known[place] !== 0) return known[place];
  // Of a text that was generated nobody knows where the other lines come from.
  const isText = isMapped || sourceLine[place] === places.line[place];
  const site = addFrameSite({
    filename: sites.files[(sites.fileNumbers[f] ?? 0) - 1] ?? sites.filename,
    line: isSameLine || !isText ? sourceLine[place] : line,
    column: isSameLine || !isText ? sourceColumn[place] : 0,
    functionName: sites.functions[2 * f] as string,
    functionLine: sites.functions[2 * f + 1] as number,
  });
  if (isSameLine) known[place] = site;
  return site;
}

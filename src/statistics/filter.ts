// Browser compatible.
import type { BlockColumns, SnapshotColumns } from "../snapshot/model/columns.ts";
import { reprValue, typeName } from "../snapshot/model/python_repr.ts";
import { makeReadOnly } from "../snapshot/model/read_only.ts";
import { type DomainName, domainNumber } from "../vocabulary/domain_names.ts";
import { fnmatch } from "./fnmatch.ts";

/** Options of {@linkcode Filter}. */
export interface FilterOptions {
  /** Matches this line only, 1-based. Default: any line. */
  readonly lineno?: number | null;
  /** Whether all frames of a traceback are looked at. Default: `false`, the most recent one only. */
  readonly allFrames?: boolean;
  /** Matches blocks of this domain only, by number or name (`"timers"`). Default: any domain. */
  readonly domain?: number | DomainName | null;
}

/**
 * A filter on where blocks were allocated.
 *
 * @example Leave dependencies out
 * ```ts
 * import { Filter, Snapshot } from "tracemalloc";
 * import { assertEquals } from "@std/assert";
 *
 * const snapshot = Snapshot.fromTraces(
 *   [[0, 24, [["/app/main.ts", 3]]], [0, 16, [["/app/node_modules/x/x.js", 1]]]],
 *   1,
 * );
 * const own = snapshot.filterTraces([new Filter(false, "/app/node_modules/?*")]);
 * assertEquals(own.traces.length, 1);
 * ```
 */
export class Filter {
  /** `true`: only what matches stays; `false`: what matches goes. */
  readonly inclusive: boolean;
  /** The shell pattern; `.pyc` at its end became `.py`, as in Python. Cannot be changed. */
  readonly filenamePattern: string;
  /** `null`: any line. */
  readonly lineno: number | null;
  readonly allFrames: boolean;
  /** `null`: any domain. */
  readonly domain: number | null;

  /**
   * @param inclusive `true`: only what matches stays; `false`: what matches goes
   * @param filenamePattern shell pattern for whole file names: `*` (also matches `/`), `?`, `[seq]`, `[!seq]`
   * @param options further conditions
   * @throws {TypeError} where an argument is of the wrong type
   * @throws {RangeError} where `lineno` or `domain` is negative or not whole
   */
  constructor(inclusive: boolean, filenamePattern: string, options: FilterOptions = {}) {
    const { lineno = null, allFrames = false, domain = null } = options;
    checkBoolean(inclusive, "inclusive");
    if (typeof filenamePattern !== "string") {
      throw new TypeError(`filenamePattern must be a string, not ${typeName(filenamePattern)}`);
    }
    checkBoolean(allFrames, "allFrames");
    if (lineno !== null) checkIndex(lineno, "lineno");
    const index = domain === null ? null : domainIndex(domain);
    this.inclusive = inclusive;
    this.filenamePattern = normalized(filenamePattern);
    Object.defineProperty(this, "filenamePattern", { writable: false, configurable: false });
    this.lineno = lineno;
    this.allFrames = allFrames;
    this.domain = index;
  }
}

/**
 * A filter on the domain of blocks: 0 objects, 1 external bytes, 2 strings, 3 timers, 4 listeners, 5 suspended calls, 16 and up the user's.
 * Cannot be changed.
 */
export class DomainFilter {
  /** `true`: only what matches stays; `false`: what matches goes. */
  readonly inclusive: boolean;
  readonly domain: number;

  /**
   * @param inclusive `true`: only blocks of the domain stay; `false`: they go
   * @param domain 0 or above, or `"objects"`, `"external"`, `"strings"`, `"timers"`, `"listeners"`, `"calls"`
   * @throws {TypeError} where an argument is of the wrong type
   * @throws {RangeError} where `domain` is negative or not whole
   */
  constructor(inclusive: boolean, domain: number | DomainName) {
    checkBoolean(inclusive, "inclusive");
    this.inclusive = inclusive;
    this.domain = domainIndex(domain);
    makeReadOnly(this, new.target !== DomainFilter);
  }
}

function checkBoolean(value: unknown, what: string): void {
  if (typeof value !== "boolean") throw new TypeError(`${what} must be a boolean, not ${typeName(value)}`);
}

function checkIndex(value: unknown, what: string): void {
  if (typeof value !== "number") throw new TypeError(`${what} must be a number, not ${reprValue(value)}`);
  if (!Number.isInteger(value) || value < 0) {
    throw new RangeError(`${what} must be a whole number from 0 on, not ${value}`);
  }
}

function domainIndex(domain: number | DomainName): number {
  const index = domainNumber(domain);
  checkIndex(index, "domain");
  return index;
}

function normalized(filename: string): string {
  return filename.endsWith(".pyc") ? filename.slice(0, -1) : filename;
}

/**
 * Gives the rows that the filters let pass: at least one inclusive filter matches, if there are any, and no
 * exclusive one does.
 *
 * @throws {TypeError} where `filters` is no list of filters
 */
export function filteredBlocks(
  snapshot: SnapshotColumns,
  filters: Iterable<Filter | DomainFilter>,
): BlockColumns {
  const tests = checked(filters).map((filter) => ({
    inclusive: filter.inclusive,
    passes: rowTest(snapshot, filter),
  }));
  const including = tests.filter((test) => test.inclusive);
  const excluding = tests.filter((test) => !test.inclusive);
  const length = snapshot.blocks.traceback.length;
  const kept = new Int32Array(length);
  let end = 0;
  for (let row = 0; row < length; row++) {
    if (including.length > 0 && !including.some((test) => test.passes(row))) continue;
    if (excluding.every((test) => test.passes(row))) kept[end++] = row;
  }
  return pickRows(snapshot.blocks, kept.subarray(0, end));
}

function checked(filters: Iterable<Filter | DomainFilter>): (Filter | DomainFilter)[] {
  if (typeof filters !== "object" || filters === null || !(Symbol.iterator in filters)) {
    throw new TypeError(`filters must be a list of filters, not ${typeName(filters)}`);
  }
  const list = [...filters];
  for (const filter of list) {
    if (!(filter instanceof Filter) && !(filter instanceof DomainFilter)) {
      throw new TypeError(`filters must hold Filter and DomainFilter objects, not ${typeName(filter)}`);
    }
  }
  return list;
}

/** Whether a row passes the filter: it matches, or, for an exclusive filter, does not. */
function rowTest(snapshot: SnapshotColumns, filter: Filter | DomainFilter): (row: number) => boolean {
  const { domain: domains, traceback } = snapshot.blocks;
  const { inclusive, domain } = filter;
  if (filter instanceof DomainFilter) return (row) => (domains[row] === domain) === inclusive;
  const matches = matchingTracebacks(snapshot, filter);
  if (domain === null) return (row) => (matches[traceback[row]] === 1) === inclusive;
  return (row) => (matches[traceback[row]] === 1 && domains[row] === domain) === inclusive;
}

/** 1 per traceback with a frame that matches, else 0. */
function matchingTracebacks(snapshot: SnapshotColumns, filter: Filter): Uint8Array {
  const { offset, frames } = snapshot.tracebacks;
  const matches = matchingFrames(snapshot, filter);
  const result = new Uint8Array(offset.length - 1);
  for (let id = 0; id < result.length; id++) {
    const end = offset[id + 1];
    for (let at = filter.allFrames ? offset[id] : end - 1; at < end && result[id] === 0; at++) {
      result[id] = matches[frames[at]];
    }
  }
  return result;
}

function matchingFrames({ frames }: SnapshotColumns, { filenamePattern, lineno }: Filter): Uint8Array {
  const matches = fnmatch(filenamePattern);
  const files = Uint8Array.from(frames.filenames, (filename) => (matches(normalized(filename)) ? 1 : 0));
  const result = new Uint8Array(frames.lineno.length);
  for (let frame = 0; frame < result.length; frame++) {
    if (lineno === null || frames.lineno[frame] === lineno) result[frame] = files[frames.filename[frame]];
  }
  return result;
}

function pickRows(blocks: BlockColumns, rows: Int32Array): BlockColumns {
  const integers = (column: Int32Array) => Int32Array.from(rows, (row) => column[row]);
  const numbers = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  return {
    traceback: integers(blocks.traceback),
    type: integers(blocks.type),
    domain: integers(blocks.domain),
    size: numbers(blocks.size),
    count: numbers(blocks.count),
    allocatedCount: numbers(blocks.allocatedCount),
    allocatedSize: numbers(blocks.allocatedSize),
    ...(blocks.process !== undefined && { process: integers(blocks.process) }),
    ...(blocks.peakCount && { peakCount: numbers(blocks.peakCount) }),
  };
}

// Browser compatible.

import { countSites, type DecodedSites, decodePayload } from "../sites/payload.ts";
import { append, SafeMap } from "../sites/safe_collections.ts";
import { FileTracker } from "./file_tracker.ts";
import { installFunctionToString } from "./function_to_string.ts";
import { defineGlobals } from "./instrumented_globals.ts";
import { resetWhenIdle } from "./shadow_stack.ts";

/** One instrumented file. */
interface RegisteredFile {
  readonly base: number;
  readonly count: number;
  readonly payload: string;
  decoded: DecodedSites | null;
}

/** Where a site is. */
export interface SitePlace {
  readonly filename: string;
  readonly line: number;
  readonly column: number;
  readonly functionName: string;
  readonly functionLine: number;
}

const files: RegisteredFile[] = [];
const byPayload = new SafeMap<string, FileTracker>();
let nextSite = 1;

/** What stands under `Symbol.for("tracemalloc")`: instrumented code finds the tracker there. */
export interface Hub {
  /** Called once by each instrumented file with its payload; null where the payload is of another version. */
  register(payload: string): FileTracker | null;
}

export const HUB_KEY: symbol = Symbol.for("tracemalloc");

const hub: Hub = {
  register(payload: string): FileTracker | null {
    resetWhenIdle();
    // A file can be evaluated again (`vm`, `?query` imports, hot reload): it gets its numbers back.
    const known = byPayload.get(payload);
    if (known !== undefined) return known;
    const count = countSites(payload);
    if (count < 0) return null;
    if (files.length === 0) installFunctionToString();
    const tracker = new FileTracker(nextSite);
    append(files, { base: nextSite, count, payload, decoded: null });
    byPayload.set(payload, tracker);
    nextSite += count;
    return tracker;
  },
};

/** Makes the tracker visible to instrumented code. A tracker that is there already (another copy) stays. */
export function installHub(): boolean {
  if (Object.hasOwn(globalThis, HUB_KEY)) return false;
  Object.defineProperty(globalThis, HUB_KEY, {
    value: hub,
    configurable: true,
    writable: true,
    enumerable: false,
  });
  defineGlobals();
  return true;
}

/** How many files have registered. */
export function registeredFiles(): number {
  return files.length;
}

/** One more than the highest site number so far. */
export function siteLimit(): number {
  return nextSite;
}

let lastFile: RegisteredFile | null = null;

/** The file that holds a site: binary search over the first numbers. */
function fileOf(site: number): RegisteredFile {
  if (lastFile !== null && site >= lastFile.base && site < lastFile.base + lastFile.count) return lastFile;
  let low = 0;
  let high = files.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (files[middle].base <= site) low = middle;
    else high = middle - 1;
  }
  lastFile = files[low];
  return lastFile;
}

/** The decoded sites of the file that holds `site`, and the first of its numbers. */
export function sitesAround(site: number): { base: number; sites: DecodedSites } {
  const file = fileOf(site);
  file.decoded ??= decodePayload(file.payload);
  return { base: file.base, sites: file.decoded };
}

/** Where the site is. */
export function sitePlace(site: number): SitePlace {
  const { base, sites } = sitesAround(site);
  const i = site - base;
  const f = sites.functionIndex[i];
  return {
    filename: sites.filename,
    line: sites.line[i],
    column: sites.column[i],
    functionName: sites.functionNames[f],
    functionLine: sites.functionLines[f],
  };
}

/** Bytes that the site tables take, estimated: the payloads as one-byte strings, the decoded columns. */
export function hubMemory(): number {
  let bytes = 0;
  for (const { payload, count, decoded } of files)
    bytes += payload.length + (decoded === null ? 0 : count * 17);
  return bytes;
}

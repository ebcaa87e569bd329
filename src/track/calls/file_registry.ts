// Browser compatible.

import { countSites, type DecodedSites, decodePayload } from "../../sites/payload.ts";
import { append, SafeMap } from "../../tables/safe_collections.ts";
import type { Recording } from "../../vocabulary/recording_state.ts";
import { restoreFunctionText } from "../texts/function_text.ts";
import { FileTracker } from "./file_tracker.ts";
import { defineGlobals } from "./instrumented_globals.ts";
import { resetWhenIdle } from "./shadow_stack.ts";

/** One instrumented file. */
export interface RegisteredFile {
  readonly base: number;
  readonly count: number;
  readonly payload: string;
  decoded: DecodedSites | null;
}

/** All that have registered, by their first site. */
export const files: RegisteredFile[] = [];
const byPayload = new SafeMap<string, FileTracker>();
let nextSite = 1;

/** What has been loaded of the package, as far as those need to know who have not loaded it: see `browser.ts`. */
export const loaded: { recording: Recording | null } = { recording: null };

/** What stands under `Symbol.for("tracemalloc")`: instrumented code finds the tracker there. */
export interface FileRegistry {
  /** Called once by each instrumented file with its payload; null where the payload is of another version. */
  register(payload: string): FileTracker | null;
}

export const REGISTRY_KEY: symbol = Symbol.for("tracemalloc");

const registry: FileRegistry = {
  register(payload: string): FileTracker | null {
    resetWhenIdle();
    // A file can be evaluated again (`vm`, `?query` imports, hot reload): it gets its numbers back.
    const known = byPayload.get(payload);
    if (known !== undefined) return known;
    const count = countSites(payload);
    if (count < 0) return null;
    if (files.length === 0) restoreFunctionText();
    const tracker = new FileTracker(nextSite);
    append(files, { base: nextSite, count, payload, decoded: null });
    byPayload.set(payload, tracker);
    nextSite += count;
    return tracker;
  },
};

/** Makes the tracker visible to instrumented code. A tracker that is there already (another copy) stays. */
export function installFileRegistry(): boolean {
  if (Object.hasOwn(globalThis, REGISTRY_KEY)) return false;
  Object.defineProperty(globalThis, REGISTRY_KEY, {
    value: registry,
    configurable: true,
    writable: true,
  });
  defineGlobals();
  return true;
}

/** Whether instrumented code finds this tracker, and not another copy. */
export function isInPlace(): boolean {
  return (globalThis as Record<symbol, unknown>)[REGISTRY_KEY] === registry;
}

/** How many files have registered. */
export function registeredFiles(): number {
  return files.length;
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

// Browser compatible.
// Takes the place of `native_callers.ts` in what bundlers make for pages: there a stack is kept as the engine gives it, and who called is
// found out when a snapshot is taken, from the source maps.

import { IntPairMap } from "../../tables/int_pair_map.ts";
import { min } from "../../tables/own_math.ts";
import { OwnInt32Array, SafeWeakMap } from "../../tables/safe_collections.ts";
import { isScriptFrame } from "../../track/calls/script_frames.ts";
import { knownScripts, scriptsKnown, siteOfFrame } from "../../track/calls/script_places.ts";
import { callersBefore } from "./callers_before.ts";
import { type CapturedStack, type NativePathTable, UNKNOWN } from "./native_path_table.ts";
import { EMPTY_PATH } from "./path_table.ts";

/**
 * All of a line's stack.
 *
 * @param share log₂ of how many blocks one of this path stands for.
 */
export function callersAbove(
  paths: NativePathTable,
  { sites, length, total }: CapturedStack,
  { share }: { site: number; share: number },
): number {
  if (length === 0) return EMPTY_PATH;
  return paths.intern(sites, { start: 0, end: length, total: total === -1 ? UNKNOWN : 0, share });
}

/** By table: (path, site) → path of the callers, as far as was known from so many scripts. */
const known = new SafeWeakMap<NativePathTable, { scripts: number; callers: IntPairMap }>();

/** The path by which figures of a line's blocks are added up: that of the frames of instrumented files before the line's own. */
export function callersOf(paths: NativePathTable, path: number, site: number): number {
  let found = known.get(paths);
  if (found?.scripts !== knownScripts()) {
    found = { scripts: knownScripts(), callers: new IntPairMap() };
    known.set(paths, found);
  }
  let callers = found.callers.get(path, site);
  if (callers === -1) found.callers.set(path, site, (callers = findCallers(paths, path, site)));
  return callers;
}

function findCallers(paths: NativePathTable, path: number, site: number): number {
  const stack = paths.sites(path);
  if (stack.length === 0 || !isScriptFrame(stack[0]!)) return paths.plain(path);
  const frames = new OwnInt32Array(stack.length);
  let length = 0;
  for (let i = stack.length - 1; i >= 0; i--) {
    const frame = siteOfFrame(stack[i]!);
    if (frame !== 0) frames[length++] = frame;
  }
  if (length === 0) return EMPTY_PATH;
  const total = paths.total(path) >= 0 ? length : -1;
  if (site === 0) {
    const end = min(length, paths.limit + 1);
    return paths.intern(frames, { start: 0, end, total, share: 0 });
  }
  return callersBefore(paths, { sites: frames, length, total }, { site, share: 0 });
}

/** Resolves when the callers of all paths are known, as far as they can be. */
export async function callersKnown(): Promise<void> {
  await scriptsKnown();
}

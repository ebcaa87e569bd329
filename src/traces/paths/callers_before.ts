// Browser compatible.
import { detectEngine } from "../../host/engine.ts";
import { min } from "../../tables/own_math.ts";
import { framePlace } from "../../track/calls/frame_sites.ts";
import { isOfSameFunction, sitePlace } from "../../track/calls/site_place.ts";
import { type CapturedStack, type NativePathTable, UNKNOWN } from "./native_path_table.ts";
import { EMPTY_PATH } from "./path_table.ts";

const MAKES_TAIL_CALLS = detectEngine() === "jsc";

/**
 * The path of the frames before a line's own. Where that one is missing, what is recorded was made earlier, and the stack says nothing
 * about it: what a promise has given. JavaScriptCore may also have left it out: it makes tail calls.
 *
 * @param share log₂ of how many blocks one of this path stands for.
 */
export function callersBefore(
  paths: NativePathTable,
  { sites, length, total }: CapturedStack,
  { site, share }: { site: number; share: number },
): number {
  const isFirst = length > 0 && isOfSameFunction(sitePlace(site), framePlace(sites[0]!));
  if (!isFirst && (!MAKES_TAIL_CALLS || length === 0)) return EMPTY_PATH;
  const start = isFirst ? 1 : 0;
  const end = min(length, start + paths.limit);
  return paths.intern(sites, { start, end, total: total === -1 ? UNKNOWN : total - start, share });
}

// Browser compatible.
// Takes the place of `by_path.ts` in what bundlers make for pages ("browser" of package.json).

import type { PathRows } from "../../traces/paths/spread_paths.ts";
import type { Session } from "../../traces/session/session.ts";
import { type SitePlace, sitePlace } from "../../track/calls/site_place.ts";
import type { SnapshotColumns } from "../model/columns.ts";

/** Where the site is. */
export const placeOf: (site: number) => SitePlace = sitePlace;

/** Each block is in a row of its path. */
export function byPath(parts: readonly PathRows[]): readonly PathRows[] {
  return parts;
}

/** Pages have no labels. */
export function withLabels(columns: SnapshotColumns): SnapshotColumns {
  return columns;
}

/** What marks stand for: rows, of which the first are the session's. */
export function marksOf({ started, blocks }: Session, rows: number): unknown[] {
  return [started, blocks.firstId, blocks.site.length, rows];
}

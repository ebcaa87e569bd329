// Browser compatible.
// In pages whose code records its calls, `by_path_in_page.ts` takes its place ("browser" of package.json).

import { currentSession } from "../../recording/recording.ts";
import type { PathRows } from "../../traces/paths/spread_paths.ts";
import type { Session } from "../../traces/session/session.ts";
import { frameOfSnapshot } from "../../track/calls/frame_sites.ts";
import { type SitePlace, sitePlace } from "../../track/calls/site_place.ts";
import { DOMAIN_STRING } from "../../vocabulary/domains.ts";
import type { SnapshotColumns } from "../model/columns.ts";
import { labelled } from "./labelled.ts";
import { withMade } from "./made_sizes.ts";
import { markLines } from "./mark_lines.ts";
import { wholeBlocks } from "./whole_blocks.ts";

/**
 * Blocks count with what the engine made for them. Where only some have paths, figures by path are estimated from these. Estimates are made whole numbers.
 *
 * @param parts Rows of the session that records. (Bundlers leave out the call of a function that gives back its only argument.)
 */
export function byPath(parts: readonly PathRows[]): readonly PathRows[] {
  latest.parts = partsByPath(parts);
  return latest.parts;
}

/** What the columns were made of last: they are labelled by that. */
const latest: { parts: readonly PathRows[] } = { parts: [] };

function partsByPath(parts: readonly PathRows[]): readonly PathRows[] {
  const session = currentSession();
  if (session === null) return wholeBlocks(parts);
  const whole = withMade(parts, session.blocks);
  if (session.natives === undefined) return wholeBlocks(whole);
  return wholeBlocks([session.natives.spread(whole, session.blocks.typeOf("string", DOMAIN_STRING))]);
}

/** The columns of the session that records, with labels where some are used. */
export function withLabels(columns: SnapshotColumns): SnapshotColumns {
  const { parts } = latest;
  latest.parts = [];
  const labels = currentSession()?.blocks.labels;
  return labels === undefined ? columns : labelled(columns, parts, labels.shares());
}

/** Where the site is, or the frame of one of the engine's own stacks. */
export function placeOf(site: number): SitePlace {
  return frameOfSnapshot(site) ?? sitePlace(site);
}

/**
 * What tells who finds marks of this session in V8's heap (`src/heap/`) what they stand for. A mark is the number of a row: the first
 * of a snapshot are the session's, unless its paths are estimated. In a filtered or merged snapshot there are not as many rows as it says.
 */
export function marksOf(session: Session, rows: number): unknown[] {
  const marks: unknown[] = [session.started, session.blocks.firstId, session.blocks.site.length, rows];
  if (session.natives !== undefined) marks.push(markLines(session));
  return marks;
}

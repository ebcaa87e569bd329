// Browser compatible.
import { NameTable } from "../../tables/name_table.ts";
import type { Session } from "../../traces/session/session.ts";
import { sitePlace } from "../../track/calls/site_place.ts";

/** A dump has room for so many (`document.ts`), and for its timeline. */
const MOST_ROWS = 300_000;

/** Which line each mark names: `rows` are numbers of sites, `sites` file, line and function of each, as numbers of the names. */
export interface MarkLines {
  readonly files: readonly string[];
  readonly functions: readonly string[];
  readonly sites: readonly number[];
  readonly rows: readonly number[];
}

/** Where a snapshot's rows are not the session's: what is estimated of paths is spread over others. Null: they are too many. */
export function markLines({ blocks }: Session): MarkLines | null {
  if (blocks.site.length > MOST_ROWS) return null;
  const files = new NameTable();
  const functions = new NameTable();
  const known = new Map<number, number>();
  const sites: number[] = [];
  const rows: number[] = [];
  for (let row = 0; row < blocks.site.length; row++) {
    const site = blocks.site.at(row);
    let number = known.get(site);
    if (number === undefined) {
      known.set(site, (number = known.size));
      const place = site === 0 ? { filename: "", line: 0, functionName: "" } : sitePlace(site);
      sites.push(files.intern(place.filename), place.line, functions.intern(place.functionName));
    }
    rows.push(number);
  }
  return { files: files.names, functions: functions.names, sites, rows };
}

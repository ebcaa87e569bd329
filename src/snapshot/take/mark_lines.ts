// Browser compatible.
import type { Session } from "../../traces/session.ts";
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
  const files = new Map<string, number>();
  const functions = new Map<string, number>();
  const known = new Map<number, number>();
  const sites: number[] = [];
  const numberOf = (name: string, names: Map<string, number>): number => {
    let number = names.get(name);
    if (number === undefined) names.set(name, (number = names.size));
    return number;
  };
  const rows: number[] = [];
  for (let row = 0; row < blocks.site.length; row++) {
    const site = blocks.site.at(row);
    let number = known.get(site);
    if (number === undefined) {
      known.set(site, (number = known.size));
      const place = site === 0 ? { filename: "", line: 0, functionName: "" } : sitePlace(site);
      sites.push(numberOf(place.filename, files), place.line, numberOf(place.functionName, functions));
    }
    rows.push(number);
  }
  return { files: [...files.keys()], functions: [...functions.keys()], sites, rows };
}

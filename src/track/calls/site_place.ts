// Browser compatible.

import type { DecodedSites } from "../../sites/payload.ts";
import { sitesAround } from "./file_registry.ts";

/** Where a site is. */
export interface SitePlace {
  readonly filename: string;
  readonly line: number;
  readonly column: number;
  readonly functionName: string;
  readonly functionLine: number;
}

/** Where the site is. */
export function sitePlace(site: number): SitePlace {
  const { base, sites } = sitesAround(site);
  return placeAt(sites, site - base);
}

/** The same of a file's site, by its number in the file. */
export function placeAt(sites: DecodedSites, i: number): SitePlace {
  const f = sites.functionIndex[i];
  return {
    filename: sites.files[(sites.fileNumbers[f] ?? 0) - 1] ?? sites.filename,
    line: sites.line[i],
    column: sites.column[i],
    functionName: sites.functions[2 * f] as string,
    functionLine: sites.functions[2 * f + 1] as number,
  };
}

/** Whether two places are in one function. */
export function isOfSameFunction(a: SitePlace, b: SitePlace): boolean {
  return a.functionName === b.functionName && a.functionLine === b.functionLine && a.filename === b.filename;
}

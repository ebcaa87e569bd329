// Browser compatible.

import { sitesAround } from "./hub.ts";

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
  const i = site - base;
  const f = sites.functionIndex[i];
  return {
    filename: sites.functionFiles[f],
    line: sites.line[i],
    column: sites.column[i],
    functionName: sites.functionNames[f],
    functionLine: sites.functionLines[f],
  };
}

// Browser compatible.
import { append } from "../../tables/safe_collections.ts";
import { files } from "./file_registry.ts";
import type { SitePlace } from "./site_place.ts";

// Frames of the engine's own stacks have numbers, too: below 0, as no instrumented file has numbered them.

const places: SitePlace[] = [];

/** Gives a place a number as sites have them. */
export function addFrameSite(place: SitePlace): number {
  return -append(places, place);
}

/** What the number stands for. */
export function framePlace(site: number): SitePlace {
  return places[-site - 1];
}

/** The number that stands for it in a snapshot, which has sites alone and none below 0: one beyond all sites of this moment. */
export function snapshotSite(site: number): number {
  return site < 0 ? endOfSites() - site : site;
}

/** What that number stands for; null: it is a site's. */
export function frameOfSnapshot(site: number): SitePlace | null {
  const end = endOfSites();
  return site > end ? framePlace(end - site) : null;
}

function endOfSites(): number {
  if (files.length === 0) return 0;
  const { base, count } = files[files.length - 1];
  return base + count;
}

// Browser compatible.
import type { HeapReportData, Hop, RetainingPath } from "../../heap/heap_report.ts";
import type { GrownLine } from "./hunt_growth.ts";

/** The way that most of what grew is held by. */
export interface CommonHolders {
  /** Of the bytes that grew, 0 to 1. */
  readonly share: number;
  readonly root: string;
  /** The root's first. */
  readonly hops: readonly Hop[];
}

/** A way has to hold so much of what grew. */
const LEAST_SHARE = 0.8;

/** A place on the ways: how much is held through it, and where the ways go on. */
interface Place {
  weight: number;
  readonly next: Map<string, Place & { readonly hop: Hop }>;
}

/**
 * The longest way that most of what grew has in common: where several lines grew, it leads to the one that keeps them. Null: one line grew alone, or
 * each is held in its own way.
 */
export function commonHolders(lines: readonly GrownLine[], why: HeapReportData | null): CommonHolders | null {
  if (why === null || lines.length < 2) return null;
  const roots = new Map<string, Place>();
  let whole = 0;
  for (const { filename, lineno, bytesPerRequest } of lines) {
    const paths = why.lines.find((one) => one.filename === filename && one.lineno === lineno)?.paths ?? [];
    const size = paths.reduce((sum, path) => sum + path.size, 0);
    whole += bytesPerRequest;
    for (const path of paths) add(roots, path, (bytesPerRequest * path.size) / Math.max(1, size));
  }
  const [root, start] = heaviest(roots) ?? ["", null];
  if (start === null || start.weight < LEAST_SHARE * whole) return null;
  const hops: Hop[] = [];
  let { weight, next } = start as Place;
  for (;;) {
    const found = heaviest(next)?.[1] as (Place & { hop: Hop }) | undefined;
    if (found === undefined || found.weight < LEAST_SHARE * whole) break;
    hops.push(found.hop);
    ({ weight, next } = found);
  }
  return hops.length === 0 ? null : { share: weight / whole, root, hops };
}

function add(roots: Map<string, Place>, { root, hops }: RetainingPath, weight: number): void {
  let place: Place = roots.get(root) ?? { weight: 0, next: new Map() };
  roots.set(root, place);
  place.weight += weight;
  for (const hop of hops) {
    const { edge, type, filename, lineno } = hop;
    const key = JSON.stringify([edge, type, filename, lineno]);
    const below: Place & { readonly hop: Hop } = place.next.get(key) ?? { weight: 0, next: new Map(), hop };
    place.next.set(key, below);
    below.weight += weight;
    place = below;
  }
}

function heaviest<T extends Place>(places: ReadonlyMap<string, T>): [string, T] | undefined {
  let found: [string, T] | undefined;
  for (const one of places) if (found === undefined || one[1].weight > found[1].weight) found = one;
  return found;
}

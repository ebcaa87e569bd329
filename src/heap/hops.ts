// Browser compatible.
// What is said of ways, hop by hop.

import type { Hop } from "./heap_report.ts";

/** A hop with the key that its edge does not tell. */
export type KeyedHop = Omit<Hop, "times"> & { readonly key: string | null };

/** A hop of a way, the last key of those that read the same, and how many these are: lists have millions. */
type CountedHop = Omit<KeyedHop, "key"> & { key: string | null; count: number };

/** The hops of a way, of those that read the same one. */
export class HopCounts {
  readonly #hops: CountedHop[] = [];

  /** One more, further down the way. */
  add(hop: KeyedHop): void {
    const known = this.#hops.find((other) => isSame(hop, other));
    if (known === undefined) {
      this.#hops.push({ ...hop, count: 1 });
      return;
    }
    known.key = hop.key;
    known.count++;
  }

  of(hop: Omit<Hop, "times">): { readonly count: number; readonly key: string | null } {
    return this.#hops.find((other) => isSame(hop, other)) ?? { count: 0, key: null };
  }
}

/** Of the beginning of a way. */
export function emptyHop(): Omit<Hop, "times"> {
  return { edge: "", type: "", filename: null, lineno: null, functionName: null };
}

/** Whether two hops read the same. */
export function isSame(a: Omit<Hop, "times">, b: Omit<Hop, "times">): boolean {
  return (
    a.edge === b.edge &&
    a.type === b.type &&
    a.lineno === b.lineno &&
    a.filename === b.filename &&
    a.functionName === b.functionName
  );
}

/** The keys of the way that is described in the place of `[key]`. */
export function withKeys(hops: readonly Hop[], all: HopCounts): Hop[] {
  return hops.map((hop) => {
    const { key } = all.of(hop);
    return key === null ? hop : { ...hop, edge: `[${key}]` };
  });
}

/** How often each hop comes in a row, or each group of hops. */
export function withTimes(folded: readonly Omit<Hop, "times">[], all: HopCounts): Hop[] {
  const times = folded.map((hop) => all.of(hop).count);
  const same = folded.map((hop) => folded.filter((other) => isSame(hop, other)).length);
  return folded.map((hop, i) => ({ ...hop, times: Math.max(1, times[i] - same[i] + 1) }));
}

/** Ways of more than so many hops have their middle left out. */
export function withoutMiddle(hops: readonly Hop[], most: number): readonly Hop[] {
  if (hops.length <= most) return hops;
  const half = most / 2;
  const left = { ...emptyHop(), edge: "…", type: `${hops.length - most} more`, times: 1 };
  return [...hops.slice(0, half), left, ...hops.slice(-half)];
}

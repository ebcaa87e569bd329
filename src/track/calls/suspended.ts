// Browser compatible.
// In pages, `suspended_in_page.ts` takes its place ("browser" of package.json).
import { max } from "../../tables/own_math.ts";
import { emptyArray } from "../../tables/safe_collections.ts";
import type { Activation } from "./activation.ts";

/** So many that wait are shown together. */
const MOST_YOUNG = 1024;
/** So many at least, and as many as wait, begin to before those are forgotten that have gone on: each that is in the list is copied in a scavenge. */
const LEAST_BETWEEN = 64;

/** Calls that have begun to wait since the last look. An activation leads to no object of the program's. */
const young: (Activation | undefined)[] = emptyArray(MOST_YOUNG);
let length = 0;
let tidyAt = LEAST_BETWEEN;
let look: ((young: readonly (Activation | undefined)[], length: number) => void) | null = null;

/** Who is shown the calls that have begun to wait; null: nobody. */
export function showSuspended(to: typeof look): void {
  look = to;
  if (to !== null) return;
  length = 0;
  tidyAt = LEAST_BETWEEN;
}

/** A call waits, at a site of a file. To note it is one store, and one more for the first time. */
export function noteSuspended(
  activation: Activation,
  site: number | undefined,
  { b }: { readonly b: number },
): void {
  if (look === null || site === undefined) return;
  const isListed = activation.waitsAt !== 0;
  activation.waitsAt = b + site;
  if (isListed) return;
  young[length++] = activation;
  if (length === tidyAt) tidy();
}

/** Most have gone on by then. */
function tidy(): void {
  const before = length;
  length = 0;
  for (let i = 0; i < before; i++) {
    const activation = young[i]!;
    if (!activation.isSuspended) activation.waitsAt = 0;
    else if (length++ < i) young[length - 1] = activation;
  }
  for (let i = length; i < before; i++) young[i] = undefined;
  if (length > MOST_YOUNG / 2) showYoung();
  tidyAt = length + max(length, LEAST_BETWEEN);
}

/** It does so no more. */
export function noteEnded(activation: Activation): void {
  if (activation.waitsAt !== 0) activation.isSuspended = false;
}

/** Shows those that have begun to wait. */
export function showYoung(): void {
  const shown = length;
  length = 0;
  tidyAt = LEAST_BETWEEN;
  look?.(young, shown);
  for (let i = 0; i < shown && i >= length; i++) young[i] = undefined;
}

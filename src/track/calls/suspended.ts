// Browser compatible.
// In pages, `suspended_in_page.ts` takes its place ("browser" of package.json).
import { emptyArray } from "../../tables/safe_collections.ts";
import type { Activation } from "./activation.ts";

/** So many that have begun to wait are looked at together: most have gone on by then. */
const MOST_YOUNG = 1024;

/** Calls that have begun to wait since the last look. An activation leads to no object of the program's. */
const young: (Activation | undefined)[] = emptyArray(MOST_YOUNG);
let length = 0;
let look: ((young: readonly (Activation | undefined)[], length: number) => void) | null = null;

/** Who is shown the calls that have begun to wait; null: nobody. */
export function showSuspended(to: typeof look): void {
  look = to;
  if (to === null) length = 0;
}

/** A call waits, at a site of a file. To note it is one store, and one more for the first time. */
export function noteSuspended(
  activation: Activation,
  site: number | undefined,
  { b }: { readonly b: number },
): void {
  if (look === null || site === undefined) return;
  activation.waitsAt = b + site;
  if (activation.isListed === true) return;
  activation.isListed = true;
  young[length++] = activation;
  if (length === MOST_YOUNG) showYoung();
}

/** It does so no more. */
export function noteEnded(activation: Activation): void {
  if (activation.isListed === true) activation.isSuspended = false;
}

/** Shows those that have begun to wait. */
export function showYoung(): void {
  const shown = length;
  length = 0;
  look?.(young, shown);
  for (let i = 0; i < shown && i >= length; i++) young[i] = undefined;
}

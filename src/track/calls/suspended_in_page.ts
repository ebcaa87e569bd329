// Browser compatible.
// Takes the place of `suspended.ts` in what bundlers make for pages, which do not count calls that wait.
import type { Activation } from "./activation.ts";

/** A call waits. */
export function noteSuspended(
  _activation: Activation,
  _site: number | undefined,
  _file: { readonly b: number },
): void {}

/** It does so no more. */
export function noteEnded(_activation: Activation): void {}

/** Nobody is shown any. */
export function showSuspended(_to: unknown): void {}

/** There are none. */
export function showYoung(): void {}

// Browser compatible.

// What `settle_now.ts` reads of each block that is followed. Pages do without.

/** More than a sampler has decisions. */
const DECISIONS = 64;

/** A block's id and the sampler's decision, -1 or more, as one number. (A row's number alone may take 26 bits.) */
export function heldOf(id: number, decision: number): number {
  return id * DECISIONS + decision + 1;
}

/** The block's id. */
export function heldId(held: number): number {
  return (held - (held % DECISIONS)) / DECISIONS;
}

/** The sampler's decision. */
export function heldDecision(held: number): number {
  return (held % DECISIONS) - 1;
}

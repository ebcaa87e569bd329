// Browser compatible.

// Several times what the tables' own calls take, on any engine and in any tier.
const CALLS = 16;

/** Throws the engine's RangeError now if the stack has no room for a few more calls, instead of half-way through them. */
export function ensureStack(): void {
  descend(CALLS);
}

/** Makes so many calls, one within the other. The sum keeps engines with proper tail calls (JavaScriptCore) from reusing the frame. */
export function descend(calls: number): number {
  return calls === 0 ? 0 : 1 + descend(calls - 1);
}

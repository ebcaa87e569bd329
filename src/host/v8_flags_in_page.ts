// Browser compatible.

// Takes the place of `v8_flags.ts` in what bundlers make for pages, where no flags can be set.

/** Sets nothing. */
export function setV8Flag(): boolean {
  return false;
}

/** Leaves V8 its way. */
export function allocateYoung(): () => void {
  return () => {};
}

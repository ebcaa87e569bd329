// Browser compatible.

// Takes the place of `zlib.ts` in what bundlers make for pages, which have none that gives its result at once.

/** Leaves it to others. */
export function zlibGzip(): Uint8Array | undefined {
  return undefined;
}

/** Leaves it to others. */
export function zlibGunzip(): Uint8Array | undefined {
  return undefined;
}

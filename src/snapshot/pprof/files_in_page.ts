// Browser compatible.

// Takes the place of `files.ts` in what bundlers make for pages, where there are none.

/** Throws: says what to use instead. */
export function writeFileAtomically(filename: string): void {
  throw new Error(`cannot write ${filename}: there is no file system here; use toBytes()`);
}

/** Throws: says what to use instead. */
export function readFileBytes(filename: string): Uint8Array {
  throw new Error(`cannot read ${filename}: there is no file system here; use fromBytes()`);
}

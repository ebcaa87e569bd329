// Browser compatible.

import { SnapshotFormatError } from "../../vocabulary/errors.ts";

// Takes the place of `decode_heapprofile.ts` in what bundlers make for pages, which read what they have written.

/** Throws. */
export function decodeHeapprofile(_bytes: Uint8Array, filename: string): never {
  throw new SnapshotFormatError("JSON", { filename });
}

// Browser compatible.

import { SnapshotFormatError } from "../../vocabulary/errors.ts";
import { decodeHeapprofile } from "../heapprofile/decode_heapprofile.ts";
import type { ReadLimits } from "./limits.ts";
import type { DecodedSnapshot } from "./load.ts";
import { foreignFormat } from "./sniff.ts";

// In pages, which read what they have written, `other_format_in_page.ts` takes its place ("browser" of package.json).

/** No `profile.proto` begins like JSON. */
const BRACE = 0x7b;

/** Reads what clearly is no `profile.proto`, or says what it is; undefined: it may be one. */
export function decodeOther(
  bytes: Uint8Array,
  filename: string,
  limits?: ReadLimits,
): DecodedSnapshot | undefined {
  if (bytes[0] === BRACE) return decodeHeapprofile(bytes, filename, limits);
  const format = foreignFormat(bytes);
  if (format === undefined) return undefined;
  throw new SnapshotFormatError(`not a snapshot or pprof profile, but ${format}`, { filename, offset: 0 });
}

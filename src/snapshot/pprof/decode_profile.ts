// Browser compatible.

import type { SnapshotColumns } from "../model/columns.ts";
import { decodeFrames } from "./decode_frames.ts";
import { decodeHeader } from "./decode_header.ts";
import { decodeSamples } from "./decode_samples.ts";
import type { ReadLimits } from "./limits.ts";
import { mergeRows } from "./merge_rows.ts";
import { ProtoReader } from "./proto_reader.ts";

/**
 * Reads an uncompressed `profile.proto`. Its parts may come in any order, so it is walked once for each kind.
 * Throws a SnapshotFormatError, or a RangeError where the engine has no memory for what the limits allow.
 */
export function decodeProfile(
  bytes: Uint8Array,
  filename: string,
  limits?: ReadLimits,
): { columns: SnapshotColumns; metadata: Record<string, unknown> } {
  const reader = new ProtoReader(bytes, filename, limits);
  const header = decodeHeader(reader);
  const { strings, document, metadata, otherFields } = header;
  const own = document !== undefined;
  const locations = decodeFrames(reader, { strings, own, otherFields });
  const { tracebacks, blocks, types, processes } = decodeSamples(reader, header, locations);
  const columns = {
    frames: locations.columns,
    tracebacks,
    blocks: own ? blocks : mergeRows(blocks),
    types,
    ...(processes !== undefined && { processes }),
    tracebackLimit: document?.tracebackLimit ?? deepest(tracebacks.offset),
  };
  return { columns, metadata: document?.metadata ?? metadata };
}

/** Other tools don't tell their limit; it was no less than this. */
function deepest(offset: Int32Array): number {
  let most = 1;
  for (let i = 1; i < offset.length; i++) most = Math.max(most, offset[i] - offset[i - 1]);
  return most;
}

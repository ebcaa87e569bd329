// Browser compatible.
import type { SnapshotColumns } from "./columns.ts";

// A stand-in: another branch brings this file.

export function decodeSnapshot(
  _bytes: Uint8Array,
  _options: { filename?: string } = {},
): { columns: SnapshotColumns; metadata: Record<string, unknown> } {
  throw new Error("decodeSnapshot is not there yet");
}

export function readFileBytes(_filename: string): Uint8Array {
  throw new Error("readFileBytes is not there yet");
}

// Browser compatible.
import type { SnapshotColumns } from "./columns.ts";

// A stand-in: another branch brings this file.

export function encodeSnapshot(_columns: SnapshotColumns, _metadata: Record<string, unknown>): Uint8Array {
  throw new Error("encodeSnapshot is not there yet");
}

export function writeFileAtomically(_filename: string, _bytes: Uint8Array): void {
  throw new Error("writeFileAtomically is not there yet");
}

import { Snapshot } from "../snapshot/model/snapshot.ts";

/** What a heap report shall have. */
export interface HeapReportOptions {
  /** Lines come in the order in which they have grown since this snapshot; else the one that retains most is the first. */
  readonly since?: Snapshot;
  /** Lines, 10. */
  readonly limit?: number;
  /** Paths of each line, 3. */
  readonly pathsPerLine?: number;
}

/** @throws {TypeError | RangeError} where an option is no such thing. */
export function checkHeapReportOptions(name: string, options: HeapReportOptions): void {
  const { since, limit, pathsPerLine } = options;
  if (since !== undefined && !(since instanceof Snapshot))
    throw new TypeError(`${name}: since must be a Snapshot`);
  for (const [option, value] of Object.entries({ limit, pathsPerLine })) {
    if (value === undefined) continue;
    if (typeof value !== "number")
      throw new TypeError(`${name}: ${option} must be a number, got ${typeof value}`);
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${name}: ${option} must be a whole number, 0 or more, got ${value}`);
  }
}

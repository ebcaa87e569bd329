import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The name of the manifest in the folder that is written. */
export const MANIFEST = ".tracemalloc.json";

/** What a run has written: per name the hash of what it was made of. */
export interface Manifest {
  /** Everything else that the texts depend on: our own code, and the options. */
  readonly made: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The manifest of an earlier run; null where there is none, `"broken"` where it cannot be read. */
export function readManifest(folder: string): Manifest | "broken" | null {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), "utf8");
  } catch {
    return null;
  }
  try {
    const { made, files } = JSON.parse(text) as { made?: unknown; files?: unknown };
    if (typeof made !== "string" || typeof files !== "object" || files === null) return "broken";
    const known = Object.entries(files).filter(([, hash]) => typeof hash === "string") as [string, string][];
    return { made, files: Object.assign(Object.create(null), Object.fromEntries(known)) };
  } catch {
    return "broken";
  }
}

/** A hash of contents. */
export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(String(part.length)).update("\0").update(part);
  return hash.digest("hex").slice(0, 32);
}

import { readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";

/** Removes the folders in one that hold nothing, which the tarball has not either: what runs here must run there. */
export function dropEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    dropEmptyFolders(path);
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}

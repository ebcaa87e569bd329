import type { Hash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Packages whose release can change the instrumented text. */
const TRANSFORM_PACKAGES: readonly string[] = [
  "@babel/parser",
  "cjs-module-lexer",
  "magic-string",
  "@jridgewell/remapping",
  "@jridgewell/trace-mapping",
];

/** Identifies the code that instruments, for the cache's key; null where nothing can be cached. */
export function transformFingerprint(): string | null {
  try {
    return sourcesFingerprint(join(dirname(fileURLToPath(import.meta.url)), "..", ".."));
  } catch {
    return null;
  }
}

/**
 * Identifies the text of our own transform (a version number alone would serve stale entries while the transform is being
 * worked on) and the versions of its libraries. Null where that text cannot be read, as when it was loaded from a URL.
 *
 * @param root The folder `src/`, of the sources or of what they were compiled to.
 */
export function sourcesFingerprint(root: string): string | null {
  try {
    // No import: preloads load this file, and need it only where there is no bundle.
    const hash = process.getBuiltinModule("node:crypto").createHash("sha256");
    for (const folder of ["vocabulary", "host", "tables", "sites", "instrument"])
      addFolder(hash, join(root, folder));
    const require = createRequire(join(root, "index.js"));
    for (const name of TRANSFORM_PACKAGES) hash.update(`${name}@${packageVersion(require, name)}\0`);
    return hash.digest("hex").slice(0, 24);
  } catch {
    return null;
  }
}

/** Folders in folders, too: code that moves into one must not run from entries that were made before. */
function addFolder(hash: Hash, folder: string): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      addFolder(hash.update(entry.name), path);
    } else if (/(?<!\.d)\.[jt]s$/.test(entry.name)) {
      hash.update(entry.name).update(readFileSync(path));
    }
  }
}

function packageVersion(require: NodeJS.Require, name: string): string {
  try {
    return String((require(`${name}/package.json`) as { version?: unknown }).version);
  } catch {
    return "unknown";
  }
}

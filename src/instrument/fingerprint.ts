import type { Hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
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
    return sourcesFingerprint(join(dirname(fileURLToPath(import.meta.url)), ".."));
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
    for (const folder of [root, join(root, "instrument"), join(root, "sites")]) addFolder(hash, folder);
    const require = createRequire(import.meta.url);
    for (const name of TRANSFORM_PACKAGES) hash.update(`${name}@${packageVersion(require, name)}\0`);
    return hash.digest("hex").slice(0, 24);
  } catch {
    return null;
  }
}

function addFolder(hash: Hash, folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names.filter((each) => /\.[jt]s$/.test(each) && !each.endsWith(".d.ts")).sort()) {
    hash.update(name).update(readFileSync(join(folder, name)));
  }
}

function packageVersion(require: NodeJS.Require, name: string): string {
  try {
    return String((require(`${name}/package.json`) as { version?: unknown }).version);
  } catch {
    return "unknown";
  }
}

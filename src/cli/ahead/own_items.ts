import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fromSource, packageRoot } from "../package_root.ts";
import { type Item, OWN_FOLDER } from "./tree_items.ts";

const root = fromSource ? packageRoot : join(packageRoot, "dist");
const extension = fromSource ? "ts" : "js";

/** What of this package the program can import when it runs without `node_modules`: the parts that run in browsers, too. */
export const OWN_ENTRIES: Readonly<Record<string, string>> = {
  tracemalloc: `${OWN_FOLDER}/mod.${extension}`,
  "tracemalloc/tracker": `${OWN_FOLDER}/src/track/calls/install.${extension}`,
  "tracemalloc/browser": `${OWN_FOLDER}/src/browser.${extension}`,
};

/** The package's own ways to write an import, and one that waits until it is wanted. Comments have examples. */
const IMPORT = /^(?:import|export|\})[^;"]*"(\.[^"]+)";$|^(?! *\*).*\bimport\("(\.[^"]+)"\)/gm;

/** These entries with all that they import, to be copied: the folder can then go to a machine that has no packages. */
export function ownItems(): Item[] {
  const names = new Set(Object.values(OWN_ENTRIES).map((entry) => entry.slice(OWN_FOLDER.length + 1)));
  const items: Item[] = [];
  for (const name of names) {
    const source = join(root, name);
    const text = readFileSync(source, "utf8");
    items.push({ name: `${OWN_FOLDER}/${name}`, source, bytes: text.length, mode: 0o644, code: null });
    for (const [, once, later] of text.matchAll(IMPORT)) names.add(posix.join(dirname(name), once ?? later));
  }
  return items;
}

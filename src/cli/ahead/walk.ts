import { readdirSync } from "node:fs";
import { join } from "node:path";

/** What stands in a tree under a name. */
export interface TreeEntry {
  /** Relative to the tree's root, with `/`. */
  readonly name: string;
  readonly kind: "file" | "link";
}

/** Folders that hold nothing that a program loads. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", ".hg", ".svn"]);

/**
 * The files and links of a tree, in no order. Links are not followed; sockets, pipes and devices are left out.
 *
 * @param skip Absolute paths of files and folders to leave out.
 */
export function* walk(root: string, skip: ReadonlySet<string>): Generator<TreeEntry> {
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (skip.has(join(root, name))) continue;
      if (entry.isSymbolicLink()) yield { name, kind: "link" };
      else if (entry.isFile()) yield { name, kind: "file" };
      else if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) folders.push(name);
    }
  }
}

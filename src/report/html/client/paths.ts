// Browser compatible.

import { ownerOf } from "../../../vocabulary/package_of.ts";

/** The folder that all of one's own files share, with its slash; empty where they share none. */
export function commonFolder(filenames: readonly string[]): string {
  const own = filenames.filter((name) => ownerOf(name) === "own" && /[/\\]/.test(name));
  if (own.length === 0) return "";
  let common = folderOf(own[0]);
  for (const name of own) {
    while (!name.startsWith(common)) common = folderOf(common.slice(0, -1));
  }
  return common;
}

/** A file name as it is shown: without what all have in common, and from the package on. */
export function shortName(filename: string, common: string): string {
  const packages = Math.max(filename.lastIndexOf("node_modules/"), filename.lastIndexOf("node_modules\\"));
  if (packages >= 0) return filename.slice(packages + "node_modules/".length);
  return common !== "" && filename.startsWith(common) ? filename.slice(common.length) : filename;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

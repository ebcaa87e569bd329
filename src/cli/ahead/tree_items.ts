import { readlinkSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { FileFormat } from "../../instrument/instrument_file.ts";
import type { Selection } from "../../instrument/selection.ts";
import { packageType } from "../../instrument/syntax/package_type.ts";
import { type TreeEntry, walk } from "./walk.ts";

/** One thing to write. */
export interface Item {
  /** Where, relative to the folder that is written. */
  readonly name: string;
  /** The file it is made of; null for links. */
  readonly source: string | null;
  readonly bytes: number;
  readonly mode: number;
  /** How to instrument it; null: it is copied. */
  readonly code: {
    readonly filename: string;
    readonly format: FileFormat;
    readonly tracker: string | null;
  } | null;
  /** Where a link leads. */
  readonly target?: string;
}

/** The folder beside the program's files for what is none of them. */
export const OWN_FOLDER = "_tracemalloc";

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;
/** Any copy of the package: a tracker that reported to itself would never end. */
const OWN_PACKAGE = /[\\/]node_modules[\\/]tracemalloc[\\/]/;
const TRACKER = "tracemalloc/tracker";

/** How a tree is read. */
export interface TreeOptions {
  readonly from: string;
  readonly to: string;
  readonly selected: Selection;
  /** The result is for Deno, with an import map: that knows the tracker, and `require` does not. */
  readonly forDeno: boolean;
  /** Absolute paths that are left out. */
  readonly skip: ReadonlySet<string>;
}

/** What a tree comes to. */
export function treeItems(options: TreeOptions): Item[] {
  return [...walk(options.from, options.skip)].flatMap((entry) => {
    if (entry.kind === "link") return [linkItem(entry, options)];
    const item = fileItem(entry, options);
    return item === null ? [] : [item];
  });
}

function fileItem({ name }: TreeEntry, options: TreeOptions): Item | null {
  const source = join(options.from, name);
  const stats = statSync(source, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const isCode = SOURCE.test(name) && !OWN_PACKAGE.test(source) && options.selected(source);
  return {
    name,
    source,
    bytes: stats.size,
    mode: stats.mode,
    code: isCode ? codeOf(source, options.forDeno) : null,
  };
}

function codeOf(filename: string, forDeno: boolean): Item["code"] {
  const format = formatOf(filename, forDeno);
  // Deno's maps are for modules, and not for those of packages: these run after the program's first module, which loads it.
  const hasTracker = !forDeno || (format === "module" && !isInPackage(filename));
  return { filename, format, tracker: hasTracker ? TRACKER : null };
}

function formatOf(filename: string, forDeno: boolean): FileFormat {
  const extension = extname(filename);
  if (/^\.m/.test(extension)) return "module";
  if (/^\.c/.test(extension)) return "commonjs";
  const type = packageType(filename);
  if (type === "module" || type === "commonjs") return type;
  // Deno takes what is not in a package for a module, whatever it says.
  return forDeno && !isInPackage(filename) ? "module" : "unambiguous";
}

const isInPackage = (filename: string): boolean => filename.split(sep).includes("node_modules");

/** A link leads to the copy of what it led to; out of the tree, to the same place as before. */
function linkItem({ name }: TreeEntry, { from, to }: TreeOptions): Item {
  const link = join(from, name);
  const written = readlinkSync(link);
  const leadsTo = resolve(dirname(link), written);
  const inside = relative(from, leadsTo);
  const isInside = !inside.startsWith("..") && !isAbsolute(inside);
  const target = !isInside ? leadsTo : isAbsolute(written) ? join(to, inside) : written;
  return { name, source: null, bytes: 0, mode: 0o777, code: null, target };
}

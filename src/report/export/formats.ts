import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { collapsed } from "./collapsed.ts";
import { csv } from "./csv.ts";
import { heapprofile } from "./heapprofile.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import type { ExportOptions } from "./options.ts";
import { speedscope } from "./speedscope.ts";

/** A format that snapshots are exported to. */
export type ExportFormat = "heapprofile" | "speedscope" | "collapsed" | "csv" | "json" | "markdown";

/** Writes a snapshot in a format, in pieces: a large one would be longer than a string can be. */
export type Exporter = (snapshot: Snapshot, options?: ExportOptions) => Iterable<string>;

/** All formats by name. */
export const FORMATS: Readonly<Record<ExportFormat, Exporter>> = {
  heapprofile,
  speedscope,
  collapsed,
  csv,
  json,
  markdown,
};

// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import type { Measure } from "../views/measure.ts";
import type { Selection } from "../views/view.ts";

/** What an export is to hold. Each format uses what makes sense for it. */
export interface ExportOptions extends Partial<Selection> {
  /** `heapprofile`, `collapsed`: the figure of each path. Default: `"size"`, bytes alive. */
  readonly measure?: Measure;
  /** `csv`, `markdown`: what a row stands for. Default: `"lineno"`. */
  readonly by?: KeyType;
  /** `csv`, `markdown`: charge every frame of a traceback. Default: `false`. */
  readonly cumulative?: boolean;
  /** `csv`, `markdown`: how many rows. Default: all in `csv`, 10 in `markdown`. */
  readonly limit?: number | undefined;
  /** `markdown`: the older snapshot, to tell what grew. */
  readonly older?: Snapshot | undefined;
  /** `markdown`: the folder below which paths are written relative. Default: paths are written whole. */
  readonly directory?: string;
  /** `markdown`: gives the text of a source line, or `""`. Default: no source text. */
  readonly sourceLine?: (filename: string, lineno: number) => string;
}

/** The part of a snapshot that an export is about. */
export function selectionOf({ include = [], exclude = [], domain }: ExportOptions): Selection {
  return { include, exclude, domain };
}

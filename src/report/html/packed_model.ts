// Browser compatible.
import type { ReportModel } from "./model.ts";
import { defineLazily, type Packed, pack, unpack } from "./packed.ts";

/** The parts of a model that grow with the snapshot, and hold nothing but columns. */
type Columns = Pick<ReportModel, "frames" | "tree" | "tables">;

/** What the page needs to draw what it shows first. It stands before the page's script, and the rest behind it. */
export type FirstPart = Omit<ReportModel, keyof Columns | "sources" | "held"> & Packed<Columns>;

export interface LaterPart {
  /** Packed columns, for which the first part has `#` and their number here. */
  readonly columns: readonly string[];
  readonly sources: ReportModel["sources"];
  readonly held: ReportModel["held"];
}

/** The columns that the first view takes: a flame graph of the bytes alive, or of their growth. */
const FIRST = /^frames\.(?:file|line|function)$|^tree\.(?:parent|frame|\w+\.node|\w+\.figures\.[08])$/;

export function packModel(model: ReportModel): { first: FirstPart; later: LaterPart } {
  const { frames, tree, tables, sources, held, ...others } = model;
  const columns: string[] = [];
  const packed = pack<Columns>({ frames, tree, tables }, (text, path) =>
    FIRST.test(path) ? text : `#${columns.push(text) - 1}`,
  );
  return { first: { ...others, ...packed }, later: { columns, sources, held } };
}

/** The model; `later` is called when something is looked at that the first view does not need. */
export function unpackModel(first: FirstPart, later: () => LaterPart): ReportModel {
  const textOf = (put: string): string => (put.startsWith("#") ? later().columns[Number(put.slice(1))] : put);
  const { frames, tree, tables } = first;
  const columns = unpack<Columns>({ frames, tree, tables }, textOf);
  const model = { ...first, ...columns };
  defineLazily(model, "sources", () => later().sources);
  defineLazily(model, "held", () => later().held);
  return model as typeof model & Pick<ReportModel, "sources" | "held">;
}

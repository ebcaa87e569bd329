// Browser compatible.
import type { ReportModel } from "./model.ts";
import { type Packed, pack, unpack } from "./packed.ts";

/** The parts of a model that grow with the snapshot, and hold nothing but columns. */
type Columns = Pick<ReportModel, "frames" | "tree" | "tables">;

/** A model as it stands in the page. */
export type PackedModel = Omit<ReportModel, keyof Columns> & Packed<Columns>;

export function packModel(model: ReportModel): PackedModel {
  const { frames, tree, tables } = model;
  return { ...model, ...pack<Columns>({ frames, tree, tables }) };
}

export function unpackModel(packed: PackedModel): ReportModel {
  const { frames, tree, tables } = packed;
  const columns: Columns = { frames: unpack(frames), tree: unpack(tree), tables: unpack(tables) };
  return { ...packed, ...columns };
}

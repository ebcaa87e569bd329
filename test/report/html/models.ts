import { FIGURES, type FigureColumns, type ReportModel } from "../../../src/report/html/model.ts";
import { prepareReport, type ReportInput } from "../../../src/report/html/report_model.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { type PlainRow, toColumns } from "../../snapshot/model/columns_fixture.ts";

/** A row of blocks: where (`function file:line`, oldest first), how many are alive, and how many were allocated. */
export interface Row {
  readonly at: readonly string[];
  readonly type?: string;
  readonly domain?: number;
  readonly size?: number;
  readonly alive?: number;
  readonly allocated?: number;
  readonly peak?: number;
  readonly totalNframe?: number;
}

/** A snapshot of these rows. */
export function snapshotOfRows(rows: readonly Row[], metadata: Record<string, unknown> = {}): Snapshot {
  const columns = toColumns(rows.map(plainRow));
  if (!rows.some(({ peak }) => peak !== undefined)) return new Snapshot(columns, metadata);
  const peakCount = Float64Array.from(rows, ({ peak = 0 }) => peak);
  return new Snapshot({ ...columns, blocks: { ...columns.blocks, peakCount } }, metadata);
}

function plainRow({
  at,
  type = "Object",
  domain = 0,
  size = 10,
  alive = 1,
  allocated = alive,
  totalNframe,
}: Row): PlainRow {
  return {
    frames: at.map((text) => {
      const [name, place] = text.includes(" ") ? text.split(" ") : ["", text];
      const colon = place!.lastIndexOf(":");
      return [place!.slice(0, colon), Number(place!.slice(colon + 1)), 1, name!, 1];
    }),
    totalNframe: totalNframe ?? at.length,
    type,
    domain,
    size,
    count: alive,
    allocatedCount: allocated,
    allocatedSize: allocated * size,
  };
}

/** The model of a report on these snapshots, without source text. */
export function modelOf(snapshot: Snapshot, old?: Snapshot, more: Partial<ReportInput> = {}): ReportModel {
  return prepareReport({
    current: { name: "app.pb.gz", snapshot },
    old: old && { name: "old.pb.gz", snapshot: old },
    ...more,
  })();
}

/** The sum of a figure's column. */
export function sumOf(columns: FigureColumns, figure: (typeof FIGURES)[number], old = false): number {
  const column = columns[FIGURES.indexOf(figure) + (old ? FIGURES.length : 0)];
  return column?.reduce((sum, value) => sum + value, 0) ?? 0;
}

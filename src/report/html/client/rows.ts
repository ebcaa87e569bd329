// Browser compatible.
import type { TableName } from "../model.ts";
import { columnOf, type Measure, type Selection } from "./measures.ts";
import type { ReportData } from "./report_data.ts";

/** Which rows a table shows, and in which order. */
export interface TableView extends Selection {
  readonly table: TableName;
  /** What to sort by: the name, a measure, or how much it grew. */
  readonly sort: SortKey;
  readonly descending: boolean;
  /** Only rows whose names hold this, whatever the case. */
  readonly filter: string;
  readonly hideDependencies: boolean;
  readonly hideRuntime: boolean;
}

export type SortKey = "name" | Measure | `${Measure}Growth`;

/** A column of a table: its figures are those of a side, or differences. */
export interface TableColumn {
  readonly key: SortKey;
  readonly measure: Measure;
  readonly isGrowth: boolean;
}

/** The columns that a table shows beside the names. */
export function tableColumnsOf(data: ReportData, { side }: Selection): TableColumn[] {
  const measures: Measure[] = data.model.hasPeak
    ? ["alive", "peak", "allocated", "freed"]
    : ["alive", "allocated", "freed"];
  const plain = (measure: Measure): TableColumn => ({ key: measure, measure, isGrowth: false });
  if (side !== "difference") return measures.map(plain);
  const grown = measures.filter((measure) => measure !== "peak");
  return [
    plain("alive"),
    ...grown.map((measure) => ({ key: `${measure}Growth` as const, measure, isGrowth: true })),
  ];
}

/** What a table is sorted by until somebody chooses otherwise. */
export function defaultSort({ measure, side }: Selection): SortKey {
  return side === "difference" && measure !== "peak" ? `${measure}Growth` : measure;
}

/** The figure of each row in a column. */
export function columnValues(data: ReportData, view: TableView, column: TableColumn): Float64Array {
  const { figures } = data.model.tables[view.table];
  const length = data.rowCount(view.table);
  const side = view.side === "old" && !column.isGrowth ? "old" : "new";
  const of = (which: "new" | "old"): readonly number[] | null | undefined =>
    figures[columnOf(column.measure, view.unit, which)];
  const values = Float64Array.from(of(side) ?? new Float64Array(length));
  if (!column.isGrowth) return values;
  const old = of("old");
  return old == null ? values : values.map((value, row) => value - old[row]);
}

/** The rows in the order in which they are shown. */
export function rowsOf(data: ReportData, view: TableView): Int32Array {
  const length = data.rowCount(view.table);
  const wanted = view.filter.toLowerCase();
  const rows: number[] = [];
  for (let row = 0; row < length; row++) {
    const owner = data.ownerOfRow(view.table, row);
    if (view.hideDependencies && owner === "dependency") continue;
    if (view.hideRuntime && owner === "runtime") continue;
    if (wanted !== "" && !searchText(data, view.table, row).toLowerCase().includes(wanted)) continue;
    rows.push(row);
  }
  const direction = view.descending ? -1 : 1;
  if (view.sort === "name") {
    const names = new Map(rows.map((row) => [row, data.rowText(view.table, row)]));
    rows.sort((a, b) => direction * compareText(names.get(a) ?? "", names.get(b) ?? "") || a - b);
  } else {
    const values = sortValues(data, view);
    rows.sort((a, b) => direction * (values[a] - values[b]) || a - b);
  }
  return Int32Array.from(rows);
}

function sortValues(data: ReportData, view: TableView): Float64Array {
  const columns = tableColumnsOf(data, view);
  return columnValues(data, view, columns.find(({ key }) => key === view.sort) ?? columns[0]);
}

/** What a filter looks at: the whole path, and a line's function too. */
function searchText(data: ReportData, table: TableName, row: number): string {
  const { file, function: names } = data.model.tables[table];
  const text = data.rowText(table, row);
  if (table === "type" || table === "package") return text;
  return `${data.pathText(file[row])} ${text} ${table === "line" ? data.functionText(names[row]) : ""}`;
}

/** Numbers in names in their order: line 9 before line 10. */
const { compare: compareText } = new Intl.Collator("en", { numeric: true });

import type { TableName } from "../model.ts";
import { button, type Choice, choice, fill, h, type SearchField, searchField } from "./dom.ts";
import { blocksText } from "./format.ts";
import { figureText, MEASURE_NAMES, selectionOf } from "./measures.ts";
import type { ReportData } from "./report_data.ts";
import { rowDetails } from "./row_details.ts";
import {
  columnValues,
  defaultSort,
  rowsOf,
  type SortKey,
  type TableColumn,
  type TableView,
  tableColumnsOf,
} from "./rows.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";
import { VirtualList } from "./virtual_list.ts";

const TABLES: readonly (readonly [TableName, string])[] = [
  ["line", "Lines"],
  ["function", "Functions"],
  ["file", "Files"],
  ["package", "Packages"],
  ["type", "Types"],
];

/** The table of lines, functions, files, packages or types, and beside it the row that is open. */
export class TableViewElement {
  readonly element: HTMLElement;
  readonly #data: ReportData;
  readonly #store: Store;
  readonly #tables: Choice<TableName>;
  readonly #filter: SearchField;
  readonly #count: HTMLElement = h("span", { class: "found", role: "status" });
  readonly #head: HTMLElement = h("div", { class: "row head", role: "row", "aria-rowindex": 1 });
  readonly #grid: HTMLElement;
  readonly #list: VirtualList;
  readonly #details: HTMLElement = h("section", {
    class: "card details",
    "aria-label": "Details",
    tabindex: -1,
  });
  readonly #left: HTMLElement = h("p", { class: "muted left" });
  #rows: Int32Array = new Int32Array(0);
  #columns: readonly {
    readonly column: TableColumn;
    readonly values: Float64Array;
    readonly largest: number;
  }[] = [];
  #view: TableView | null = null;
  #open = -1;
  #orderKey = "";

  constructor(data: ReportData, store: Store) {
    this.#data = data;
    this.#store = store;
    this.#tables = choice("What a row stands for", (table) =>
      store.set({ table, row: "", sort: null, descending: true }),
    );
    this.#filter = searchField("Filter rows", "Filter", (filter) => store.set({ filter }));
    this.#list = new VirtualList({
      label: "Rows",
      rowHeight: 34,
      columns: 5,
      cells: (index) => this.#cells(this.#rows[index]),
      rowClass: (index) => (this.#rows[index] === this.#open ? "open" : ""),
      onOpen: (index) => this.#openRow(this.#rows[index]),
    });
    this.#grid = h(
      "div",
      { class: "grid", role: "table", "aria-label": "Table" },
      this.#head,
      this.#list.element,
    );
    const main = h("div", { class: "main" }, this.#grid, this.#left);
    this.element = h(
      "div",
      { class: "table-view" },
      h("div", { class: "tools" }, this.#tables.element, this.#filter.element, this.#count),
      h("div", { class: "split" }, main, this.#details),
    );
  }

  focusSearch(): void {
    this.#filter.focus();
  }

  show(state: State): void {
    const selection = selectionOf(this.#data.model, state);
    const columns = tableColumnsOf(this.#data, selection);
    const known = state.sort === "name" || columns.some(({ key }) => key === state.sort);
    const sort = known && state.sort !== null ? state.sort : defaultSort(selection);
    const view: TableView = { ...state, ...selection, sort };
    this.#view = view;
    this.#rows = rowsOf(this.#data, view);
    this.#columns = columns.map((column) => {
      const values = columnValues(this.#data, view, column);
      return { column, values, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 1) };
    });
    this.#tables.show(view.table, TABLES);
    this.#filter.show(state.filter);
    const noun = `${view.table}${this.#rows.length === 1 ? "" : "s"}`;
    this.#count.textContent = `${blocksText(this.#rows.length)} ${noun}`;
    this.#grid.style.setProperty("--columns", String(columns.length));
    this.#grid.setAttribute("aria-rowcount", String(this.#rows.length + 1));
    fill(this.#head, ...this.#headCells());
    this.#showLeft();
    this.#showRow(state);
  }

  #showRow(state: State): void {
    const view = this.#view!;
    const row = state.row === "" ? -1 : this.#data.findRow(view.table, state.row);
    const changed = row !== this.#open;
    this.#open = row;
    const orderKey = [view.table, view.sort, view.descending, view.filter, view.unit, view.side].join();
    const at = this.#rows.indexOf(row);
    const isNewOrder = orderKey !== this.#orderKey;
    if (isNewOrder) this.#list.element.scrollTop = 0;
    this.#orderKey = orderKey;
    this.#list.show(this.#rows.length, at === -1 ? (isNewOrder ? { current: 0 } : {}) : { current: at });
    if (changed && at !== -1) this.#list.reveal(at);
    this.#details.hidden = row === -1;
    if (row !== -1) fill(this.#details, ...rowDetails(this.#data, this.#store, { view, row }));
    if (changed) this.#details.scrollTop = 0;
  }

  #openRow(row: number): void {
    const key = this.#data.rowKey(this.#view!.table, row);
    this.#store.set({ row: this.#store.state.row === key ? "" : key }, { remember: true });
  }

  #headCells(): HTMLElement[] {
    const { sort, descending, table } = this.#view!;
    const name = TABLES.find(([one]) => one === table)?.[1].slice(0, -1) ?? "";
    const cell = (key: SortKey, text: string, column: string): HTMLElement => {
      const sorted = key === sort;
      const kind = sorted ? `${column} sorted` : column;
      const order = descending ? "descending" : "ascending";
      const sortBy = (): void =>
        this.#store.set({ sort: key, descending: sorted ? !descending : key !== "name" });
      const mark = h("span", { class: "mark", "aria-hidden": true }, sorted ? (descending ? "↓" : "↑") : "");
      const head = button(text, sortBy, { "data-sort": key });
      head.append(mark);
      return h(
        "div",
        { class: `cell ${kind}`, role: "columnheader", "aria-sort": sorted ? order : "none" },
        head,
      );
    };
    const figures = this.#columns.map(({ column }) => cell(column.key, columnName(column), "figure"));
    return [cell("name", name, "name"), ...figures];
  }

  #cells(row: number): HTMLElement[] {
    const { table, unit, side, sort } = this.#view!;
    const { tables } = this.#data.model;
    const name = h("div", { class: `cell name ${this.#data.ownerOfRow(table, row)}`, role: "rowheader" });
    name.append(h("span", { class: "text" }, this.#data.rowText(table, row)));
    if (table !== "type" && table !== "package") name.title = this.#data.pathText(tables[table].file[row]);
    const mark = this.#data.markOf(table, row);
    if (mark !== null && mark.texts.length > 0) {
      const title = mark.texts.join("\n");
      const kind = mark.isSuspect ? "badge" : "badge container";
      name.append(h("span", { class: kind, title }, mark.isSuspect ? "suspect" : "has grown"));
    }
    if (table === "line")
      name.append(h("span", { class: "muted" }, this.#data.functionText(tables.line.function[row])));
    const kinds = unit === "blocks" && side !== "old" ? this.#data.kindsText(table, row) : "";
    if (kinds !== "") name.append(h("span", { class: "muted" }, kinds));
    const figures = this.#columns.map(({ column, values, largest }) => {
      const value = values[row];
      const text = value === 0 ? "–" : figureText(value, { unit, isGrowth: column.isGrowth });
      const kind = column.isGrowth && value !== 0 ? (value > 0 ? "grown" : "shrunk") : "";
      const cell = h(
        "div",
        { class: `cell figure ${kind} ${column.key === sort ? "sorted" : ""}`, role: "cell" },
        text,
      );
      if (column.key === sort && value !== 0) {
        const bar = h("span", { class: "meter", "aria-hidden": true });
        bar.style.width = `${(Math.abs(value) / largest) * 100}%`;
        cell.append(bar);
      }
      return cell;
    });
    return [name, ...figures];
  }

  #showLeft(): void {
    const { table, unit, measure, side } = this.#view!;
    const { rows, sums } = this.#data.model.tables[table].left;
    this.#left.hidden = rows === 0;
    if (rows === 0) return;
    const [sum] = this.#data.figures(
      sums.map((value) => [value]),
      1,
      { measure, unit, side },
    ).value;
    const what = `${MEASURE_NAMES[measure].toLowerCase()}: ${figureText(sum, { unit, isGrowth: false })}`;
    this.#left.textContent = `${blocksText(rows)} smaller ${table}s were left out; together, ${what}.`;
  }
}

function columnName({ measure, isGrowth }: TableColumn): string {
  if (!isGrowth) return MEASURE_NAMES[measure];
  return { alive: "Grown by", peak: "", allocated: "Allocated since", freed: "Short-lived since" }[measure];
}

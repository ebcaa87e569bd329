import { fill, h } from "./dom.ts";
import { blocksText, sourceText } from "./format.ts";
import { figureText, MEASURE_NAMES, selectionOf } from "./measures.ts";
import type { ReportData } from "./report_data.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";
import { VirtualList } from "./virtual_list.ts";

/** A line as it is shown; line 0 stands for lines that are not in the report. */
interface Line {
  readonly line: number;
  readonly text: string;
}

/** Pixels: what stands before the text, and a letter of it, in the widest of the fonts. */
const MARGIN_WIDTH = 310;
const LETTER_WIDTH = 7.3;

/** The text of a file with figures in its margin. */
export class SourceView {
  readonly element: HTMLElement;
  readonly #data: ReportData;
  readonly #store: Store;
  readonly #files: HTMLSelectElement;
  readonly #note: HTMLElement = h("p", { class: "muted" });
  readonly #list: VirtualList;
  readonly #title: HTMLElement = h("span", { class: "path" });
  readonly #grid: HTMLElement;
  readonly #figureHead: HTMLElement = h("div", { class: "cell figure", role: "columnheader" });
  #lines: readonly Line[] = [];
  #bytes = new Map<number, number>();
  #blocks = new Map<number, number>();
  #largest = 1;
  #current = 0;
  #isGrowth = false;
  #unit: State["unit"] = "bytes";
  #shown = "";

  constructor(data: ReportData, store: Store) {
    this.#data = data;
    this.#store = store;
    const choose = (): void => store.set({ file: this.#files.value, line: 0 }, { remember: true });
    this.#files = h("select", { "aria-label": "File", on: { change: choose } });
    this.#list = new VirtualList({
      label: "Source",
      rowHeight: 21,
      columns: 4,
      cells: (index) => this.#cells(this.#lines[index]),
      rowClass: (index) => this.#rowClass(this.#lines[index]),
      onOpen: (index) => this.#open(this.#lines[index].line),
    });
    const head = h(
      "div",
      { class: "row head", role: "row", "aria-rowindex": 1 },
      this.#figureHead,
      h("div", { class: "cell figure", role: "columnheader" }, "Blocks"),
      h("div", { class: "cell number", role: "columnheader" }, "Line"),
      h("div", { class: "cell code", role: "columnheader" }, this.#title),
    );
    this.#grid = h(
      "div",
      { class: "grid source", role: "table", "aria-label": "Source" },
      head,
      this.#list.element,
    );
    this.element = h(
      "div",
      { class: "source-view" },
      h("div", { class: "tools" }, this.#files),
      this.#note,
      this.#grid,
    );
  }

  focusSearch(): void {
    this.#files.focus();
  }

  show(state: State): void {
    const { model } = this.#data;
    const selection = selectionOf(model, state);
    this.#isGrowth = selection.side === "difference";
    this.#unit = selection.unit;
    const order = this.#fileOrder(state);
    const file =
      order.find((one) => model.filenames[one] === state.file) ?? this.#fileOf(state.file) ?? order[0];
    this.#fillFiles(order, file, state);
    if (file === undefined) {
      this.#note.textContent = "No file has anything to show.";
      this.#grid.hidden = true;
      return;
    }
    this.#bytes = this.#lineFigures(file, { ...state, unit: "bytes" });
    this.#blocks = this.#lineFigures(file, { ...state, unit: "blocks" });
    this.#largest = [...this.#figures().values()].reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    this.#figureHead.textContent = `${MEASURE_NAMES[selection.measure]}${this.#isGrowth ? ", change" : ""}`;
    this.#title.textContent = this.#data.pathText(file);
    this.#showLines(file, state.line);
  }

  #showLines(file: number, line: number): void {
    const source = this.#data.model.sources.find((one) => one.file === file);
    this.#lines = source === undefined ? this.#linesWithoutText() : linesOf(source.parts);
    this.#note.textContent = this.#noteOn(file);
    this.#note.hidden = this.#note.textContent === "";
    this.#current = line;
    const at = this.#lines.findIndex((one) => one.line === line);
    const largest = this.#largestLine();
    const shown = `${file}:${line}`;
    const longest = this.#lines.reduce((most, { text }) => Math.max(most, text.length + 3 * tabs(text)), 0);
    const width = MARGIN_WIDTH + longest * LETTER_WIDTH;
    this.#list.show(this.#lines.length, { current: at === -1 ? largest : at, width });
    if (shown !== this.#shown) this.#list.reveal(at === -1 ? largest : at);
    this.#shown = shown;
  }

  #figures(): Map<number, number> {
    return this.#unit === "bytes" ? this.#bytes : this.#blocks;
  }

  #largestLine(): number {
    const figures = this.#figures();
    let best = 0;
    for (const [index, { line }] of this.#lines.entries()) {
      if (Math.abs(figures.get(line) ?? 0) > Math.abs(figures.get(this.#lines[best].line) ?? 0)) best = index;
    }
    return best;
  }

  #noteOn(file: number): string {
    const { sources, sourcesLeftOut } = this.#data.model;
    const source = sources.find((one) => one.file === file);
    if (source?.changed === true) return "This file was changed after the snapshot: lines may have moved.";
    if (source !== undefined) return "";
    if (sourcesLeftOut === null)
      return "This report was made without source text; these are the lines that have figures.";
    return "The text of this file is not in the report; these are the lines that have figures.";
  }

  /** Files with figures, the largest first. */
  #fileOrder(state: State): number[] {
    const { tables, model } = { tables: this.#data.model.tables, model: this.#data.model };
    const { value, delta } = this.#data.figures(
      tables.file.figures,
      tables.file.file.length,
      selectionOf(model, state),
    );
    const size = delta ?? value;
    return Array.from(tables.file.file.keys())
      .sort((a, b) => Math.abs(size[b]) - Math.abs(size[a]))
      .map((row) => tables.file.file[row]);
  }

  /** A file that frames are in, and that allocates nothing itself. */
  #fileOf(name: string): number | undefined {
    const file = this.#data.model.filenames.indexOf(name);
    return name === "" || file === -1 ? undefined : file;
  }

  #fillFiles(order: readonly number[], file: number | undefined, state: State): void {
    const { tables, filenames } = this.#data.model;
    const figures = this.#data.figures(
      tables.file.figures,
      tables.file.file.length,
      selectionOf(this.#data.model, state),
    );
    const sizes = new Map(tables.file.file.map((one, row) => [one, (figures.delta ?? figures.value)[row]]));
    const all = file === undefined || order.includes(file) ? order : [file, ...order];
    const options = all.slice(0, 2000).map((one) => {
      const text = `${this.#data.fileText(one)}  ${figureText(sizes.get(one) ?? 0, { unit: this.#unit, isGrowth: this.#isGrowth })}`;
      return h("option", { value: filenames[one], selected: one === file }, text);
    });
    fill(this.#files, ...options);
  }

  #lineFigures(file: number, state: State): Map<number, number> {
    const { line } = this.#data.model.tables;
    const { value, delta } = this.#data.figures(
      line.figures,
      line.file.length,
      selectionOf(this.#data.model, state),
    );
    const figures = delta ?? value;
    const found = new Map<number, number>();
    for (const [row, own] of line.file.entries()) if (own === file) found.set(line.line[row], figures[row]);
    return found;
  }

  #linesWithoutText(): Line[] {
    return [...this.#bytes.keys()].sort((a, b) => a - b).map((line) => ({ line, text: "" }));
  }

  #cells({ line, text }: Line): HTMLElement[] {
    if (line === 0) return [h("div", { class: "cell gap", role: "cell" }, text)];
    const cell = (figures: Map<number, number>, unit: State["unit"]): HTMLElement => {
      const value = figures.get(line) ?? 0;
      const shown = value === 0 ? "" : figureText(value, { unit, isGrowth: this.#isGrowth });
      return h("div", { class: `cell figure ${value < 0 ? "shrunk" : ""}`, role: "cell" }, shown);
    };
    const heat = cell(this.#bytes, "bytes");
    const figure = this.#figures().get(line) ?? 0;
    if (figure !== 0)
      heat.style.setProperty("--heat", `${Math.ceil((Math.abs(figure) / this.#largest) * 80) + 8}%`);
    if (figure !== 0) heat.classList.add("hot");
    return [
      heat,
      cell(this.#blocks, "blocks"),
      h("div", { class: "cell number", role: "rowheader" }, String(line)),
      h("div", { class: "cell code", role: "cell" }, h("code", {}, sourceText(text))),
    ];
  }

  #rowClass({ line }: Line): string {
    const known = this.#bytes.has(line) ? "counted" : "";
    return line !== 0 && line === this.#current ? `open ${known}` : known;
  }

  /** A line with figures leads to its row of the table. */
  #open(line: number): void {
    if (!this.#bytes.has(line)) return;
    const file = this.#files.value;
    this.#store.set({ view: "table", table: "line", filter: "", row: `${file}:${line}` }, { remember: true });
  }
}

function tabs(text: string): number {
  return text.split("\t").length - 1;
}

function linesOf(parts: readonly (readonly [number, readonly string[]])[]): Line[] {
  const lines: Line[] = [];
  let next = 1;
  for (const [first, text] of parts) {
    if (first > next)
      lines.push({ line: 0, text: `${blocksText(first - next)} lines are not in the report` });
    text.forEach((one, index) => {
      lines.push({ line: first + index, text: one });
    });
    next = first + text.length;
  }
  return lines;
}

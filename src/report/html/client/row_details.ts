import { FIGURES } from "../model.ts";
import { button, h } from "./dom.ts";
import { blocksText, bytesText, nameText, percentText } from "./format.ts";
import { heldDetails, heldHint } from "./held_lines.ts";
import { columnOf, figureText, MEASURE_NAMES, MEASURES } from "./measures.ts";
import type { ReportData } from "./report_data.ts";
import type { TableView } from "./rows.ts";
import { excerpt } from "./source_lines.ts";
import type { Store } from "./store.ts";

const MOST_TRACEBACKS = 30;
const MOST_TYPES = 8;
const MOST_FRAMES = 500;

/** What is known about a row of a table: its figures, its source line, its types, its tracebacks. */
export function rowDetails(
  data: ReportData,
  store: Store,
  { view, row }: { view: TableView; row: number },
): HTMLElement[] {
  const { tables, filenames, sources } = data.model;
  const { file, line } = tables[view.table];
  const close = button("×", () => store.set({ row: "" }), {
    class: "close",
    "aria-label": "Close the details",
  });
  const parts: HTMLElement[] = [
    h("div", { class: "heading" }, h("h2", {}, data.rowText(view.table, row)), close),
  ];
  if (view.table !== "type" && view.table !== "package") {
    const at = line[row] ?? 0;
    const path = `${data.pathText(file[row])}${at > 0 ? `:${at}` : ""}`;
    const toSource = (): void =>
      store.set({ view: "source", file: filenames[file[row]], line: at }, { remember: true });
    const hasText = sources.some((source) => source.file === file[row]);
    parts.push(
      h(
        "p",
        { class: "path" },
        path,
        " ",
        hasText ? button("Show source", toSource, { class: "link" }) : null,
      ),
    );
    if (at > 0) parts.push(...excerpt(data, file[row], at));
  }
  if (view.side !== "old") parts.push(...marksOf(data, view, row));
  parts.push(figureTable(data, view, row));
  const kinds = view.side === "old" ? "" : data.kindsText(view.table, row);
  if (kinds !== "") parts.push(h("p", { class: "muted" }, `Blocks alive: ${kinds}.`));
  // What is known of holders is known of the newer snapshot.
  const held = view.side === "old" ? [] : data.heldOf(view.table, row);
  parts.push(...heldDetails(data, store, { held, isOne: view.table === "line" }));
  parts.push(...typesOf(data, view, row), ...tracebacksOf(data, store, { view, row }));
  if (held.length === 0 && isAlive(data, view, row)) parts.push(...heldHint(data));
  return parts;
}

/** What stands out, with the rules beside it. */
function marksOf(data: ReportData, { table }: TableView, row: number): HTMLElement[] {
  const mark = data.markOf(table, row);
  if (mark === null) return [];
  const { suspect, ages, containers } = data.model.markRules;
  const rules = [
    ...(mark.isSuspect ? [`Suspect: ${suspect}.`] : []),
    ...(mark.texts.length > (mark.isSuspect ? 1 : 0) ? [`Containers: ${containers}.`] : []),
    ...(mark.ages === "" ? [] : [`Ages: ${ages}.`]),
  ];
  return [
    h(
      "div",
      { class: "marks" },
      ...mark.texts.map((text) => h("p", { class: "mark-text" }, nameText(text))),
      mark.ages === "" ? null : h("p", { class: "mark-text" }, `Ages of its blocks: ${mark.ages}`),
      h(
        "details",
        { class: "rule muted" },
        h("summary", {}, "Rules"),
        ...rules.map((rule) => h("p", {}, rule)),
      ),
    ),
  ];
}

/** Whether it is a line that holds something in the newer snapshot. */
function isAlive(data: ReportData, { table, side }: TableView, row: number): boolean {
  if (table !== "line" || side === "old") return false;
  return (data.model.tables.line.figures[columnOf("alive", "bytes")]?.[row] ?? 0) > 0;
}

/** All figures of the row: measures downwards, bytes and blocks side by side. */
function figureTable(data: ReportData, view: TableView, row: number): HTMLElement {
  const { figures } = data.model.tables[view.table];
  const of = (column: number): number => figures[column]?.[row] ?? 0;
  const measures = MEASURES.filter((measure) => measure !== "peak" || data.model.hasPeak);
  const cells = (measure: (typeof MEASURES)[number]): HTMLElement[] => {
    const [bytes, blocks] = [columnOf(measure, "bytes"), columnOf(measure, "blocks")];
    const own = [bytesText(of(bytes)), blocksText(of(blocks))];
    if (!data.isComparison) return own.map((text) => h("td", {}, text));
    const grown = [bytes, blocks].map((column) => of(column) - of(column + FIGURES.length));
    const texts = [own[0], bytesText(grown[0], true), own[1], blocksText(grown[1], true)];
    return texts.map((text) => h("td", {}, text));
  };
  const names = data.isComparison ? ["Bytes", "Change", "Blocks", "Change"] : ["Bytes", "Blocks"];
  return h(
    "table",
    { class: "figures" },
    h("thead", {}, h("tr", {}, h("td", {}), ...names.map((name) => h("th", { scope: "col" }, name)))),
    h(
      "tbody",
      {},
      ...measures.map((measure) =>
        h("tr", {}, h("th", { scope: "row" }, MEASURE_NAMES[measure]), ...cells(measure)),
      ),
    ),
  );
}

/** The value of each entry under the view's selection. */
function entryValues(data: ReportData, view: TableView): Float64Array {
  const { entries } = data.model.tree;
  const { value, delta } = data.figures(entries.figures, entries.node.length, view);
  return delta ?? value;
}

function typesOf(data: ReportData, view: TableView, row: number): HTMLElement[] {
  if (view.table === "type") return [];
  const values = entryValues(data, view);
  const sums = new Map<number, number>();
  for (const entry of data.entriesOf(view.table, row)) {
    const type = data.model.tree.entries.type[entry];
    sums.set(type, (sums.get(type) ?? 0) + values[entry]);
  }
  const types = [...sums].filter(([, sum]) => sum !== 0).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  if (types.length === 0) return [];
  const isGrowth = view.side === "difference";
  const items = types.slice(0, MOST_TYPES).map(([type, sum]) => {
    return h(
      "li",
      {},
      h("span", {}, data.typeText(type)),
      h("b", {}, figureText(sum, { unit: view.unit, isGrowth })),
    );
  });
  const others = types.length - MOST_TYPES;
  if (others > 0) items.push(h("li", { class: "muted" }, `${others} more`));
  return [h("h3", {}, "Types"), h("ul", { class: "types" }, ...items)];
}

function tracebacksOf(
  data: ReportData,
  store: Store,
  { view, row }: { view: TableView; row: number },
): HTMLElement[] {
  const values = entryValues(data, view);
  const { node: nodes } = data.model.tree.entries;
  const byNode = new Map<number, number>();
  for (const entry of data.entriesOf(view.table, row)) {
    byNode.set(nodes[entry], (byNode.get(nodes[entry]) ?? 0) + values[entry]);
  }
  const all = [...byNode].filter(([, sum]) => sum !== 0).sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const total = all.reduce((sum, [, value]) => sum + Math.abs(value), 0) || 1;
  const isGrowth = view.side === "difference";
  const heading = h("h3", {}, all.length === 1 ? "Traceback" : `Tracebacks (${blocksText(all.length)})`);
  const hint = h("p", { class: "muted" }, "Most recent call last.");
  const shown = all.slice(0, MOST_TRACEBACKS).map(([node, sum], index) => {
    const summary = h(
      "summary",
      {},
      figureText(sum, { unit: view.unit, isGrowth }),
      " ",
      h("span", { class: "muted" }, percentText(sum / total)),
    );
    return h("details", { class: "traceback", open: index < 3 }, summary, frameList(data, store, node));
  });
  const notes: HTMLElement[] = [];
  if (all.length > MOST_TRACEBACKS)
    notes.push(
      h("p", { class: "muted" }, `${blocksText(all.length - MOST_TRACEBACKS)} smaller ones are not listed.`),
    );
  if (all.length === 0)
    notes.push(h("p", { class: "muted" }, "Nothing here for this measure, or too small to be kept."));
  return [heading, ...(all.length > 0 ? [hint] : []), ...shown, ...notes];
}

function frameList(data: ReportData, store: Store, node: number): HTMLElement {
  const { frames, filenames } = data.model;
  const all = data.framesTo(node);
  const items = all.slice(-MOST_FRAMES).map((frame) => {
    const [file, line] = [frames.file[frame], frames.line[frame]];
    const name = h("span", { class: "function" }, data.functionText(frames.function[frame]));
    const toSource = (): void =>
      store.set({ view: "source", file: filenames[file], line }, { remember: true });
    const place =
      filenames[file] === "" ? null : button(data.placeText(file, line), toSource, { class: "link" });
    return h("li", { class: data.ownerOfFrame(frame) }, name, place);
  });
  const more = all.length - items.length;
  if (more > 0) items.unshift(h("li", { class: "muted" }, `${blocksText(more)} more callers`));
  return h("ol", { class: "frames" }, ...items);
}

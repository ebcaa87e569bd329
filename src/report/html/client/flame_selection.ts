import { button, h } from "./dom.ts";
import type { FlameData } from "./flame_data.ts";
import { blocksText, percentText } from "./format.ts";
import { heldDetails } from "./held_lines.ts";
import { figureText } from "./measures.ts";
import type { ReportData } from "./report_data.ts";
import type { Store } from "./store.ts";
import type { TreeView, ViewTree } from "./view_tree.ts";

/** What a page knows of a frame besides its figures. */
export interface FrameParts {
  /** Buttons that lead on from it. */
  readonly actions: readonly HTMLElement[];
  readonly details: readonly HTMLElement[];
}

/** What is said about the frame that the graph is zoomed to. */
export function flameSelection(
  data: FlameData,
  { tree, node, view }: { tree: ViewTree; node: number; view: TreeView },
  partsOf: (frame: number) => FrameParts,
): HTMLElement[] {
  const options = { unit: view.unit, isGrowth: view.side === "difference" };
  const what = view.unit === "blocks" ? " blocks" : "";
  const total = tree.width[0] || 1;
  const facts: [string, string][] = [
    [
      "With callees",
      `${figureText(tree.value[node], options)}${what} (${percentText(tree.width[node] / total)})`,
    ],
    [view.invert ? "Without further callers" : "By itself", `${figureText(tree.self[node], options)}${what}`],
    [view.invert ? "Callers" : "Callees", blocksText(tree.children.count(node))],
  ];
  if (view.invert) facts[0][0] = "Through these frames";
  const list = h("dl", {}, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  if (node === 0) {
    const hint =
      "Click a frame, or press Enter on it, to zoom. Arrow keys move, Escape zooms out, / searches.";
    const legend = "Red grew, blue shrank; a frame is as wide as all that changed in it, either way.";
    const [title, text] = options.isGrowth ? ["All changes", `${legend} ${hint}`] : ["Everything", hint];
    return [h("div", { class: "heading" }, h("h2", {}, title), h("p", { class: "muted" }, text)), list];
  }
  const { frames } = data.model;
  const frame = tree.frame[node];
  const [file, line] = [frames.file[frame], frames.line[frame]];
  const column = frames.column[frame];
  const path = data.pathText(file);
  const heading = h(
    "div",
    { class: "heading" },
    h("h2", {}, data.functionText(frames.function[frame]) || data.placeText(file, line)),
    path === "" ? null : h("p", { class: "path" }, `${path}:${line}${column > 0 ? `:${column}` : ""}`),
  );
  const { actions, details } = path === "" ? { actions: [], details: [] } : partsOf(frame);
  return [heading, list, h("p", { class: "actions" }, ...actions), ...details];
}

/** Where a report leads on from a frame: to its source text, and to its row of the table; and why it is alive. */
export function frameParts(data: ReportData, store: Store): (frame: number) => FrameParts {
  return (frame) => {
    const { frames, filenames, tables, held } = data.model;
    const [file, line] = [frames.file[frame], frames.line[frame]];
    const toSource = { view: "source", file: filenames[file], line } as const;
    const actions = [button("Show source", () => store.set(toSource, { remember: true }))];
    const allocates = tables.line.file.some((own, row) => own === file && tables.line.line[row] === line);
    const toLine = { view: "table", table: "line", row: `${filenames[file]}:${line}`, filter: "" } as const;
    if (allocates) actions.push(button("Show in table", () => store.set(toLine, { remember: true })));
    const own = held.filter((one) => one.file === file && one.line === line);
    return { actions, details: heldDetails(data, store, { held: own, isOne: true }) };
  };
}

import type { HeldHop, HeldLine } from "../model.ts";
import { button, h } from "./dom.ts";
import { nameText } from "./format.ts";
import type { ReportData } from "./report_data.ts";
import { type HopPlace, retainingPaths } from "./retaining_path.ts";
import { lineOf } from "./source_lines.ts";
import type { Store } from "./store.ts";

/** Why the objects of these lines are alive, as far as the snapshot tells: for one that is looked at itself, or for those of a function. */
export function heldDetails(
  data: ReportData,
  store: Store,
  { held, isOne }: { held: readonly HeldLine[]; isOne: boolean },
): HTMLElement[] {
  if (held.length === 0) return [];
  const placeOf = (hop: HeldHop): HopPlace => hopPlace(data, store, hop);
  const parts = isOne
    ? held.flatMap((line) => retainingPaths(line, placeOf))
    : held.map((line, index) =>
        h(
          "details",
          { class: "held-line", open: index === 0 },
          h("summary", {}, lineText(data, line)),
          ...retainingPaths(line, placeOf),
        ),
      );
  return [
    h("section", { class: "why", "aria-label": "Why it is alive" }, h("h3", {}, "Why it is alive"), ...parts),
  ];
}

/** How to get to know it, for whoever looks at a line that holds something. Empty: there is no way, or nothing to tell. */
export function heldHint({ model }: ReportData): HTMLElement[] {
  // Only V8's heap tells.
  if (!/^(?:node|deno)\b/i.test(model.header.runtime)) return [];
  const text =
    model.heldLines === null
      ? "Why is it alive? “tracemalloc run --why” finds out who holds it, and the report then shows it here."
      : "Who holds the objects was kept of the lines that held most, and this is none of them.";
  return [h("p", { class: "muted hint" }, text)];
}

function lineText(data: ReportData, { file, line, functionName }: HeldLine): string {
  const place = data.placeText(file, line);
  return functionName === "" ? place : `${nameText(functionName)} ${place}`;
}

/** The line that made what a hop leads to, and a way to it. */
function hopPlace(data: ReportData, store: Store, { file, line, functionName }: HeldHop): HopPlace {
  const name = functionName === "" ? null : h("span", { class: "muted" }, nameText(functionName));
  if (file === -1) return { names: [name], source: "" };
  const { filenames, sources } = data.model;
  const toSource = (): void => store.set({ view: "source", file: filenames[file], line }, { remember: true });
  const title = `${data.pathText(file)}:${line}`;
  const link = button(data.placeText(file, line), toSource, { class: "link", title });
  const source = sources.find((one) => one.file === file);
  return { names: [link, name], source: (source && lineOf(source, line))?.trim() ?? "" };
}

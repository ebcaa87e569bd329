import { arrange, button, h } from "../../../src/report/html/client/dom.ts";
import { blocksText, bytesText, nameText } from "../../../src/report/html/client/format.ts";
import type { LiveChange, LiveLine, LiveState } from "../live_state.ts";
import { element } from "./dom.ts";

/** The tables of lines. */
export interface LineTables {
  /** The lines that hold most, and what changed since the mark, if there is one. */
  show(state: LiveState): void;
}

/** @param onWhy somebody wants to know why a line is alive */
export function createTables(onWhy: (key: string) => void): LineTables {
  const top = createTable<LiveLine>("top", onWhy, ({ size, count, kinds, allocatedSize, allocatedCount }) => [
    bytesText(size),
    kinds || blocksText(count),
    `${bytesText(allocatedSize)} in ${blocksText(allocatedCount)}`,
  ]);
  const changes = createTable<LiveChange>(
    "diff",
    onWhy,
    ({ size, sizeDiff, count, countDiff, kinds, kindsDiff }) => [
      bytesText(size),
      bytesText(sizeDiff, true),
      kinds || blocksText(count),
      kindsDiff || blocksText(countDiff, true),
    ],
  );
  return {
    show(state) {
      top(state.top);
      const { mark } = state;
      element("diff").hidden = mark === null;
      element("clear").hidden = mark === null;
      if (mark === null) return;
      const heading = element("diff").querySelector("h2")!;
      heading.textContent = `Since the mark at ${new Date(mark.time).toLocaleTimeString()}`;
      changes(mark.changes);
    },
  };
}

interface Line {
  readonly key: string;
  readonly functionName: string;
  readonly source: string;
  readonly marks?: readonly string[];
  readonly size: number;
}

/** A line's row, which stays the same from state to state: so does the focus in it. */
interface Row {
  readonly element: HTMLTableRowElement;
  readonly source: HTMLElement;
  readonly marks: HTMLElement;
  readonly why: HTMLButtonElement;
  readonly cells: readonly HTMLTableCellElement[];
}

/** Names and source lines are texts of the program: they only ever become text here. */
function createTable<T extends Line>(
  id: string,
  onWhy: (key: string) => void,
  textsOf: (line: T) => string[],
): (lines: readonly T[]) => void {
  let rows = new Map<string, Row>();
  const body = element(id).querySelector("tbody")!;
  const newRow = ({ key, functionName }: T, columns: number): Row => {
    const source = h("pre", {});
    const marks = h("div", {});
    const label = `Why is ${key} alive?`;
    const why = button("Why?", () => onWhy(key), { class: "link", "aria-label": label, title: label });
    const place = h("td", {}, h("code", { title: functionName }, key), " ", why, source, marks);
    const cells = Array.from({ length: columns }, () => h("td", {}));
    return { element: h("tr", {}, place, ...cells), source, marks, why, cells };
  };
  return (lines) => {
    const before = rows;
    rows = new Map();
    for (const line of lines) {
      const texts = textsOf(line);
      const row = before.get(line.key) ?? newRow(line, texts.length);
      rows.set(line.key, row);
      row.source.textContent = line.source;
      row.source.hidden = line.source === "";
      row.marks.replaceChildren(
        ...(line.marks ?? []).map((text) => h("div", { class: "mark-text" }, nameText(text))),
      );
      // Of what is gone there is nobody who holds it.
      row.why.hidden = line.size === 0;
      row.cells.forEach((cell, index) => {
        cell.textContent = texts[index]!;
      });
    }
    const focused = document.activeElement;
    arrange(
      body,
      [...rows.values()].map((row) => row.element),
    );
    // A row that was moved has lost it.
    if (focused !== document.activeElement && focused !== null && body.contains(focused))
      (focused as HTMLElement).focus({ preventScroll: true });
  };
}

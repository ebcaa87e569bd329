import { blocksText, bytesText } from "../../../src/report/html/client/format.ts";
import type { LiveChange, LiveLine, LiveState } from "../live_state.ts";
import { element } from "./dom.ts";

/** The lines that hold most. */
export function showTop(lines: readonly LiveLine[]): void {
  fill("top", lines, ({ size, count, allocatedSize, allocatedCount }) => [
    bytesText(size),
    blocksText(count),
    `${bytesText(allocatedSize)} in ${blocksText(allocatedCount)}`,
  ]);
}

/** What changed since the mark, if there is one. */
export function showChanges(mark: LiveState["mark"]): void {
  element("diff").hidden = mark === null;
  element("clear").hidden = mark === null;
  if (mark === null) return;
  const heading = element("diff").querySelector("h2")!;
  heading.textContent = `Since the mark at ${new Date(mark.time).toLocaleTimeString()}`;
  fill("diff", mark.changes as readonly LiveChange[], ({ size, sizeDiff, count, countDiff }) => [
    bytesText(size),
    bytesText(sizeDiff, true),
    blocksText(count),
    blocksText(countDiff, true),
  ]);
}

interface Line {
  readonly key: string;
  readonly functionName: string;
  readonly source: string;
}

/** Names and source lines are texts of the program: they only ever become text here. */
function fill<T extends Line>(id: string, lines: readonly T[], cells: (line: T) => string[]): void {
  element(id)
    .querySelector("tbody")!
    .replaceChildren(
      ...lines.map((line) => {
        const row = document.createElement("tr");
        const place = row.insertCell();
        const key = document.createElement("code");
        key.textContent = line.key;
        key.title = line.functionName;
        const source = document.createElement("pre");
        source.textContent = line.source;
        place.append(key, ...(line.source === "" ? [] : [source]));
        for (const text of cells(line)) row.insertCell().textContent = text;
        return row;
      }),
    );
}

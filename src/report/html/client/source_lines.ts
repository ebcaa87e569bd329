import type { SourceText } from "../model.ts";
import { h } from "./dom.ts";
import { sourceText } from "./format.ts";
import type { ReportData } from "./report_data.ts";

/** A line of a file's text; undefined where the report does not have it. */
export function lineOf({ parts }: SourceText, line: number): string | undefined {
  for (const [first, lines] of parts)
    if (line >= first && line < first + lines.length) return lines[line - first];
  return undefined;
}

/** A line and its neighbours, where the report has them. */
export function excerpt(data: ReportData, file: number, line: number): HTMLElement[] {
  const source = data.model.sources.find((one) => one.file === file);
  if (source === undefined) return [];
  const lines: HTMLElement[] = [];
  for (let near = line - 2; near <= line + 2; near++) {
    const text = lineOf(source, near);
    if (text === undefined) continue;
    const number = h("span", { class: "number" }, String(near));
    lines.push(
      h("div", { class: near === line ? "line current" : "line" }, number, h("code", {}, sourceText(text))),
    );
  }
  return lines.length === 0
    ? []
    : [h("div", { class: "excerpt", role: "group", "aria-label": "Source" }, ...lines)];
}

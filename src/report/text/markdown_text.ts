// Browser compatible.
import { escapeText } from "../../vocabulary/escape_text.ts";
import { largest } from "./largest.ts";

/**
 * Text from outside as a code span, in which nothing of it is Markdown or HTML. Pipes are written `\x7c`: inside a
 * table no other way of escaping them holds for every text.
 */
export function codeSpan(text: string): string {
  const visible = escapeText(text).replaceAll("|", "\\x7c");
  // A span that is empty or only spaces is none.
  if (visible.trim() === "") return "` `";
  const fence = "`".repeat(longestRun(visible) + 1);
  // One space on both sides is taken away again, and backticks must not touch the fence.
  const pad = /^[` ]|[` ]$/.test(visible) ? " " : "";
  return `${fence}${pad}${visible}${pad}${fence}`;
}

/** Lines of text from outside as a code block. */
export function codeBlock(lines: readonly string[], language = ""): string[] {
  const visible = lines.map(escapeText);
  const fence = "`".repeat(
    largest(
      visible.map((line) => longestRun(line) + 1),
      3,
    ),
  );
  return [`${fence}${language}`, ...visible, fence];
}

/** A table. The cells are Markdown already; all columns but those in `left` are figures. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  left: ReadonlySet<string>,
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = headings.map((heading) => (left.has(heading) ? "---" : "---:"));
  return [line(headings), line(rule), ...rows.map(line)];
}

function longestRun(text: string): number {
  return largest((text.match(/`+/g) ?? []).map((run) => run.length));
}

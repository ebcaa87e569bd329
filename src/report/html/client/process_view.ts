import { formatSize } from "../../../statistics/format_size.ts";
import { processRows } from "../../text/process_text.ts";
import type { ProcessReport } from "../../views/process_memory.ts";
import { h } from "./dom.ts";
import { percentText } from "./format.ts";

/** A part of what a process has, and its colour's name in the style. */
interface Part {
  readonly name: string;
  readonly kind: string;
  readonly size: number;
}

/** What the whole process has: a bar of its parts, the figures with their limits, and what stands out. */
export function processView(report: ProcessReport): HTMLElement {
  const parts = partsOf(report);
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  return h(
    "div",
    { class: "process" },
    ...report.remarks.map((remark) => h("p", { class: "remark" }, remark)),
    bar(parts, total),
    h(
      "ul",
      { class: "legend" },
      ...parts.map(({ name, kind, size }) =>
        h(
          "li",
          {},
          h("span", { class: `swatch ${kind}` }),
          `${name} ${formatSize(size)} (${percentText(total === 0 ? 0 : size / total)})`,
        ),
      ),
    ),
    h(
      "dl",
      {},
      ...processRows(report).flatMap(({ name, size, facts }) => [
        h("dt", {}, name),
        h("dd", {}, h("b", {}, formatSize(size)), facts.length === 0 ? null : ` ${facts.join("; ")}`),
      ]),
    ),
  );
}

/** Parts that add up to what the process has, at least: memory that was never written to is not resident. */
function partsOf({ heapTotal, external, traced, tracker, other }: ProcessReport): Part[] {
  const heapLines = Math.min(traced.heap, heapTotal);
  const own = Math.min(tracker, heapTotal - heapLines);
  const outside = Math.min(traced.external, external);
  return [
    { name: "heap with a line", kind: "lines", size: heapLines },
    { name: "heap without", kind: "heap", size: heapTotal - heapLines - own },
    { name: "the tracker's own", kind: "own", size: own },
    { name: "external with a line", kind: "outside", size: outside },
    { name: "external without", kind: "external", size: external - outside },
    { name: "not JavaScript's", kind: "other", size: other },
  ].filter(({ size }) => size > 0);
}

function bar(parts: readonly Part[], total: number): HTMLElement {
  const label = parts.map(({ name, size }) => `${name} ${formatSize(size)}`).join(", ");
  const element = h("div", { class: "process-bar", role: "img", "aria-label": label });
  for (const { name, kind, size } of parts) {
    const part = h("span", { class: kind, title: `${name}: ${formatSize(size)}` });
    part.style.flexGrow = String(total === 0 ? 1 : size / total);
    element.append(part);
  }
  return element;
}

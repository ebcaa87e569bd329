import type { ReportLabel } from "../model.ts";
import { h } from "./dom.ts";
import { blocksText, bytesText, nameText } from "./format.ts";

/** What the values of labels hold; null: there are no labels. */
export function labelsView(labels: readonly ReportLabel[]): HTMLElement | null {
  if (labels.length === 0) return null;
  const names = labels.map(({ name }) => nameText(name)).join(", ");
  return h(
    "details",
    { class: "card whole labels" },
    h("summary", {}, `By label: ${names}`),
    ...labels.map(({ name, values, left }) =>
      h(
        "table",
        { class: "figures" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ...[nameText(name), "Alive", "Blocks", "Allocated"].map((text) =>
              h("th", { scope: "col" }, text),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          ...values.map(({ value, size, count, allocatedSize }) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, nameText(value)),
              ...[bytesText(size), blocksText(count), bytesText(allocatedSize)].map((text) =>
                h("td", {}, text),
              ),
            ),
          ),
          left === 0 ? null : h("tr", {}, h("td", { class: "muted" }, `${blocksText(left)} more`)),
        ),
      ),
    ),
  );
}

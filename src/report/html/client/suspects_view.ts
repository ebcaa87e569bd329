import type { MarkRules } from "../model.ts";
import { button, h } from "./dom.ts";

/** A line that grew in every tenth of the run. */
export interface Suspect {
  /** What the line is called. */
  readonly name: string;
  readonly size: string;
  readonly texts: readonly string[];
  /** Shows the line. */
  readonly open?: (() => void) | undefined;
}

/** Suspects first, with the rule beside them; null: there are none. */
export function suspectsView(suspects: readonly Suspect[], rules: MarkRules): HTMLElement | null {
  if (suspects.length === 0) return null;
  const count = suspects.length === 1 ? "A line" : `${suspects.length} lines`;
  return h(
    "section",
    { class: "card suspects", "aria-label": "Suspects" },
    h("h2", {}, `${count} that grew in every tenth of the run`),
    h("p", { class: "muted rule" }, `Rule: ${rules.suspect}.`),
    h(
      "ul",
      {},
      ...suspects.map(({ name, size, texts, open }) =>
        h(
          "li",
          {},
          open === undefined ? h("code", {}, name) : button(name, open, { class: "link" }),
          ` ${size}`,
          ...texts.map((text) => h("div", { class: "mark-text" }, text)),
        ),
      ),
    ),
  );
}

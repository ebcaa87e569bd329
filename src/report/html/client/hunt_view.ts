import type { ReportHunt } from "../model.ts";
import { h } from "./dom.ts";

/** What `tracemalloc hunt` has found, as it says it itself: the verdict first. Null: nobody has hunted. */
export function huntView(hunt: ReportHunt | null): HTMLElement | null {
  if (hunt === null) return null;
  const [verdict, how, ...rest] = hunt.text;
  return h(
    "section",
    { class: `card hunt ${hunt.verdict.replaceAll(" ", "-")}`, "aria-label": "Verdict of the hunt" },
    h("h2", {}, verdict),
    h("p", { class: "muted" }, how),
    rest.length === 0
      ? null
      : h(
          "details",
          { open: true },
          h("summary", {}, "What was found"),
          h("pre", { tabindex: 0 }, rest.join("\n").trim()),
        ),
  );
}

// The live page: shows the states that the server sends.

import { bytesText, nameText } from "../../../src/report/html/client/format.ts";
import { processView } from "../../../src/report/html/client/process_view.ts";
import { suspectsView } from "../../../src/report/html/client/suspects_view.ts";
import { themeButton } from "../../../src/report/html/client/theme.ts";
import type { LiveState } from "../live_state.ts";
import { createControls } from "./controls.ts";
import { element } from "./dom.ts";
import { createFlame } from "./flame_view.ts";
import { createTables } from "./table_view.ts";
import "./style.css";
import { createTimeline } from "./timeline_view.ts";
import { createWhyDialog } from "./why_dialog.ts";

// Canvases do not follow the colours by themselves.
const theme = themeButton(() => requestAnimationFrame(draw));
element("mark").parentElement?.append(" ", theme);
const timeline = createTimeline(element("timeline"));
const flame = createFlame(element("flame"));
const why = createWhyDialog();
const tables = createTables((key) => why.open(key, latest?.heap ?? null));
const status = element("status");
const controls = createControls();
let latest: LiveState | null = null;
let isDrawing = false;

/** States that come faster than the page can draw them are left out. */
function draw(): void {
  isDrawing = false;
  const state = latest;
  if (state === null) return;
  status.textContent = state.isTracing ? `live, snapshot in ${state.cost.toFixed(1)} ms` : "not tracing";
  controls.show(state);
  element("program").textContent = `${state.program} · ${state.runtime} · pid ${state.pid}`;
  showTotals(state);
  showProcess(state);
  timeline(state);
  showSuspects(state);
  tables.show(state);
  if (state.flame !== null) flame.show(state.flame);
}

function showTotals({ current, peak, tracker, points }: LiveState): void {
  const figures: [string, number][] = [
    ["alive", current],
    ["peak", peak],
    ["process", points.at(-1)?.[2] ?? 0],
    ["the tracker itself", tracker],
  ];
  const list = element("totals");
  list.replaceChildren(
    ...figures.flatMap(([name, size]) => {
      const [term, value] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      value.textContent = bytesText(size);
      return [term, value];
    }),
  );
}

function showProcess({ process }: LiveState): void {
  const section = element("process");
  section.hidden = process === null;
  section.replaceChildren(...(process === null ? [] : [processView(process)]));
}

function showSuspects({ suspects, rules }: LiveState): void {
  const shown = suspects.map(({ key, size, texts }) => ({
    name: nameText(key),
    size: bytesText(size),
    texts: texts.map(nameText),
  }));
  const view = suspectsView(shown, rules);
  element("suspects").replaceChildren(...(view === null ? [] : [view]));
}

function mark(method: "POST" | "DELETE"): void {
  fetch("mark", { method, credentials: "same-origin" })
    .then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      document.body.dataset.marked = method === "POST" ? "yes" : "no";
    })
    .catch((error: unknown) => {
      status.textContent = `the mark was not set: ${error}`;
    });
}

element("mark").addEventListener("click", () => mark("POST"));
element("clear").addEventListener("click", () => mark("DELETE"));

addEventListener("keydown", (event) => {
  const target = event.target as Element;
  if (
    event.key !== "/" ||
    event.ctrlKey ||
    event.metaKey ||
    target.matches("input") ||
    target.closest("dialog") !== null
  )
    return;
  event.preventDefault();
  flame.focusSearch();
});

const events = new EventSource("events");
events.addEventListener("state", ({ data }) => {
  latest = JSON.parse(data) as LiveState;
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(draw);
});
events.addEventListener("error", () => {
  status.textContent =
    events.readyState === EventSource.CLOSED
      ? "refused: too many pages are open, or the token has changed"
      : "the program is gone, or busy; trying again";
});

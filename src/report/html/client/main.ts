import { once } from "../../../tables/once.ts";
import type { ReportModel } from "../model.ts";
import { type FirstPart, type LaterPart, unpackModel } from "../packed_model.ts";
import { type Choice, choice, h, toggle } from "./dom.ts";
import { frameParts } from "./flame_selection.ts";
import { FlameView } from "./flame_view.ts";
import { bytesText, nameText } from "./format.ts";
import { headerView } from "./header_view.ts";
import { huntView } from "./hunt_view.ts";
import { labelsView } from "./labels_view.ts";
import {
  MEASURE_MEANINGS,
  MEASURE_NAMES,
  MEASURES,
  type Measure,
  type Side,
  selectionOf,
  type Unit,
} from "./measures.ts";
import { ReportData } from "./report_data.ts";
import { SourceView } from "./source_view.ts";
import { isFirstState, type State, type ViewName } from "./state.ts";
import { createStore, type Store } from "./store.ts";
import { suspectsView } from "./suspects_view.ts";
import { TableViewElement } from "./table_view.ts";
import { themeButton } from "./theme.ts";
import { TimelineView } from "./timeline_view.ts";

/** One of the tabs. */
interface View {
  readonly element: HTMLElement;
  show(state: State): void;
  focusSearch(): void;
}

const VIEWS: readonly (readonly [ViewName, string])[] = [
  ["flame", "Flame graph"],
  ["table", "Table"],
  ["timeline", "Timeline"],
  ["source", "Source"],
];

const SIDES: readonly (readonly [Side, string])[] = [
  ["difference", "Difference"],
  ["new", "New"],
  ["old", "Old"],
];

function start(model: ReportModel): void {
  const data = new ReportData(model);
  const store = createStore();
  const made = new Map<ViewName, View>();
  const make: Readonly<Record<ViewName, () => View>> = {
    flame: () => new FlameView(data, store, frameParts(data, store)),
    table: () => new TableViewElement(data, store),
    timeline: () => new TimelineView(data, store),
    source: () => new SourceView(data, store),
  };
  const panels = new Map(VIEWS.map(([name, text]) => [name, panel(name, text)]));
  const bar = new Toolbar(model, store);
  const tabs = tabList(store);
  const show = (): void => {
    const { state } = store;
    // The script stands before the data that other states need.
    if (document.readyState === "loading" && !isFirstState(state)) {
      document.addEventListener("DOMContentLoaded", show, { once: true });
      return;
    }
    bar.show(state);
    tabs.show(state.view);
    for (const [name, element] of panels) element.hidden = name !== state.view;
    let view = made.get(state.view);
    if (view === undefined) {
      made.set(state.view, (view = make[state.view]()));
      panels.get(state.view)?.append(view.element);
    }
    view.show(state);
  };
  let isReady = false;
  const theme = themeButton(() => isReady && show());
  document.body.append(
    huntView(model.hunt) ?? "",
    headerView(model, [theme]),
    suspects(data, store),
    labelsView(model.labels) ?? "",
    h("div", { class: "bar" }, tabs.element, bar.element),
    h("main", {}, ...panels.values()),
  );
  isReady = true;
  store.subscribe(show);
  show();
  addEventListener("keydown", (event) => {
    const target = event.target as Element;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || target.matches("input, select")) return;
    event.preventDefault();
    made.get(store.state.view)?.focusSearch();
  });
}

/** Of the newer snapshot. No table is asked: what it has stands behind the script. */
function suspects(data: ReportData, store: Store): HTMLElement | "" {
  const { filenames, marks, markRules } = data.model;
  const shown = marks
    .filter(({ isSuspect }) => isSuspect)
    .map(({ file, line, size, texts }) => ({
      name: data.placeText(file, line),
      size: bytesText(size),
      texts: texts.map(nameText),
      open: () =>
        store.set({ view: "table", table: "line", row: `${filenames[file]}:${line}` }, { remember: true }),
    }));
  return suspectsView(shown, markRules) ?? "";
}

function panel(name: ViewName, text: string): HTMLElement {
  return h("section", {
    class: "panel",
    id: `panel-${name}`,
    role: "tabpanel",
    "aria-label": text,
    hidden: true,
  });
}

function tabList(store: Store): { element: HTMLElement; show(view: ViewName): void } {
  const tabs = new Map(
    VIEWS.map(([name, text]) => {
      const open = (): void => store.set({ view: name }, { remember: true });
      return [
        name,
        h(
          "button",
          { type: "button", role: "tab", "aria-controls": `panel-${name}`, on: { click: open } },
          text,
        ),
      ];
    }),
  );
  const all = [...tabs.values()];
  const element = h("div", { class: "tabs", role: "tablist", "aria-label": "Views" }, ...all);
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = all.indexOf(event.target as HTMLButtonElement);
    if (step === undefined || at === -1) return;
    const next = all[(at + step + all.length) % all.length];
    next.click();
    next.focus();
  });
  return {
    element,
    show(view) {
      for (const [name, tab] of tabs) {
        tab.setAttribute("aria-selected", String(name === view));
        tab.tabIndex = name === view ? 0 : -1;
      }
    },
  };
}

/** What is measured, and what is hidden: for all views. */
class Toolbar {
  readonly element: HTMLElement;
  readonly #model: ReportModel;
  readonly #measure: Choice<Measure>;
  readonly #unit: Choice<Unit>;
  readonly #side: Choice<Side>;
  readonly #dependencies: ReturnType<typeof toggle>;
  readonly #runtime: ReturnType<typeof toggle>;

  constructor(model: ReportModel, store: Store) {
    this.#model = model;
    this.#measure = choice("Measure", (measure) => store.set({ measure, sort: null, descending: true }));
    this.#unit = choice("Unit", (unit) => store.set({ unit }));
    this.#side = choice("Snapshot", (side) => store.set({ side, sort: null, descending: true }));
    this.#dependencies = toggle("Hide dependencies", (hideDependencies) =>
      store.set({ hideDependencies, zoom: [] }),
    );
    this.#runtime = toggle("Hide runtime", (hideRuntime) => store.set({ hideRuntime, zoom: [] }));
    this.#side.element.hidden = model.old === null;
    this.element = h(
      "div",
      { class: "toolbar" },
      this.#side.element,
      this.#measure.element,
      this.#unit.element,
      this.#dependencies.element,
      this.#runtime.element,
    );
  }

  show(state: State): void {
    const { measure, unit, side } = selectionOf(this.#model, state);
    const measures = MEASURES.filter((one) => one !== "peak" || this.#model.hasPeak);
    this.#measure.show(
      measure,
      measures.map((one) => [one, MEASURE_NAMES[one]]),
    );
    this.#measure.element.title = MEASURE_MEANINGS[measure];
    this.#unit.show(unit, [
      ["bytes", "Bytes"],
      ["blocks", "Blocks"],
    ]);
    this.#side.show(side, SIDES);
    this.#dependencies.show(state.hideDependencies);
    this.#runtime.show(state.hideRuntime);
    this.element.hidden = state.view === "timeline";
  }
}

/** What one of the page's elements of data holds. */
function dataIn(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "");
}

start(
  unpackModel(
    dataIn("report") as FirstPart,
    once(() => dataIn("later") as LaterPart),
  ),
);

import { fill, h, type SearchField, searchField, toggle } from "./dom.ts";
import { FlameBoxes } from "./flame_boxes.ts";
import type { FlameData } from "./flame_data.ts";
import { type FrameParts, flameSelection } from "./flame_selection.ts";
import { percentText } from "./format.ts";
import { figureText, selectionOf } from "./measures.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";
import { nodeAt, pathTo, type TreeView, type ViewTree, viewTree } from "./view_tree.ts";

/** The flame graph with its search and switches. */
export class FlameView {
  readonly element: HTMLElement;
  #data: FlameData;
  readonly #store: Pick<Store, "state" | "set">;
  readonly #partsOf: (frame: number) => FrameParts;
  readonly #boxes: FlameBoxes;
  readonly #search: SearchField;
  readonly #found: HTMLElement = h("span", { class: "found", role: "status" });
  readonly #selection: HTMLElement = h("section", {
    class: "card selection",
    "aria-label": "Selected frame",
  });
  readonly #invert: ReturnType<typeof toggle>;
  readonly #flames: ReturnType<typeof toggle>;
  readonly #reset: HTMLButtonElement;
  #tree: ViewTree | null = null;
  #treeKey = "";

  /** @param partsOf what else is said of the frame that is zoomed to */
  constructor(
    data: FlameData,
    store: Pick<Store, "state" | "set">,
    partsOf: (frame: number) => FrameParts = () => ({ actions: [], details: [] }),
  ) {
    this.#data = data;
    this.#store = store;
    this.#partsOf = partsOf;
    this.#boxes = new FlameBoxes(data, {
      onZoom: (node) => this.#zoom(node),
      onLeave: () => this.#search.focus(),
    });
    this.#search = searchField("Search the flame graph", "Search functions and files", (search) =>
      store.set({ search }),
    );
    this.#invert = toggle("Allocating lines first", (invert) => store.set({ invert, zoom: [] }));
    this.#flames = toggle("Grow upwards", (flames) => store.set({ flames }));
    this.#reset = h(
      "button",
      { type: "button", class: "quiet", on: { click: () => this.#zoom(0) } },
      "Reset zoom",
    );
    this.element = h(
      "div",
      { class: "flame-view" },
      h(
        "div",
        { class: "tools" },
        this.#search.element,
        this.#found,
        this.#invert.element,
        this.#flames.element,
        this.#reset,
      ),
      this.#boxes.element,
      this.#selection,
    );
  }

  focusSearch(): void {
    this.#search.focus();
  }

  /** Takes another snapshot of the same program: what is zoomed to and where the focus is stay, as far as they are there. */
  update(data: FlameData): void {
    const { zoom } = this.#store.state;
    const numbers = data.numbersOf(this.#data);
    const path = zoom.map((frame) => numbers[frame] ?? -1);
    const gone = path.indexOf(-1);
    this.#data = data;
    this.#tree = null;
    this.#boxes.update(data, numbers);
    this.#store.set({ zoom: gone === -1 ? path : path.slice(0, gone) });
  }

  show(state: State): void {
    const view: TreeView = { ...state, ...selectionOf(this.#data.model, state) };
    const { measure, unit, side, hideDependencies, hideRuntime, invert } = view;
    const key = [measure, unit, side, hideDependencies, hideRuntime, invert].join();
    if (this.#tree === null || key !== this.#treeKey) {
      this.#tree = viewTree(this.#data, view);
      this.#treeKey = key;
    }
    const tree = this.#tree;
    const wanted = nodeAt(tree, state.zoom);
    const zoomed = tree.width[wanted] > 0 ? wanted : 0;
    this.#search.show(state.search);
    this.#invert.show(state.invert);
    this.#flames.show(state.flames);
    this.#reset.hidden = zoomed === 0;
    const matches = this.#matches(tree, state.search, view);
    this.#boxes.show(tree, { view, zoomed, flames: state.flames, matches });
    fill(this.#selection, ...flameSelection(this.#data, { tree, node: zoomed, view }, this.#partsOf));
  }

  #zoom(node: number): void {
    if (this.#tree === null) return;
    this.#store.set({ zoom: pathTo(this.#tree, node) }, { remember: true });
  }

  /** Which frames the search finds, and says how much they hold; null: nothing is searched. */
  #matches(tree: ViewTree, search: string, view: TreeView): Uint8Array | null {
    const wanted = search.trim().toLowerCase();
    this.#found.textContent = "";
    if (wanted === "") return null;
    const { frames } = this.#data.model;
    const matches = Uint8Array.from(frames.file, (file, frame) =>
      `${this.#data.frameText(frame)} ${this.#data.pathText(file)}`.toLowerCase().includes(wanted) ? 1 : 0,
    );
    const within = new Uint8Array(tree.parent.length);
    let found = 0;
    let width = 0;
    let value = 0;
    for (let node = 1; node < within.length; node++) {
      const isMatch = matches[tree.frame[node]] === 1;
      found += isMatch ? 1 : 0;
      // What is below a match has been counted with it.
      if (isMatch && within[tree.parent[node]] === 0) {
        width += tree.width[node];
        value += tree.value[node];
      }
      within[node] = isMatch || within[tree.parent[node]] === 1 ? 1 : 0;
    }
    const figure = figureText(value, { unit: view.unit, isGrowth: view.side === "difference" });
    this.#found.textContent =
      found === 0
        ? "nothing found"
        : `${found} ${found === 1 ? "frame" : "frames"}: ${figure}, ${percentText(width / (tree.width[0] || 1))}`;
    return matches;
  }
}

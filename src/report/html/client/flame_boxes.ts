import { fill, h } from "./dom.ts";
import { type Box, flameLayout } from "./flame_layout.ts";
import { blocksText, percentText } from "./format.ts";
import { figureText } from "./measures.ts";
import type { ReportData } from "./report_data.ts";
import { Tooltip } from "./tooltip.ts";
import type { TreeView, ViewTree } from "./view_tree.ts";

/** What is drawn. */
interface Drawing {
  readonly view: TreeView;
  readonly zoomed: number;
  /** The root is at the bottom. */
  readonly flames: boolean;
  /** Frames that a search has found. */
  readonly matches: Uint8Array | null;
}

const LEVEL_HEIGHT = 22;
/** How many tints files are told apart by. */
const TINTS = 6;
/** Narrower boxes have no room for a letter. */
const LEAST_LABELLED = 0.012;

/** The boxes of the flame graph: a tree to screen readers, with arrow keys from box to box. */
export class FlameBoxes {
  readonly element: HTMLElement;
  readonly #graph: HTMLElement;
  readonly #tooltip = new Tooltip();
  readonly #data: ReportData;
  readonly #onZoom: (node: number) => void;
  #tree: ViewTree | null = null;
  #drawing: Drawing | null = null;
  /** By node. */
  #elements = new Map<number, HTMLElement>();
  #boxes = new Map<number, Box>();
  #focused = 0;

  constructor(
    data: ReportData,
    { onZoom, onLeave }: { onZoom: (node: number) => void; onLeave: () => void },
  ) {
    this.#data = data;
    this.#onZoom = onZoom;
    this.#graph = h("div", { class: "flame", role: "tree", "aria-label": "Flame graph" });
    this.element = h("div", { class: "flame-scroll" }, this.#graph, this.#tooltip.element);
    this.#graph.addEventListener("click", (event) => {
      const node = this.#nodeOf(event);
      if (node === null) return;
      this.#focused = node;
      this.#onZoom(node);
    });
    this.#graph.addEventListener("keydown", (event) => this.#key(event, onLeave));
    this.#graph.addEventListener("mousemove", (event) => {
      const node = this.#nodeOf(event);
      if (node === null) this.#tooltip.hide();
      else this.#tooltip.show(this.#lines(node), { x: event.clientX, y: event.clientY });
    });
    this.#graph.addEventListener("mouseleave", () => this.#tooltip.hide());
    this.#graph.addEventListener("focusin", (event) => {
      const node = this.#nodeOf(event);
      const element = node === null ? undefined : this.#elements.get(node);
      if (node === null || element?.matches(":focus-visible") !== true) return;
      const { left, bottom } = element.getBoundingClientRect();
      this.#tooltip.show(this.#lines(node), { x: Math.max(0, left), y: bottom - 8 });
    });
    this.#graph.addEventListener("focusout", () => this.#tooltip.hide());
  }

  show(tree: ViewTree, drawing: Drawing): void {
    const hadFocus = this.#graph.contains(document.activeElement);
    // The same boxes move to their new places; those of another tree are others.
    if (tree !== this.#tree) this.#elements.clear();
    this.#tree = tree;
    this.#drawing = drawing;
    this.#tooltip.hide();
    const layout = flameLayout(tree, drawing.zoomed);
    const levels = Math.max(...layout.map(({ level }) => level)) + 1;
    this.#graph.style.height = `${levels * LEVEL_HEIGHT}px`;
    this.#graph.classList.toggle("searched", drawing.matches !== null);
    this.#boxes = new Map();
    const elements = new Map<number, HTMLElement>();
    if (!layout.some(({ node }) => node === this.#focused)) this.#focused = drawing.zoomed;
    const drawn = layout.map((box) => {
      const known = box.node === -1 ? undefined : this.#elements.get(box.node);
      const element = known ?? this.#newBox(box);
      this.#place(element, box, levels);
      if (box.node !== -1) {
        elements.set(box.node, element);
        this.#boxes.set(box.node, box);
      }
      return element;
    });
    this.#elements = elements;
    if (tree.width[0] === 0) drawn.push(h("p", { class: "empty" }, "Nothing to show for this measure."));
    fill(this.#graph, ...drawn);
    if (hadFocus) this.#elements.get(this.#focused)?.focus({ preventScroll: true });
  }

  #newBox({ node, smaller }: Box): HTMLElement {
    if (node === -1) {
      return h("div", {
        class: "box smaller",
        role: "presentation",
        title: `${blocksText(smaller)} smaller frames`,
      });
    }
    const tree = this.#tree!;
    const frame = tree.frame[node];
    const { frames } = this.#data.model;
    const owner = node === 0 ? "root" : this.#data.ownerOfFrame(frame);
    const tint = node === 0 ? 0 : (frames.file[frame] * 7 + frames.line[frame]) % TINTS;
    const element = h("div", { class: `box ${owner} tint${tint}`, role: "treeitem", "data-node": node });
    if (this.#drawing!.view.side === "difference") {
      const width = tree.width[node];
      const change = width === 0 ? 0 : tree.value[node] / width;
      element.classList.add(change < 0 ? "shrunk" : "grown");
      // Strong where it went one way, and where it was much of all change.
      const strength = Math.abs(change) * (0.2 + 0.8 * Math.sqrt(width / (tree.width[0] || 1)));
      element.style.setProperty("--change", `${Math.round(strength * 100)}%`);
    }
    return element;
  }

  #place(element: HTMLElement, box: Box, levels: number): void {
    const { flames, matches, zoomed } = this.#drawing!;
    const { node, level, x, width } = box;
    element.style.left = `${x * 100}%`;
    element.style.width = `${width * 100}%`;
    element.style.top = `${(flames ? levels - 1 - level : level) * LEVEL_HEIGHT}px`;
    if (node === -1) return;
    const tree = this.#tree!;
    element.textContent = width < LEAST_LABELLED ? "" : this.#label(node);
    element.setAttribute("aria-label", this.#lines(node).join(", "));
    element.setAttribute("aria-level", String(level + 1));
    element.tabIndex = node === this.#focused ? 0 : -1;
    element.classList.toggle(
      "above",
      node !== zoomed && x === 0 && width === 1 && this.#isAbove(node, zoomed),
    );
    element.classList.toggle("zoomed", node === zoomed && zoomed !== 0);
    element.classList.toggle("match", matches !== null && node !== 0 && matches[tree.frame[node]] === 1);
  }

  #isAbove(node: number, zoomed: number): boolean {
    const { parent } = this.#tree!;
    for (let at = zoomed; at !== 0; at = parent[at]) if (parent[at] === node) return true;
    return false;
  }

  #label(node: number): string {
    return node === 0 ? "everything" : this.#data.frameText(this.#tree!.frame[node]);
  }

  /** What the tooltip and screen readers say. */
  #lines(node: number): string[] {
    const tree = this.#tree!;
    const { unit, side } = this.#drawing!.view;
    const figure = figureText(tree.value[node], { unit, isGrowth: side === "difference" });
    const what = unit === "blocks" ? " blocks" : "";
    const share = percentText(tree.width[node] / (tree.width[0] || 1));
    const lines = [
      this.#label(node),
      `${figure}${what}, ${share} of ${side === "difference" ? "all change" : "all"}`,
    ];
    if (node === 0) return lines;
    const { frames } = this.#data.model;
    const frame = tree.frame[node];
    const path = this.#data.pathText(frames.file[frame]);
    if (path !== "") lines.push(`${path}:${frames.line[frame]}`);
    return lines;
  }

  #nodeOf(event: Event): number | null {
    const box = (event.target as Element).closest<HTMLElement>("[data-node]");
    return box === null ? null : Number(box.dataset.node);
  }

  #key(event: KeyboardEvent, onLeave: () => void): void {
    const node = this.#nodeOf(event);
    const tree = this.#tree;
    if (node === null || tree === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const deeper = this.#drawing?.flames === true ? "ArrowUp" : "ArrowDown";
    const outer = this.#drawing?.flames === true ? "ArrowDown" : "ArrowUp";
    if (event.key === "Enter" || event.key === " ") this.#onZoom(node);
    else if (event.key === "Escape" || event.key === "Backspace")
      this.#onZoom(tree.parent[this.#drawing!.zoomed]);
    else if (event.key === "Home") this.#focus(0);
    else if (event.key === outer) node === 0 ? onLeave() : this.#focus(tree.parent[node]);
    else if (event.key === deeper)
      this.#focus(tree.children[tree.start[node]], tree.start[node] < tree.start[node + 1]);
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      this.#focus(this.#beside(node, event.key === "ArrowRight" ? 1 : -1));
    } else return;
    event.preventDefault();
  }

  /** The next box on the same level, whoever called it. */
  #beside(node: number, step: 1 | -1): number {
    const level = this.#boxes.get(node)?.level;
    const row = [...this.#boxes.values()].filter((box) => box.level === level).sort((a, b) => a.x - b.x);
    return row[row.findIndex((box) => box.node === node) + step]?.node ?? node;
  }

  #focus(node: number, exists = true): void {
    const element = exists ? this.#elements.get(node) : undefined;
    if (element === undefined) return;
    const before = this.#elements.get(this.#focused);
    if (before !== undefined) before.tabIndex = -1;
    this.#focused = node;
    element.tabIndex = 0;
    element.focus();
  }
}

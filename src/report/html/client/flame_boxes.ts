import { afterFrame, arrange, fill, h, interleave } from "./dom.ts";
import type { FlameData } from "./flame_data.ts";
import { type Box, flameLayout } from "./flame_layout.ts";
import { blocksText, percentText } from "./format.ts";
import { figureText } from "./measures.ts";
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
/** Narrower boxes, a few pixels, are most of a large tree's: they may come a frame later. */
const LEAST_AT_ONCE = 0.004;
/** Stripes cannot be told from a colour on narrower boxes, and are slow to paint. */
const LEAST_STRIPED = 0.01;

/** The boxes of the flame graph: a tree to screen readers, with arrow keys from box to box. */
export class FlameBoxes {
  readonly element: HTMLElement;
  readonly #graph: HTMLElement;
  readonly #tooltip = new Tooltip();
  #data: FlameData;
  readonly #onZoom: (node: number) => void;
  #tree: ViewTree | null = null;
  #drawing: Drawing | null = null;
  /** By node. */
  #elements = new Map<number, HTMLElement>();
  #boxes = new Map<number, Box>();
  #focused = 0;
  /** What the tooltip is about. */
  #told: number | null = null;
  /** Of a snapshot that has come since the last drawing: the new numbers of the frames that were drawn. */
  #newNumbers: Int32Array | null = null;

  constructor(data: FlameData, { onZoom, onLeave }: { onZoom: (node: number) => void; onLeave: () => void }) {
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
      else this.#tell(node, { x: event.clientX, y: event.clientY });
    });
    this.#graph.addEventListener("mouseleave", () => this.#tooltip.hide());
    this.#graph.addEventListener("focusin", (event) => {
      const node = this.#nodeOf(event);
      const element = node === null ? undefined : this.#elements.get(node);
      if (node === null || element?.matches(":focus-visible") !== true) return;
      const { left, bottom } = element.getBoundingClientRect();
      this.#tell(node, { x: Math.max(0, left), y: bottom - 8 });
    });
    this.#graph.addEventListener("focusout", () => this.#tooltip.hide());
  }

  #tell(node: number, place: { x: number; y: number }): void {
    this.#told = node;
    this.#tooltip.show(this.#lines(node), place);
  }

  /** Takes another snapshot, which is drawn when it is shown. @param numbers by frame, its number in that snapshot, or -1 */
  update(data: FlameData, numbers: Int32Array): void {
    this.#data = data;
    this.#newNumbers = numbers;
  }

  show(tree: ViewTree, drawing: Drawing): void {
    const hadFocus = this.#graph.contains(document.activeElement);
    const isUpdate = this.#newNumbers !== null;
    const isOther = tree !== this.#tree && !isUpdate;
    // The same boxes move to their new places; those of another tree are others.
    if (isOther) this.#elements.clear();
    else if (isUpdate) this.#renumber(tree, this.#newNumbers!);
    this.#newNumbers = null;
    this.#tree = tree;
    this.#drawing = drawing;
    if (isUpdate && this.#told !== null) this.#tooltip.say(this.#lines(this.#told));
    else this.#tooltip.hide();
    const layout = flameLayout(tree, drawing.zoomed);
    const levels = layout.reduce((most, { level }) => Math.max(most, level), 0) + 1;
    this.#graph.style.height = `${levels * LEVEL_HEIGHT}px`;
    this.#graph.classList.toggle("searched", drawing.matches !== null);
    this.#boxes = new Map(layout.filter(({ node }) => node !== -1).map((box) => [box.node, box]));
    if (!this.#boxes.has(this.#focused)) this.#focused = drawing.zoomed;
    const isSoon = isOther && !hadFocus;
    const first = isSoon ? layout.filter(({ width }) => width >= LEAST_AT_ONCE) : layout;
    const before = this.#elements;
    this.#elements = new Map();
    const drawn = first.map((box) => this.#draw(box, levels, before));
    const empty =
      tree.width[0] === 0 ? h("p", { class: "empty" }, "Nothing to show for this measure.") : null;
    if (isUpdate) arrange(this.#graph, empty === null ? drawn : [...drawn, empty]);
    else fill(this.#graph, ...drawn, empty);
    if (hadFocus) this.#elements.get(this.#focused)?.focus({ preventScroll: true });
    if (first.length === layout.length) return;
    afterFrame(() => {
      if (this.#drawing !== drawing) return;
      const known = new Map(first.map((box, index) => [box, drawn[index]]));
      interleave(
        this.#graph,
        layout.map((box) => known.get(box) ?? this.#draw(box, levels, before)),
      );
    });
  }

  /** Finds the nodes that are drawn in the tree of a later snapshot. */
  #renumber(tree: ViewTree, numbers: Int32Array): void {
    const before = this.#tree;
    if (before === null) return;
    const now = new Map([[0, 0]]);
    // Parents are drawn before their children.
    for (const node of this.#elements.keys()) {
      const parent = now.get(before.parent[node]);
      if (node === 0 || parent === undefined) continue;
      const frame = numbers[before.frame[node]];
      const child = tree.children.of(parent).find((one) => tree.frame[one] === frame);
      if (child !== undefined) now.set(node, child);
    }
    const elements = [...this.#elements].flatMap(([node, element]): [number, HTMLElement][] => {
      const number = now.get(node);
      return number === undefined ? [] : [[number, element]];
    });
    this.#elements = new Map(elements);
    this.#focused = now.get(this.#focused) ?? -1;
    this.#told = this.#told === null ? null : (now.get(this.#told) ?? null);
  }

  /** The element of a box, at its place: the same as `before` where there was one. */
  #draw(box: Box, levels: number, before: ReadonlyMap<number, HTMLElement>): HTMLElement {
    const { node, level, x, width } = box;
    const element = before.get(node) ?? this.#newBox(box);
    element.style.left = percent(x);
    element.style.width = percent(width);
    element.style.top = `${(this.#drawing!.flames ? levels - 1 - level : level) * LEVEL_HEIGHT}px`;
    if (node === -1) return element;
    element.setAttribute("data-node", String(node));
    this.#elements.set(node, element);
    this.#say(element, box);
    return element;
  }

  #newBox({ node, smaller, width }: Box): HTMLElement {
    const element = document.createElement("div");
    if (node === -1) {
      element.className = width < LEAST_STRIPED ? "box smaller narrow" : "box smaller";
      element.setAttribute("role", "presentation");
      element.title = `${blocksText(smaller)} smaller frames`;
      return element;
    }
    element.setAttribute("role", "treeitem");
    if (this.#drawing!.view.side === "difference") {
      const tree = this.#tree!;
      const all = tree.width[node];
      // Strong where it went one way, and where it was much of all change.
      const strength = Math.abs(this.#change(node)) * (0.2 + 0.8 * Math.sqrt(all / (tree.width[0] || 1)));
      element.style.setProperty("--change", `${Math.round(strength * 100)}%`);
    }
    return element;
  }

  /** How much of what changed below a node was growth, -1 to 1. */
  #change(node: number): number {
    const { value, width } = this.#tree!;
    return width[node] === 0 ? 0 : value[node] / width[node];
  }

  /** What is seen of a frame's box, and what screen readers say about it. */
  #say(element: HTMLElement, { node, level, width }: Box): void {
    element.className = this.#classes(node);
    const text = width < LEAST_LABELLED ? "" : this.#label(node);
    if (text !== element.textContent) element.textContent = text;
    element.setAttribute("aria-label", this.#lines(node).join(", "));
    element.setAttribute("aria-level", String(level + 1));
    element.tabIndex = node === this.#focused ? 0 : -1;
  }

  #classes(node: number): string {
    const { matches, zoomed, view } = this.#drawing!;
    const frame = this.#tree!.frame[node];
    const { file, line } = this.#data.model.frames;
    const tint = node === 0 ? 0 : (file[frame] * 7 + line[frame]) % TINTS;
    let classes = `box ${node === 0 ? "root" : this.#data.ownerOfFrame(frame)} tint${tint}`;
    if (view.side === "difference") classes += this.#change(node) < 0 ? " shrunk" : " grown";
    if (node === zoomed && zoomed !== 0) classes += " zoomed";
    if (zoomed !== 0 && this.#isAbove(node, zoomed)) classes += " above";
    if (matches !== null && node !== 0 && matches[frame] === 1) classes += " match";
    return classes;
  }

  #isAbove(node: number, zoomed: number): boolean {
    const { parent } = this.#tree!;
    let at = zoomed;
    // Parents have smaller numbers.
    while (at > node) at = parent[at];
    return at === node && node !== zoomed;
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
    else if (event.key === deeper) this.#focus(tree.children.of(node)[0], tree.children.count(node) > 0);
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

/** As short as it is exact to a hundredth of a pixel: there are many. */
function percent(share: number): string {
  return `${Math.round(share * 1e5) / 1e3}%`;
}

import { fill, h } from "./dom.ts";

/** A note beside the pointer. Screen readers have the same text as the label of what it is about. */
export class Tooltip {
  readonly element: HTMLElement = h("div", { class: "tooltip", role: "presentation", hidden: true });
  #text = "";

  show(lines: readonly string[], { x, y }: { x: number; y: number }): void {
    const text = lines.join("\n");
    if (text !== this.#text) {
      this.#text = text;
      fill(this.element, ...lines.map((line) => h("div", {}, line)));
    }
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const left = Math.max(8, Math.min(x + 12, innerWidth - offsetWidth - 12));
    const top = y + 18 + offsetHeight > innerHeight ? y - offsetHeight - 10 : y + 18;
    this.element.style.transform = `translate(${left}px, ${top}px)`;
  }

  /** Says something else at the same place, if it says anything. */
  say(lines: readonly string[]): void {
    if (this.element.hidden) return;
    this.#text = lines.join("\n");
    fill(this.element, ...lines.map((line) => h("div", {}, line)));
  }

  hide(): void {
    this.element.hidden = true;
  }
}

import { fill, h } from "./dom.ts";

export interface ListOptions {
  /** What a screen reader calls the list. */
  readonly label: string;
  readonly rowHeight: number;
  /** Makes the cells of a row. */
  readonly cells: (index: number) => HTMLElement[];
  /** A row was clicked, or Enter pressed on it. */
  readonly onOpen?: (index: number) => void;
  /** More classes for a row. */
  readonly rowClass?: (index: number) => string;
  readonly columns: number;
}

const ROWS_AROUND = 10;

/** A table of any length of which only the rows in sight are elements. Arrow keys move through it. */
export class VirtualList {
  readonly element: HTMLElement;
  readonly #options: ListOptions;
  readonly #space: HTMLElement;
  #length = 0;
  /** The row that the tab key leads to. */
  #current = 0;
  #first = 0;
  #shown: HTMLElement[] = [];
  #scheduled = false;

  constructor(options: ListOptions) {
    this.#options = options;
    this.#space = h("div", { class: "rows", role: "rowgroup" });
    this.element = h("div", { class: "list", role: "presentation" }, this.#space);
    this.element.addEventListener("scroll", () => this.#schedule(), { passive: true });
    this.#space.addEventListener("click", (event) => this.#clicked(event));
    this.#space.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#schedule()).observe(this.element);
  }

  /** Shows so many rows anew; with a width in pixels, they can be scrolled sideways where there is less room. */
  show(
    length: number,
    { current = this.#current, width = 0 }: { current?: number; width?: number } = {},
  ): void {
    this.#length = length;
    this.#current = Math.max(0, Math.min(current, length - 1));
    this.#space.style.height = `${length * this.#options.rowHeight}px`;
    this.#space.style.minWidth = `${width}px`;
    this.#draw();
  }

  /** Brings a row into sight, and focuses it where that is wanted. */
  reveal(index: number, { focus = false }: { focus?: boolean } = {}): void {
    const { rowHeight } = this.#options;
    const { scrollTop, clientHeight } = this.element;
    const top = index * rowHeight;
    if (top < scrollTop || top + rowHeight > scrollTop + clientHeight) {
      this.element.scrollTop = Math.max(0, top - clientHeight / 3);
    }
    this.#current = index;
    this.#draw();
    if (focus) this.#rowAt(index)?.focus({ preventScroll: true });
  }

  #rowAt(index: number): HTMLElement | undefined {
    return this.#shown[index - this.#first];
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { rowHeight } = this.#options;
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - ROWS_AROUND);
    const end = Math.min(this.#length, Math.ceil((scrollTop + clientHeight) / rowHeight) + ROWS_AROUND);
    const focused = this.#shown.indexOf(document.activeElement as HTMLElement);
    const focusedRow = focused === -1 ? -1 : this.#first + focused;
    this.#first = first;
    this.#shown = [];
    for (let index = first; index < end; index++) this.#shown.push(this.#row(index));
    fill(this.#space, ...this.#shown);
    if (focusedRow !== -1) this.#rowAt(focusedRow)?.focus({ preventScroll: true });
  }

  #row(index: number): HTMLElement {
    const { cells, rowClass, rowHeight, onOpen } = this.#options;
    const row = h(
      "div",
      {
        class: `row ${rowClass?.(index) ?? ""}`,
        role: "row",
        "aria-rowindex": index + 2,
        tabindex: onOpen === undefined ? undefined : index === this.#current ? 0 : -1,
      },
      ...cells(index),
    );
    row.style.transform = `translateY(${index * rowHeight}px)`;
    return row;
  }

  #clicked(event: Event): void {
    const row = (event.target as Element).closest<HTMLElement>(".row");
    const at = row === null ? -1 : this.#shown.indexOf(row);
    if (at === -1) return;
    this.#current = this.#first + at;
    this.#options.onOpen?.(this.#current);
  }

  #key(event: KeyboardEvent): void {
    if (this.#options.onOpen === undefined) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#options.rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.#length,
      End: this.#length,
    };
    const step = steps[event.key];
    if (event.key === "Enter" || event.key === " ") this.#options.onOpen(this.#current);
    else if (step !== undefined) {
      this.reveal(Math.max(0, Math.min(this.#length - 1, this.#current + step)), { focus: true });
    } else return;
    event.preventDefault();
  }
}

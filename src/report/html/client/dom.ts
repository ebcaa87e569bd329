/** What an element is given: attributes, and listeners under `on…`. */
export interface Properties {
  readonly class?: string;
  readonly on?: { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
  readonly [attribute: string]: unknown;
}

export type Child = Node | string | null;

/**
 * Makes an element. Texts become text nodes, whatever is in them: nothing from the profile is ever read as markup, nor
 * does it become the value of an attribute that is a script, a style or an address.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { on = {}, ...attributes }: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(on)) {
    element.addEventListener(event, listener as EventListener);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A button that does something within the page. */
export function button(text: string, onClick: () => void, properties: Properties = {}): HTMLButtonElement {
  return h("button", { type: "button", ...properties, on: { click: onClick, ...properties.on } }, text);
}

/** Puts other children in. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter((child) => child !== null));
}

/** A group of buttons of which one is chosen. */
export interface Choice<T extends string> {
  readonly element: HTMLElement;
  show(chosen: T, names: readonly (readonly [T, string])[]): void;
}

/** Radio buttons drawn as one bar; arrow keys move within it. */
export function choice<T extends string>(label: string, onChoose: (value: T) => void): Choice<T> {
  const element = h("div", { class: "choice", role: "radiogroup", "aria-label": label });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = [...element.querySelectorAll("button")];
    const at = all.indexOf(event.target as HTMLButtonElement);
    if (step === undefined || at === -1) return;
    event.preventDefault();
    const next = all[(at + step + all.length) % all.length];
    next.click();
    next.focus();
  });
  let shown: readonly (readonly [T, string])[] = [];
  const buttons = new Map<T, HTMLButtonElement>();
  return {
    element,
    show(chosen, names) {
      if (names.map(String).join() !== shown.map(String).join()) {
        shown = names;
        buttons.clear();
        for (const [value, text] of names) {
          buttons.set(
            value,
            button(text, () => onChoose(value), { role: "radio" }),
          );
        }
        fill(element, ...buttons.values());
      }
      for (const [value, one] of buttons) {
        one.setAttribute("aria-checked", String(value === chosen));
        one.tabIndex = value === chosen ? 0 : -1;
      }
    },
  };
}

/** A box to tick. */
export function toggle(
  text: string,
  onChange: (on: boolean) => void,
): { element: HTMLElement; show(on: boolean): void } {
  const input = h("input", { type: "checkbox", on: { change: () => onChange(input.checked) } });
  return {
    element: h("label", { class: "toggle" }, input, text),
    show(on) {
      input.checked = on;
    },
  };
}

/** A field to search in; `/` leads to it. Listeners hear of what was typed once there is a pause. */
export interface SearchField {
  readonly element: HTMLInputElement;
  /** Puts another text in, unless somebody is typing there. */
  show(text: string): void;
  focus(): void;
}

export function searchField(
  label: string,
  placeholder: string,
  onSearch: (text: string) => void,
): SearchField {
  const element = h("input", {
    type: "search",
    placeholder,
    "aria-label": label,
    "aria-keyshortcuts": "/",
    on: { input: debounced(() => onSearch(element.value)) },
  });
  return {
    element,
    show(text) {
      if (document.activeElement !== element) element.value = text;
    },
    focus() {
      element.focus();
      element.select();
    },
  };
}

/** Calls after things have been quiet for a moment. */
function debounced(run: () => void, milliseconds = 120): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds) as unknown as number;
  };
}

/** Calls once what is there now has been drawn. */
export function afterFrame(run: () => void): void {
  requestAnimationFrame(() => setTimeout(run));
}

/** Makes `nodes` the children; those that are there already stay in the document, with their focus. */
export function arrange(parent: Element, nodes: readonly Node[]): void {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  interleave(parent, nodes);
}

/** Makes `nodes`, among which are all children that are there in the same order, the children: these stay where they are. */
export function interleave(parent: Element, nodes: readonly Node[]): void {
  let next = parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

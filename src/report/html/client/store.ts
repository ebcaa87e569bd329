import { formatState, parseState, type State } from "./state.ts";

/** What the page shows, and the link to it. */
export interface Store {
  readonly state: State;
  /** Changes a part of the state; `remember` makes a step that the browser's back button undoes. */
  set(change: Partial<State>, options?: { readonly remember?: boolean }): void;
  /** Calls `listener` after each change. */
  subscribe(listener: (state: State, before: State) => void): void;
}

/** Keeps the state in the part of the address behind `#`. */
export function createStore(): Store {
  const listeners: ((state: State, before: State) => void)[] = [];
  let state = parseState(location.hash);
  const become = (next: State): void => {
    const before = state;
    state = next;
    for (const listener of listeners) listener(state, before);
  };
  // Links within the page, and steps back.
  addEventListener("popstate", () => become(parseState(location.hash)));
  return {
    get state() {
      return state;
    },
    set(change, { remember = false } = {}) {
      const next = { ...state, ...change };
      const hash = formatState(next);
      if (hash !== formatState(state)) {
        if (remember) history.pushState(null, "", `#${hash}`);
        else history.replaceState(null, "", `#${hash}`);
      }
      become(next);
    },
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}

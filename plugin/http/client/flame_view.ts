import { FlameData } from "../../../src/report/html/client/flame_data.ts";
import { FlameView } from "../../../src/report/html/client/flame_view.ts";
import { FIRST_STATE, type State } from "../../../src/report/html/client/state.ts";
import type { FlameModel } from "../../../src/report/html/model.ts";

/** The report's flame graph, of one snapshot after the other. */
export interface LiveFlame {
  show(model: FlameModel): void;
  focusSearch(): void;
}

/** Draws call paths, or what they have come to; whoever has zoomed in, searches or moves by keys stays there. */
export function createFlame(place: HTMLElement): LiveFlame {
  let view: FlameView | null = null;
  let state: State = FIRST_STATE;
  const store = {
    get state() {
      return state;
    },
    set(change: Partial<State>) {
      state = { ...state, ...change };
      view?.show(state);
    },
  };
  return {
    show(model) {
      const data = new FlameData(model);
      if (view !== null) {
        view.update(data);
        return;
      }
      view = new FlameView(data, store);
      place.append(view.element);
      view.show(state);
    },
    focusSearch() {
      view?.focusSearch();
    },
  };
}

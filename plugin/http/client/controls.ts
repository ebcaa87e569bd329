import type { LiveState } from "../live_state.ts";
import { element } from "./dom.ts";

/** The buttons that start and stop tracing, and have a snapshot written. */
export interface Controls {
  show(state: LiveState): void;
}

/** Each order is one request; what came of it is said beside the buttons. */
export function createControls(): Controls {
  const [trace, snapshot, said] = ["trace", "snapshot", "said"].map(element) as [
    HTMLButtonElement,
    HTMLButtonElement,
    HTMLElement,
  ];
  let isTracing = true;

  async function order(name: "start" | "stop" | "snapshot"): Promise<void> {
    for (const button of [trace, snapshot]) button.disabled = true;
    said.textContent = name === "snapshot" ? "collecting garbage and writing" : "";
    try {
      const answer = await fetch(name, { method: "POST", credentials: "same-origin" });
      if (!answer.ok) throw new Error((await answer.text()).trim());
      const { file, workers } = (await answer.json()) as { file?: string; workers?: string[] };
      const more = workers === undefined ? "" : `, and of ${workers.length} of its workers beside it`;
      said.textContent =
        file === undefined
          ? `tracing ${name === "start" ? "started" : "stopped"}`
          : `snapshot written to ${file}${more}`;
    } catch (error) {
      said.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      trace.disabled = false;
      snapshot.disabled = !isTracing;
    }
  }

  trace.addEventListener("click", () => {
    // Traces are dropped, and what lives now is not known to the next start.
    if (!isTracing || confirm("Stop tracing? All traces are dropped."))
      void order(isTracing ? "stop" : "start");
  });
  snapshot.addEventListener("click", () => void order("snapshot"));

  return {
    show(state) {
      if (isTracing !== state.isTracing) snapshot.disabled = !state.isTracing;
      isTracing = state.isTracing;
      trace.textContent = isTracing ? "Stop tracing" : "Start tracing";
    },
  };
}

// Browser compatible.
import type { AnyFunction } from "../../builtins/builtin_stand_ins.ts";
import { replace } from "../../builtins/builtins.ts";
import {
  type ListenOnce,
  lookAtPassing,
  noteTargetAdded,
  noteTargetRemoved,
  setHost,
} from "../event_targets.ts";
import type { ResourceRecorder } from "../resource_recorder.ts";
import { guardedly, reporting, watchedFunction } from "../watched_function.ts";
import { noteCleared, pageTimer } from "./page_timers.ts";

const { apply } = Reflect;

/** What of the DOM is used. Written out here because the core is checked without its types, too. */
interface Page {
  readonly EventTarget?: {
    readonly prototype: { addEventListener: () => void; removeEventListener: () => void };
  };
}

/**
 * Puts stand-ins in the place of what asks for timers and listeners in pages.
 *
 * @returns Puts the page's own back, except where the page has put something else in the meantime.
 */
export function installPageResources(to: ResourceRecorder): () => void {
  const undos: (() => void)[] = [];
  const targets = (globalThis as unknown as Page).EventTarget?.prototype;
  const put = (name: string, make: (original: AnyFunction) => AnyFunction): void =>
    void replace(globalThis, name, make, undos);
  put("setTimeout", (original) => pageTimer(original, "timeout"));
  put("setInterval", (original) => pageTimer(original, "interval"));
  put("clearTimeout", (original) => watchedFunction(original, noteCleared));
  put("clearInterval", (original) => watchedFunction(original, noteCleared));
  if (targets !== undefined) {
    const { addEventListener, removeEventListener } = targets;
    const once: ListenOnce = (target, { type, isCaptured }, over) => {
      apply(addEventListener, target, [type, over, { once: true, capture: isCaptured, passive: true }]);
      return () => apply(removeEventListener, target, [type, over, isCaptured]);
    };
    setHost({ once });
    replace(
      targets,
      "addEventListener",
      (original) => watchedFunction(original, noteTargetAdded, { isOne: true }),
      undos,
    );
    replace(
      targets,
      "removeEventListener",
      (original) => watchedFunction(original, noteTargetRemoved),
      undos,
    );
  }
  reporting.to = to;
  return () => {
    guardedly(() => to.settle());
    reporting.to = null;
    for (let i = undos.length - 1; i >= 0; i--) undos[i]();
  };
}

/** Counts out what has gone without a word: before figures are read. */
export function settlePageResources(): void {
  if (reporting.to === null) return;
  guardedly(() => {
    lookAtPassing();
    reporting.to?.settle();
  });
}

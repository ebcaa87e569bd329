// Browser compatible.
import { DOMAIN_LISTENER } from "../../vocabulary/domains.ts";
import { type AnyFunction, disguised } from "../builtins/builtin_stand_ins.ts";
import { quiet } from "../calls/quiet.ts";
import { hideFrames, throwAgain } from "../texts/hide_frames.ts";
import { keyOf, listenersOfEmitter, newListenersOf, watch } from "./emitter_listeners.ts";
import type { ResourceRecorder } from "./resource_recorder.ts";
import { sizeOfListener } from "./resource_sizes.ts";
import { guardedly, recorderNow, reporting } from "./watched_function.ts";

const { apply } = Reflect;

// `once` calls `on` with a function of its own around the listener, and that one `removeListener` when it is called: as `Readable`, `process`,
// `events.once` and all others that add and remove do in the end.

// The two functions that servers call several times for each request have stand-ins of their own, which engines can make one with what they call;
// and no closures.

/** Makes the function that stands in for `on`, `addListener` or `prependListener`. */
export function addingFunction(original: AnyFunction): AnyFunction {
  const { wrapper } = {
    wrapper(this: unknown, type: unknown, listener: unknown): unknown {
      let value: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: see `watchedFunction`
        value = apply(original, this, arguments);
      } catch (error) {
        return failed(error, wrapper, this, [type, listener]);
      }
      const to = recorderNow(false);
      if (to !== null) noteAdded(to, this, type, listener);
      return value;
    },
  };
  return disguised(wrapper, original);
}

/** Makes the function that stands in for `off` or `removeListener`. */
export function removingFunction(original: AnyFunction): AnyFunction {
  const { wrapper } = {
    wrapper(this: unknown, type: unknown, listener: unknown): unknown {
      let value: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: see `watchedFunction`
        value = apply(original, this, arguments);
      } catch (error) {
        return failed(error, wrapper, this, [type, listener]);
      }
      if (quiet.depth === 0) noteRemoved(this, type, listener);
      return value;
    },
  };
  return disguised(wrapper, original);
}

/** Apart from the stand-ins: engines put these into their callers, and errors are rare. */
function failed(error: unknown, standIn: AnyFunction, self: unknown, args: readonly unknown[]): never {
  // What is no listener is refused before any code of the program's can run: the emitter's.
  const emitter = typeof args[1] === "function" ? self : undefined;
  hideFrames(error, { standIn, self: emitter, args });
  return throwAgain(error);
}

function noteAdded(to: ResourceRecorder, self: unknown, type: unknown, value: unknown): void {
  if (typeof self !== "object" || self === null) return;
  quiet.depth++;
  try {
    const key = keyOf(value);
    // Of an emitter that lives long each one is counted, once one is.
    const known = listenersOfEmitter(self);
    const id = to.add(
      DOMAIN_LISTENER,
      "listener",
      sizeOfListener(key !== value),
      known === null || known.isEmpty(),
    );
    if (id === 0) return;
    const listeners = known ?? newListenersOf(self);
    if (!listeners.token.isWatched) watch(self, listeners);
    listeners.add(type, key, value, id);
  } catch (error) {
    to.failed(error);
  } finally {
    quiet.depth--;
  }
}

function noteRemoved(self: unknown, type: unknown, value: unknown): void {
  if (typeof self !== "object" || self === null) return;
  const listeners = listenersOfEmitter(self);
  if (listeners === null || listeners.isEmpty()) return;
  quiet.depth++;
  try {
    const id = listeners.take(type, value);
    if (id !== 0) reporting.to?.end(id);
  } catch (error) {
    reporting.to?.failed(error);
  } finally {
    quiet.depth--;
  }
}

/** `prependListener`. */
export function notePrepended(_emitter: unknown, self: unknown, args: ArrayLike<unknown>): void {
  const to = recorderNow(false);
  if (to !== null) noteAdded(to, self, args[0], args[1]);
}

/** `removeAllListeners`. */
export function noteAllRemoved(_emitter: unknown, self: unknown, args: ArrayLike<unknown>): void {
  if (typeof self !== "object" || self === null) return;
  const listeners = listenersOfEmitter(self);
  if (listeners === null || listeners.isEmpty()) return;
  guardedly(() => {
    const isAll = args.length === 0;
    for (let id = listeners.takeAny(isAll, args[0]); id !== 0; id = listeners.takeAny(isAll, args[0]))
      reporting.to?.end(id);
  });
}

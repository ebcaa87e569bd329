// Browser compatible.
import { DOMAIN_LISTENER } from "../../vocabulary/domains.ts";
import { quiet } from "../calls/quiet.ts";
import { listenersFrom, listenersOf } from "./listeners.ts";
import { sizeOfListener } from "./resource_sizes.ts";
import { guardedly, recorderNow, reporting } from "./watched_function.ts";

// `once` calls `on` with a function of its own around the listener, and that one `removeListener` when it is called: as `Readable`, `process`,
// `events.once` and all others that add and remove do in the end.

/** `on`, `addListener`, `prependListener`: a listener is there. */
export function noteAdded(_emitter: unknown, self: unknown, args: ArrayLike<unknown>): void {
  const to = recorderNow(false);
  if (to === null || typeof self !== "object" || self === null) return;
  // No closure: servers add listeners to each request.
  quiet.depth++;
  try {
    const value = args[1];
    const key = keyOf(value);
    // Of an emitter that lives long each one is counted, once one is.
    const isFirst = (listenersOf(self)?.length ?? 0) === 0;
    const id = to.add(DOMAIN_LISTENER, "listener", sizeOfListener(key !== value), isFirst);
    if (id !== 0) listenersFrom(self).add(args[0], key, value, id);
  } catch (error) {
    to.failed(error);
  } finally {
    quiet.depth--;
  }
}

/** `off`, `removeListener`: it is not, if it was. */
export function noteRemoved(_emitter: unknown, self: unknown, args: ArrayLike<unknown>): void {
  if (typeof self !== "object" || self === null) return;
  const listeners = listenersOf(self);
  if (listeners === null || listeners.length === 0) return;
  guardedly(() => {
    const value = args[1];
    const listener = listeners.get(args[0], keyOf(value), value);
    if (listener === null) return;
    listeners.take(listener);
    reporting.to?.end(listener.id);
  });
}

/** `removeAllListeners`. */
export function noteAllRemoved(_emitter: unknown, self: unknown, args: ArrayLike<unknown>): void {
  if (typeof self !== "object" || self === null) return;
  const listeners = listenersOf(self);
  if (listeners === null) return;
  guardedly(() => {
    for (let i = listeners.length - 1; i >= 0; i--) {
      const listener = listeners.at(i);
      if (args.length > 0 && listener.type !== args[0]) continue;
      listeners.take(listener);
      reporting.to?.end(listener.id);
    }
  });
}

/** What `once` has put around a listener names it, as `rawListeners` shows. */
function keyOf(value: unknown): unknown {
  const inner = typeof value === "function" ? (value as { listener?: unknown }).listener : undefined;
  return typeof inner === "function" ? inner : value;
}

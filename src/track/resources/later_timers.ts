// Browser compatible.

import { DOMAIN_TIMER } from "../../vocabulary/domains.ts";
import { type AnyFunction, disguised } from "../builtins/builtin_stand_ins.ts";
import { hideFrames, throwAgain } from "../texts/hide_frames.ts";
import { endWith, owned } from "./owners.ts";
import { sizeOfLaterTimer } from "./resource_sizes.ts";
import { type After, asOne, guardedly, recorderNow, reporting, watchedFunction } from "./watched_function.ts";

const { apply } = Reflect;
const { then } = Promise.prototype;
const PromiseOfHost = Promise;

/**
 * Makes the function that stands in for one of `timers/promises`: the program gets a promise of the host's, settled right after it has been
 * counted out. (The host's own says to nobody that it is settled, without being taken for handled.)
 */
export function laterTimer(original: AnyFunction, type: string): AnyFunction {
  const called = asOne(original);
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see `watchedFunction`
      const args = arguments;
      let promise: unknown;
      try {
        promise = apply(called, this, args);
      } catch (error) {
        hideFrames(error, { standIn: wrapper, self: this, args });
        return throwAgain(error);
      }
      const id = promise instanceof PromiseOfHost ? counted(type) : 0;
      if (id === 0) return promise;
      return apply(then, promise, [
        (value: unknown) => {
          reporting.to?.end(id);
          return value;
        },
        (error: unknown) => {
          reporting.to?.end(id);
          return throwAgain(error);
        },
      ]);
    },
  };
  return disguised(wrapper, original);
}

/** `timers/promises` `setInterval` gives a generator, which has its timer until it is left, and is let go of then. */
export function tickingFunction(original: AnyFunction): AnyFunction {
  const after: After = (ticks) => {
    if (typeof ticks !== "object" || ticks === null) return;
    const id = counted("interval");
    if (id !== 0) endWith(ticks, owned.place(id));
  };
  return watchedFunction(original, after, { isOne: true });
}

function counted(type: string): number {
  const to = recorderNow(true);
  let id = 0;
  if (to !== null) guardedly(() => (id = to.add(DOMAIN_TIMER, type, sizeOfLaterTimer(type), true)));
  return id;
}

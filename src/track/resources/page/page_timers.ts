// Browser compatible.
import { detectEngine } from "../../../host/engine.ts";
import { SafeMap } from "../../../tables/safe_collections.ts";
import { DOMAIN_TIMER } from "../../../vocabulary/domains.ts";
import { type AnyFunction, disguised } from "../../builtins/builtin_stand_ins.ts";
import { hideFrames, throwAgain } from "../../texts/hide_frames.ts";
import { sizeOfLaterTimer } from "../resource_sizes.ts";
import { type After, guardedly, recorderNow, reporting } from "../watched_function.ts";

const { apply } = Reflect;
const ProxyOfHost = Proxy;
/** Safari shows a Proxy's call on its stacks, but makes tail calls. */
const HAS_TAIL_CALLS = detectEngine() === "jsc";

/** By the numbers that pages have for them, the timers that are counted. */
const timers = new SafeMap<number, number>();

/** Makes the function that stands in for `setTimeout` or `setInterval`. */
export function pageTimer(original: AnyFunction, type: "timeout" | "interval"): AnyFunction {
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: a rest parameter would be made an array for each call
      const args = arguments;
      const timer = { number: 0 };
      const id = typeof args[0] === "function" ? counted(type) : 0;
      if (id !== 0 && type === "timeout") args[0] = noted(args[0] as AnyFunction, () => over(timer.number));
      let number: unknown;
      try {
        number = apply(original, this, args);
      } catch (error) {
        reporting.to?.end(id);
        hideFrames(error, { standIn: wrapper, self: this, args });
        return throwAgain(error);
      }
      if (id !== 0 && typeof number === "number") timers.set((timer.number = number), id);
      return number;
    },
  };
  return disguised(wrapper, original);
}

/** `clearTimeout`, `clearInterval`: each ends what the other one makes, too. */
export const noteCleared: After = (_, __, { 0: number }) => {
  if (typeof number === "number" || typeof number === "string") over(+number);
};

function over(number: number): void {
  const id = timers.get(number);
  if (id === undefined) return;
  timers.delete(number);
  guardedly(() => reporting.to?.end(id));
}

/** The function, told when it is called, without a frame on its stack. */
function noted(callback: AnyFunction, called: () => void): AnyFunction {
  if (HAS_TAIL_CALLS) {
    return function (this: unknown): unknown {
      called();
      // biome-ignore lint/complexity/noArguments: the host's own
      return apply(callback, this, arguments);
    };
  }
  return new ProxyOfHost(callback, {
    __proto__: null, // a page can put `get` on `Object.prototype`
    get apply() {
      called();
      return apply;
    },
  } as ProxyHandler<AnyFunction>);
}

function counted(type: string): number {
  const to = recorderNow(false);
  let id = 0;
  if (to !== null) guardedly(() => (id = to.add(DOMAIN_TIMER, type, sizeOfLaterTimer(type), true)));
  return id;
}

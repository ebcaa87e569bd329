// Browser compatible.
import { type AnyFunction, disguised } from "../builtins/builtin_stand_ins.ts";
import { quiet } from "../calls/quiet.ts";
import { shadowStack } from "../calls/shadow_stack.ts";
import { hideFrames, throwAgain } from "../texts/hide_frames.ts";
import type { ResourceRecorder } from "./resource_recorder.ts";

const { apply } = Reflect;

/** Whom stand-ins report to. While it is null, what a program has kept of them passes calls on. */
export const reporting: { to: ResourceRecorder | null } = { to: null };

/** Told what a function has given, and what it was called with. It must not throw. */
export type After = (value: unknown, self: unknown, args: ArrayLike<unknown>) => void;

/** What is special of a function. */
interface Special {
  /** It asks for others in turn, which are not counted. */
  readonly isOne?: boolean;
  /** Gives the new function properties that it shall not have of the other one. */
  readonly prepare?: (wrapper: AnyFunction) => void;
}

/** Makes the function that stands in for another one: it calls it as it comes, and tells afterwards. */
export function watchedFunction(
  original: AnyFunction,
  after: After,
  { isOne = false, prepare }: Special = {},
): AnyFunction {
  const called = isOne ? asOne(original) : original;
  // A method, because it cannot be called with `new`; `arguments`, because a rest parameter would be made an array for each call.
  const { wrapper } = {
    wrapper(this: unknown): unknown {
      // biome-ignore lint/complexity/noArguments: see above
      const args = arguments;
      let value: unknown;
      try {
        value = apply(called, this, args);
      } catch (error) {
        // What is no listener is refused before any code of the program's can run: the emitter's.
        const self = typeof args[1] === "function" ? this : undefined;
        hideFrames(error, { standIn: wrapper, self, args });
        return throwAgain(error);
      }
      if (quiet.depth === 0) after(value, this, args);
      return value;
    },
  };
  prepare?.(wrapper);
  return disguised(wrapper, original);
}

/** Above 0 while a function of the host's is running that is counted itself. */
let insideOfHost = 0;

/** The same function, for one that asks for others in turn: Bun's `timers/promises` for timers, Node's `addEventListener` for one of the signal's. */
export function asOne(original: AnyFunction): AnyFunction {
  return function (this: unknown): unknown {
    insideOfHost++;
    try {
      // biome-ignore lint/complexity/noArguments: a rest parameter would be made an array for each call
      return apply(original, this, arguments);
    } finally {
      insideOfHost--;
    }
  };
}

/** Whom to tell of a resource that is asked for now; null: nobody, or there is no line to charge. */
export function recorderNow(mayCapture: boolean): ResourceRecorder | null {
  const { to } = reporting;
  if (to === null || quiet.depth > 0 || insideOfHost > 0) return null;
  return shadowStack[0] > 1 || (mayCapture && to.capturesStacks) ? to : null;
}

/** Runs the tracker's own work. The program goes on whatever happens there. */
export function guardedly(work: () => void): void {
  quiet.depth++;
  try {
    work();
  } catch (error) {
    reporting.to?.failed(error);
  } finally {
    quiet.depth--;
  }
}

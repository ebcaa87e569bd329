// Browser compatible.
import { files } from "../../track/calls/file_registry.ts";

const { apply } = Reflect;
const { endsWith } = String.prototype;

let expectsNoCalls = false;

/** Says that the code of this process will not record its calls: before anything has been loaded. */
export function expectNoCalls(): void {
  expectsNoCalls = true;
}

/** Whether all code records its calls, as far as it has been loaded. */
export function recordsCalls(): boolean {
  // The last that a payload has is where the file calls, if it does not record that.
  for (let i = 0; i < files.length; i++) if (apply(endsWith, files[i].payload, ['"]]'])) return false;
  return !expectsNoCalls;
}

let hasWarned = false;

/** For exact mode where calls are not recorded: says so once, with what to set. */
export function warnOfCalls(nframe: number, warn: (message: string) => void): void {
  if (hasWarned) return;
  hasWarned = true;
  warn(
    `start({ nframe: ${nframe}, sampling: "exact" }) finds code that does not record its calls, so that tracebacks are ` +
      `short: run the program with TRACEMALLOC_SAMPLING=exact (bundle it without calls: false), or start with sampling: "adaptive"`,
  );
}

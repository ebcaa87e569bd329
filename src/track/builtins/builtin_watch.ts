// Browser compatible.

import type { BuiltinRecorder } from "../calls/recorder.ts";
import { settleBuiltins } from "./builtin_stand_ins.ts";
import { installBuiltins } from "./builtins.ts";

/** What watches built-in functions that allocate, as far as the recording of allocations needs to know. */
export interface BuiltinWatch {
  /**
   * @param constructors Which of the table's have stand-ins, too; absent: all.
   * @returns Takes the stand-ins away.
   */
  install(to: BuiltinRecorder, constructors?: readonly string[]): () => void;
  /** Counts what has been made, but not been reported yet: before figures are read. */
  settle(): void;
}

/** The stand-ins. */
export const builtinWatch: BuiltinWatch = { install: installBuiltins, settle: settleBuiltins };

// Browser compatible.
// What `start_recording.ts` fetches to follow all objects, or one in so many bytes.

import { modeFor } from "../../traces/session/modes.ts";
import type { CheckedOptions } from "../../vocabulary/start_options.ts";
import { startRecording } from "../recording.ts";

/** As `startRecording`, whatever shall be sampled. */
export function startInMode(options: CheckedOptions): boolean {
  return startRecording(options, modeFor(options.sampling, options.seed));
}

// Browser compatible.

// What `page_recording.ts` fetches to follow all objects, or one in so many bytes.
import { startRecording } from "./recording.ts";
import type { CheckedOptions } from "./start_options.ts";
import { modeFor } from "./traces/modes.ts";

/** As `startRecording`, whatever shall be sampled. */
export function startInMode(options: CheckedOptions): boolean {
  return startRecording(options, modeFor(options.sampling, options.seed));
}

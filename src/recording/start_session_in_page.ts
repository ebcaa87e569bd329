// Browser compatible.
// Takes the place of `start_session.ts` in what bundlers make for pages ("browser" of package.json).

import { modeFor } from "../traces/session/modes.ts";
import type { CheckedOptions } from "../vocabulary/start_options.ts";
import { startRecording } from "./recording.ts";

/** Starts recording, whatever shall be sampled. */
export function startSession(options: CheckedOptions): void {
  startRecording(options, modeFor(options.sampling, options.seed));
}

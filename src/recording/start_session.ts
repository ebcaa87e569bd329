// Browser compatible.

import { ByteSession } from "../traces/byte_session.ts";
import { Countdown } from "../traces/countdown.ts";
import { modeFor } from "../traces/modes.ts";
import { NativeSession } from "../traces/native_session.ts";
import { recordsCalls, warnOfCalls } from "../traces/recorded_calls.ts";
import { hasNativeStacks } from "../track/calls/native_stack.ts";
import type { CheckedOptions } from "../vocabulary/start_options.ts";
import { warn } from "../vocabulary/warn.ts";
// In pages, `start_session_in_page.ts` takes its place ("browser" of package.json): what bundlers make for them records its calls.
import { currentSession, resumeRecording, startRecording } from "./recording.ts";

/** Starts recording, whatever shall be sampled. Where code does not record its calls, call paths are those of the engine's stacks. */
export function startSession(options: CheckedOptions): void {
  const { sampling, seed, nframe } = options;
  const mode = modeFor(sampling, seed);
  const hasPaths = nframe === 1 || recordsCalls();
  if (!hasPaths && sampling === "exact") warnOfCalls(nframe, warn);
  if (sampling === "exact" || (sampling === "adaptive" && (hasPaths || !hasNativeStacks))) {
    startRecording(options, mode);
    return;
  }
  // It knows its first block's id, and what to do when the tracker fails.
  startRecording(options, mode);
  const plain = currentSession()!;
  const onFailure = (error: unknown): void => plain.failed(error);
  const own = { ...options, ...mode, firstId: plain.blocks.firstId, onFailure };
  if (sampling === "adaptive") resumeRecording(new NativeSession(own));
  else {
    const countdown = new Countdown(sampling, seed);
    resumeRecording(new ByteSession({ ...own, sampler: countdown }, countdown, hasPaths || !hasNativeStacks));
  }
}

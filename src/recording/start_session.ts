// Browser compatible.
// In pages whose code records its calls, `start_session_in_page.ts` takes its place ("browser" of package.json).

import { recordsCalls, warnOfCalls } from "../traces/paths/recorded_calls.ts";
import { ByteSession, NativeByteSession } from "../traces/session/byte_session.ts";
import { modeFor } from "../traces/session/modes.ts";
import { NativeSession } from "../traces/session/native_session.ts";
import type { Session } from "../traces/session/session.ts";
import { WideSession } from "../traces/session/wide_session.ts";
import { hasNativeStacks } from "../track/calls/native_stack.ts";
import type { CheckedOptions } from "../vocabulary/start_options.ts";
import { warn } from "../vocabulary/warn.ts";
import { startRecording } from "./recording.ts";

/** Starts recording, whatever shall be sampled. Where code does not record its calls, call paths are those of the engine's stacks. */
export function startSession(options: CheckedOptions): void {
  const { sampling, seed, nframe } = options;
  const hasPaths = nframe === 1 || recordsCalls();
  if (!hasPaths && sampling === "exact") warnOfCalls(nframe, warn);
  const hasCalls = hasPaths || !hasNativeStacks;
  startRecording(options, modeFor(sampling, seed), kindOf(sampling, hasCalls));
}

function kindOf(sampling: CheckedOptions["sampling"], hasCalls: boolean): typeof Session {
  if (sampling === "exact") return WideSession;
  if (sampling === "adaptive") return hasCalls ? WideSession : NativeSession;
  return hasCalls ? ByteSession : NativeByteSession;
}

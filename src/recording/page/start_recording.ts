// Browser compatible.
// What `browser.ts` fetches to start tracing: a module of its own, as bundlers keep all that such a module exports.

import { enlarge, type Growth, thinning } from "../../traces/growth/growth.ts";
import { AdaptiveSampler } from "../../traces/sampling/sampler.ts";
import { registeredFiles } from "../../track/calls/file_registry.ts";
import { engineWithoutSizes } from "../../track/sizes/size.ts";
import type { CheckedOptions, StartOptions } from "../../vocabulary/start_options.ts";
import { modeAtOnce } from "../at_once.ts";
import { currentSession, startRecording } from "../recording.ts";

/**
 * Starts recording; then fetches the stand-ins for built-ins, and puts them in place.
 *
 * @param isWanted Whether it has not been stopped meanwhile.
 */
export async function startInPage(
  options: number | StartOptions | undefined,
  isWanted: () => boolean,
): Promise<void> {
  const checked = await check(options);
  if (engineWithoutSizes) (await import("./sizes_of_engine.ts")).useSizesOfEngine();
  thinning.makeRoom = makeRoomAndFetch;
  if (!registeredFiles()) (await import("./extras.ts")).warnUninstrumented();
  const start =
    checked.sampling === modeAtOnce ? startAdaptive : (await import("./other_modes.ts")).startInMode;
  if (!isWanted() || !start(checked)) return;
  // The page has recorded for a moment when it comes.
  import("./add_timeline.ts").then(
    ({ addTimeline }) => addTimeline(),
    () => {},
  );
  if (!checked.builtins) return;
  const session = currentSession();
  (await import("./watch_builtins.ts")).watchFor(session);
}

/** So many containers have been made that the dead have to be forgotten: from the next time on, when it has been fetched. */
function makeRoomAndFetch(growth: Growth): void {
  enlarge(growth);
  import("./extras.ts").then(
    ({ thinnedGrowth }) => void Object.assign(thinning, thinnedGrowth),
    () => {},
  );
}

function startAdaptive(options: CheckedOptions): boolean {
  return startRecording(options, { sampler: new AdaptiveSampler(options.seed) });
}

/** What is plainly right is used at once; for anything else its check is fetched, which says what is wrong. */
async function check(options: number | StartOptions | undefined): Promise<CheckedOptions> {
  const given: { [Key in keyof StartOptions]: StartOptions[Key] | undefined } =
    options && typeof options === "object" ? options : { nframe: options };
  const { nframe = 1, sampling = "exact", builtins = true, seed = null } = given;
  const isPlain =
    Number.isInteger(nframe) &&
    nframe > 0 &&
    nframe < 65536 &&
    (sampling === "adaptive" || sampling === "exact") &&
    builtins === !!builtins &&
    seed === null;
  if (isPlain) return { nframe, sampling, builtins, seed };
  return (await import("./extras.ts")).checkStartOptions(options);
}

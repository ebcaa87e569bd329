// Browser compatible.

// What `browser.ts` fetches to start tracing: a module of its own, as bundlers keep all that such a module exports.
import { currentSession, startRecording } from "./recording.ts";
import type { CheckedOptions, StartOptions } from "./start_options.ts";
import { detectEngine } from "./track/engine.ts";
import { registeredFiles } from "./track/hub.ts";
import { type SizeModel, sizes, useSizes } from "./track/size.ts";

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
  if (sizes.object === undefined) useSizes(await ownSizes());
  if (registeredFiles() === 0) (await import("./page_extras.ts")).warnUninstrumented();
  if (!isWanted() || !startRecording(checked) || !checked.builtins) return;
  const session = currentSession();
  const { watchFor } = await import("./page_builtins.ts");
  watchFor(session);
}

/** What is surely right is used at once; what looks wrong has its check fetched, which says why. */
async function check(options: number | StartOptions | undefined): Promise<CheckedOptions> {
  const given: { [Key in keyof StartOptions]: StartOptions[Key] | undefined } =
    typeof options === "object" && options !== null ? options : { nframe: options };
  const { nframe = 1, sampling = "exact", builtins = true, seed = null } = given;
  const isRight =
    isIntegerFrom(1, nframe, 65535) &&
    (sampling === "exact" || sampling === "adaptive" || (Number.isFinite(sampling) && sampling >= 1)) &&
    typeof builtins === "boolean" &&
    (seed === null || isIntegerFrom(-(2 ** 31), seed, 2 ** 32 - 1));
  if (isRight) return { nframe, sampling, builtins, seed };
  return (await import("./page_extras.ts")).checkStartOptions(options);
}

function isIntegerFrom(least: number, value: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

/** The model of the engine that runs the page: there is no need for the others'. */
async function ownSizes(): Promise<SizeModel> {
  const engine = detectEngine();
  if (engine === "jsc") return (await import("./track/size_jsc.ts")).jscModel();
  if (engine === "spidermonkey") return (await import("./track/size_spidermonkey.ts")).spiderMonkeyModel();
  return (await import("./track/size_v8.ts")).v8Model(engine === "v8" ? 8 : 4);
}

// Browser compatible.

// What `browser.ts` fetches to start tracing: a module of its own, as bundlers keep all that such a module exports.
import { currentSession, startRecording, watchBuiltins } from "./recording.ts";
import { checkStartOptions, type StartOptions } from "./start_options.ts";

export { collect } from "./recording.ts";

/** Starts recording; then fetches the stand-ins for built-ins, and puts them in place. */
export async function startInPage(options: number | StartOptions | undefined): Promise<void> {
  const checked = checkStartOptions(options);
  if (!startRecording(checked) || !checked.builtins) return;
  const session = currentSession();
  const { builtinWatch } = await import("./track/builtin_watch.ts");
  // It may have been stopped meanwhile, and started again.
  if (currentSession() === session) watchBuiltins(builtinWatch);
}

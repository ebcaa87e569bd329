// Browser compatible.

// What `page_recording.ts` fetches in Firefox and Safari.
import { currentSession } from "./recording.ts";
import { useOwnSizes } from "./track/size_models.ts";

/** Has objects measured as the engine lays them out: from the next session on. */
export function useSizesOfEngine(): void {
  if (currentSession() === null) useOwnSizes();
}

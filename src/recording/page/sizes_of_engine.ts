// Browser compatible.
// What `start_recording.ts` fetches in Firefox and Safari.

import { useOwnSizes } from "../../track/sizes/size_models.ts";
import { currentSession } from "../recording.ts";

/** Has objects measured as the engine lays them out: from the next session on. */
export function useSizesOfEngine(): void {
  if (currentSession() === null) useOwnSizes();
}

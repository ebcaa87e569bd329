// Browser compatible.

import { currentSession } from "./recording.ts";
import { settle } from "./traces/collect.ts";

/**
 * Settles what is alive: collects garbage where the engine lets us, then yields to the event loop until its finalizers
 * are quiet. Resolves after at most 12 rounds.
 */
export async function collect(): Promise<void> {
  await settle(() => -(currentSession()?.registered ?? 0));
  await new Promise<void>((resolve) => {
    const session = currentSession();
    if (session === null) resolve();
    else session.blocks.settle(resolve);
  });
}

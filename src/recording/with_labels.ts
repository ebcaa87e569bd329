// Browser compatible.
import { LabelShares } from "../traces/following/label_shares.ts";
import { type Labels, labelSets } from "../traces/labels/labels.ts";
import { quietly } from "../track/calls/quietly.ts";
import { currentSession } from "./recording.ts";

/**
 * Calls `run`, and has what is allocated in it, and in what it starts (callbacks, promises, timers), carry labels: `statistics("label:route")`
 * and `tracemalloc top --by label:route` tell them apart, as do pprof tools. Labels that hold already go on holding beside them. On
 * `AsyncLocalStorage`: Node, Deno and Bun.
 *
 * @param labels At most 8 at once; names of letters, digits, `.`, `_` and `-`, texts of at most 200 characters. 255 different sets are told
 * apart, values of further ones count as `<others>`, which is said once.
 * @returns What `run` gives.
 * @throws {TypeError | RangeError} when labels are of the wrong kind, or too many or too long.
 *
 * @example
 * ```ts
 * import { withLabels } from "tracemalloc/labels";
 * const answer = withLabels({ route: "/orders/:id" }, () => ({ id: 17 }));
 * console.log(answer.id); // 17
 * ```
 */
export function withLabels<T>(labels: Labels, run: () => T): T {
  if (typeof run !== "function") throw new TypeError(`withLabels: expected a function, got ${typeof run}`);
  const session = currentSession();
  if (session !== null && session.blocks.labels === undefined) {
    const { blocks, options } = session;
    blocks.labels = quietly(() => new LabelShares(blocks, options.sampler, options.seed));
  }
  return labelSets.within(labels, run);
}

// Browser compatible.

import { type Finalizers, settle } from "../traces/liveness/collect.ts";
import { currentSession } from "./recording.ts";

const OwnPromise = Promise;
const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;

/** What looks at the heap when all is settled; null: nobody does. */
let look: (() => Promise<void>) | null = null;

/** Has `collect()` wait for a look at the heap in the end. */
export function lookWhenCollected(by: (() => Promise<void>) | null): void {
  look = by;
}

/**
 * Settles what is alive: collects garbage where the engine lets us, then yields to the event loop until its finalizers have
 * run, again until two collections have freed nothing more, at most 12. In exact mode on V8 it searches the heap then, if a line has made more than are watched one by
 * one: 2.5 µs for each object that is alive. Under the preload on Node, V8's heap is looked at in the end for what the engine and Node have made for
 * the program's objects: the program stands still for 10 to 20 ms for each MiB of it.
 */
export async function collect(): Promise<void> {
  await settleBlocks();
  await look?.();
}

/** The same without a look at the heap. */
export async function settleBlocks(): Promise<void> {
  await settle(currentSession()?.following ?? noBlocks());
  await currentSession()?.natives?.known();
  await new OwnPromise<void>((resolve) => {
    const exact = currentSession()?.blocks.exact;
    if (exact === undefined) resolve();
    else exact.settle(resolve);
  });
}

/** While nothing is traced, the program's garbage is collected all the same. */
function noBlocks(): Finalizers {
  const registry = new OwnRegistry<number>((number) => {
    if (number > finalizers.lastCanary) finalizers.lastCanary = number;
  });
  registry.register = register;
  const finalizers = {
    freed: 0,
    lastCanary: 0,
    watchCanary: (canary: object, number: number): void => registry.register(canary, number),
  };
  return finalizers;
}

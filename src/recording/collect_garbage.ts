// Browser compatible.

import { type Finalizers, settle } from "../traces/liveness/collect.ts";
import { currentSession } from "./recording.ts";

const OwnPromise = Promise;
const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;

/**
 * Settles what is alive: collects garbage where the engine lets us, then yields to the event loop until its finalizers have
 * run, again until two collections have freed nothing more, at most 12. In exact mode on V8 it searches the heap then, if a line has made more than are watched one by
 * one: 2.5 µs for each object that is alive.
 */
export async function collect(): Promise<void> {
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

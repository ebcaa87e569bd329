// Browser compatible.
import { reporting } from "./watched_function.ts";

const OwnRegistry = FinalizationRegistry;
const { register } = OwnRegistry.prototype;

/** Numbers of what is gone when its owner is: these, in places of an array; what is no longer there is 0. */
export interface Tally {
  ids: (number | undefined)[];
  length: number;
}

const registry: FinalizationRegistry<Tally | number> = new OwnRegistry((held) => {
  if (typeof held === "number") reporting.to?.end(held);
  else for (let i = 0; i < held.length; i++) reporting.to?.end(held.ids[i]!);
});
registry.register = register; // its own, whatever becomes of the prototype's

/** Has resources end when their owner is collected: one, or those that the tally has by then. */
export function endWith(owner: object, held: Tally | number): void {
  registry.register(owner, held);
}

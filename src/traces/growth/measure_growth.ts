// Browser compatible.
import type { Growth, Watched } from "./growth.ts";

const { apply } = Reflect;
const { deref } = WeakRef.prototype;

/** Visits all that are alive, to be measured. Objects seen here stay alive until the current job ends. */
export function measureGrowth(growth: Growth, visit: (watched: Watched, object: object) => void): void {
  const { watched, count } = growth;
  let alive = 0;
  for (let i = 0; i < count; i++) {
    const each = watched[i]!;
    const object = apply(deref, each.ref, []) as object | undefined;
    watched[i] = undefined;
    if (object === undefined) continue;
    watched[alive++] = each;
    visit(each, object);
  }
  growth.count = alive;
}

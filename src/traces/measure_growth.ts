// Browser compatible.
import type { Growth, Watched } from "./growth.ts";

/** Visits all that are alive, to be measured. Objects seen here stay alive until the current job ends. */
export function measureGrowth(growth: Growth, visit: (watched: Watched, object: object) => void): void {
  const { watched, count } = growth;
  let alive = 0;
  for (let i = 0; i < count; i++) {
    const each = watched[i]!;
    const object = each.ref.deref();
    watched[i] = undefined;
    if (object === undefined) continue;
    watched[alive++] = each;
    visit(each, object);
  }
  growth.count = alive;
}

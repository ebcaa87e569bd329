// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { DOMAIN_HEAP } from "../../vocabulary/domains.ts";
import { isResource } from "../views/resource_counts.ts";
import { domainName } from "../views/stats.ts";
import type { ReportModel } from "./model.ts";

/** What the blocks of the model's types are, but for objects: a line that adds a listener has the function and the listener. */
export function otherKinds(
  snapshots: readonly Snapshot[],
  names: readonly string[],
): ReportModel["otherKinds"] {
  const numbers = new Map(names.map((name, number) => [name, number]));
  const kinds = new Map<string, Set<number>>();
  let hasResources = false;
  for (const { columns } of snapshots) {
    const { domain, type } = columns.blocks;
    for (let row = 0; row < domain.length; row++) {
      if (domain[row] === DOMAIN_HEAP) continue;
      hasResources ||= isResource(domain[row]);
      const kind = isResource(domain[row]) ? domainName(domain[row]) : "blocks";
      const number = numbers.get(columns.types[type[row]]);
      if (number === undefined) continue;
      const types = kinds.get(kind);
      if (types === undefined) kinds.set(kind, new Set([number]));
      else types.add(number);
    }
  }
  return hasResources ? Array.from(kinds, ([kind, types]) => ({ kind, types: [...types] })) : [];
}

// What is counted in a domain, by line.
import { DomainFilter, type DomainName, takeSnapshot } from "../../../mod.ts";

/** How many are alive, by line; lines without any are left out. */
export function counted(domain: DomainName): Record<number, number> {
  const counts: Record<number, number> = {};
  const statistics = takeSnapshot()
    .filterTraces([new DomainFilter(true, domain)])
    .statistics("lineno");
  for (const { count, traceback } of statistics) {
    const frame = traceback.at(-1)!;
    if (count > 0) counts[frame.lineno] = (counts[frame.lineno] ?? 0) + count;
  }
  return counts;
}

/** Lets the event loop go on until something is so; fails the test after many turns. */
export async function until(is: () => boolean): Promise<void> {
  const { setTimeout } = globalThis;
  for (let turn = 0; !is(); turn++) {
    if (turn === 2000) throw new Error("it did not come to be");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

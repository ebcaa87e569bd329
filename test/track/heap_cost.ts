// What the engine itself says an object costs: its heap's growth over many of them.
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

interface Heap {
  collect(): void;
  used(): number;
  /** Bytes in use when nothing more can be collected. */
  settled(): number;
}

interface BunJsc {
  fullGC(): void;
  heapStats(): { heapSize: number };
}

/** "v8" or "jsc": the engines of the runtimes that the tests run on. */
export const engine: "v8" | "jsc" = "Bun" in globalThis ? "jsc" : "v8";

async function openHeap(): Promise<Heap> {
  if (engine === "jsc") {
    const name = "bun:jsc";
    const jsc = (await import(name)) as BunJsc;
    return settling({ collect: () => jsc.fullGC(), used: () => jsc.heapStats().heapSize });
  }
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  return settling({ collect, used: () => getHeapStatistics().used_heap_size });
}

function settling({ collect, used }: Omit<Heap, "settled">): Heap {
  const settled = (): number => {
    for (let i = 0; i < 3; i++) collect();
    return used();
  };
  return { collect, used, settled };
}

export const heap: Heap = await openHeap();
/** JavaScriptCore frees one case's objects late, and would take them off the next one's: there nothing of it dies. */
const kept: unknown[][] = [];
const WARM_UP = 300;

/**
 * Bytes of the heap per object that `make` gives, and of what it alone holds. V8 is measured twice: what the process makes once, meanwhile, is in one
 * of the two figures.
 */
export function heapCost(make: (i: number) => unknown, count = 2000): number {
  const cost = measuredCost(make, count);
  return engine === "v8" ? Math.min(cost, measuredCost(make, count)) : cost;
}

function measuredCost(make: (i: number) => unknown, count: number): number {
  const objects = new Array<unknown>(count).fill(null);
  const warm: unknown[] = [];
  if (engine === "v8") kept.length = 0;
  kept.push(objects, warm);
  for (let i = 0; i < WARM_UP; i++) warm.push(make(i));
  heap.collect();
  heap.collect();
  const before = heap.used();
  for (let i = 0; i < count; i++) objects[i] = make(i);
  heap.collect();
  heap.collect();
  return (heap.used() - before) / count;
}

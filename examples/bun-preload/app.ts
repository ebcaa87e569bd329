import { collect, getTracebackLimit, takeSnapshot } from "tracemalloc";
import { History } from "./history.ts";

// TRACEMALLOC=1 in the environment has started tracing before this file was loaded.
console.log(`tracing with ${getTracebackLimit()} frame`);

const history = new History();
for (let step = 0; step < 10_000; step++) history.record(step, step * step);

await collect(); // what is garbage by now does not count
const snapshot = takeSnapshot();
console.log("[ Top 3 ]");
for (const stat of snapshot.statistics("lineno").slice(0, 3)) console.log(String(stat));
console.log(`${history.length} entries kept`);

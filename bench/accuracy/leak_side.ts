// One process of `leaks.ts`: warms a case up, has it leak between two looks, and prints what grew.
import { pathToFileURL } from "node:url";

const isTraced = process.env.TRACEMALLOC !== "";
const api = isTraced ? await import("tracemalloc") : null;
const folder = process.argv[2];
process.chdir(folder);
const { iterate, N = 1000 } = (await import(pathToFileURL(`${folder}/leak.mjs`).href)) as {
  iterate: (iterations: number) => unknown;
  N?: number;
};

/** Bytes in use when all has come to rest. */
async function settled(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    (globalThis as { gc?: () => void }).gc!();
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  await api?.collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

// Caches, feedback and hidden classes are there after these.
await iterate(Math.min(N, 200));
await iterate(N);
const before = await settled();
const older = api?.takeSnapshot();
await iterate(N);
const after = await settled();
const grown =
  api && older
    ? api
        .takeSnapshot()
        .compareTo(older, "lineno")
        .filter(({ sizeDiff }) => sizeDiff > 0)
    : null;
const growth = grown?.reduce((sum, { sizeDiff }) => sum + sizeDiff, 0) ?? after - before;
const lines = (grown ?? []).slice(0, 3).map(({ traceback }) => {
  const { filename, lineno } = traceback.at(-1)!;
  return { filename, lineno };
});
console.log(`answer:${JSON.stringify({ growth: growth / N, lines })}`);
process.exit(0);

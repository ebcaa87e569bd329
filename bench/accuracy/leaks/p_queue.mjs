import PQueue from "p-queue";

const ac = new AbortController();
const q = new PQueue();
export const N = 1000;
export const iterate = async (n) => {
  for (let i = 0; i < n; i++) await q.add(async () => ({ i }), { signal: ac.signal });
};

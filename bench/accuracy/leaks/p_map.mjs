import pMap from "p-map";

const ac = new AbortController();
process.removeAllListeners("warning");
export const N = 1000;
export const iterate = async (n) => {
  for (let i = 0; i < n; i++) await pMap([i], async (x) => ({ x }), { signal: ac.signal });
};

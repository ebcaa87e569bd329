// Browser compatible.

/** By a name at the beginning of the file that no `.heapprofile` has. */
const KINDS: Readonly<Record<string, string>> = {
  // V8's, and what `bun --heap-prof` writes.
  snapshot:
    "a heap snapshot, which tells what there is and not who allocated it (what bun --heap-prof calls .heapprofile is one); tracemalloc why reads V8's",
  nodeClassNames: "a heap snapshot of JavaScriptCore's (Bun, Safari)",
  timeDeltas: "a CPU profile",
  startTime: "a CPU profile",
  $schema: "a file for speedscope",
  traceEvents: "a trace of Chrome's",
  tracebackLimit: "JSON that tracemalloc export has written, which it does not read again",
};

/** What JSON is that begins with these names, where they tell. */
export function otherJson(keys: readonly string[]): string | undefined {
  for (const key of keys) if (Object.hasOwn(KINDS, key)) return KINDS[key];
  return undefined;
}

// Browser compatible.

/** The JavaScript host this code runs on. */
export type Runtime = "node" | "deno" | "bun" | "browser";

/**
 * What a host must have for each feature, as data.
 * `since` is the first version of each release line that has it; `evidence` is where that can be checked.
 */
export const BOUNDARIES = {
  /** Synchronous module hooks that see both `import` and `require`. */
  registerHooks: {
    node: ["22.15.0", "23.5.0"],
    // The oldest Deno that was tried.
    deno: ["2.9.6"],
    evidence: "https://nodejs.org/api/module.html#moduleregisterhooksoptions",
  },
  /** Files that imported CommonJS requires go through the hooks, too. */
  commonJsThroughHooks: {
    node: ["22.22.3", "24.11.1"],
    evidence: "measured for the design (section 7), on Node 22, 24 and 26",
  },
  /** A runtime plugin's `onLoad` may return nothing; until then it answers for every file that its filter matches. */
  bunOnLoadFallsThrough: {
    bun: [],
    evidence: "https://github.com/oven-sh/bun/issues/5303",
  },
  /** CommonJS text that `onLoad` returns is run as CommonJS; until then we compile it ourselves. */
  bunOnLoadCommonJs: {
    bun: [],
    evidence: "https://github.com/oven-sh/bun/issues/39786",
  },
} as const;

/** Names the host, looking at what only that host has (Deno and Bun both have a `process`, too). */
export function currentRuntime(): Runtime {
  const host = globalThis as { Deno?: unknown; Bun?: unknown; process?: { versions?: { node?: string } } };
  if (host.Bun !== undefined) return "bun";
  if (host.Deno !== undefined) return "deno";
  return host.process?.versions?.node === undefined ? "browser" : "node";
}

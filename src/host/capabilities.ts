// Browser compatible.
import { host } from "./host.ts";

/** The JavaScript host this code runs on. */
export type Runtime = "node" | "deno" | "bun" | "browser";

/**
 * What a host must have for each feature, as data.
 * `since` is the first version of each release line that has it; `evidence` is where that can be checked.
 */
export const BOUNDARIES = {
  /** What the package takes; package.json's `engines` and the README say the same. */
  supported: {
    node: ["22.18.0"],
    evidence: "the libraries that it stands on: https://babeljs.io/docs/v8-migration",
  },
  /** Synchronous module hooks that see both `import` and `require`. */
  registerHooks: {
    node: ["22.15.0", "23.5.0"],
    // The oldest Deno that was tried.
    deno: ["2.9.6"],
    evidence: "https://nodejs.org/api/module.html#moduleregisterhooksoptions",
  },
  /**
   * V8's scavenger lets go of what only a WeakRef or a FinalizationRegistry leads to (`--handle-weak-ref-weakly-in-minor-gc`
   * is on); until then it takes it for alive. A token in a WeakMap costs more where it does: a map's values outlive their keys
   * by a scavenge, are old then, and wait for a full collection.
   */
  weakInScavenges: {
    node: ["26.0.0"],
    deno: ["2.9.6"],
    evidence:
      "node --v8-options, and measured: on in V8 14.6 (Node 26), missing in 14.1 (Node 25), 13.6 (24), 12.4 (22)",
  },
  /** Files that imported CommonJS requires go through the hooks, too. */
  commonJsThroughHooks: {
    node: ["22.22.3", "24.11.1"],
    evidence: "measured on Node 22, 24 and 26",
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

/**
 * MiB of the young generation at most, as V8 counts them into `heap_size_limit`: three semi-spaces.
 * Measured: `--max-old-space-size` of 32 to 8192 and what is told, on Node 22.22, 24.11, 26.10 and Deno 2.9.6. Between two
 * release lines the larger one is taken: the limit seems nearer then, and a dump is written sooner.
 */
const YOUNG_GENERATION: readonly (readonly [since: string, mebibytes: number])[] = [
  ["26.0.0", 96],
  ["23.0.0", 192],
  ["0.0.0", 48],
];

/** How much of V8's heap limit is its young generation's, in MiB. */
export function youngGeneration(runtime: Runtime, version: string): number {
  if (runtime !== "node") return 96;
  return YOUNG_GENERATION.find(([since]) => hasReached([since], version))?.[1] ?? 96;
}

/**
 * Whether a version has what each release line has from the version in `since` on, and later lines from their first.
 *
 * @example
 * ```ts
 * hasReached(["22.22.3", "24.11.1"], "24.9.0"); // false
 * ```
 */
export function hasReached(since: readonly string[], version: string): boolean {
  const [major, minor, patch] = numbers(version);
  return since.some((each, i) => {
    const [line, m, p] = numbers(each);
    if (major !== line) return major > line && i === since.length - 1;
    return minor > m || (minor === m && patch >= p);
  });
}

function numbers(version: string): [major: number, minor: number, patch: number] {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return [major, minor, patch];
}

/** Names the host, looking at what only that host has (Deno and Bun both have a `process`, too). */
export function currentRuntime(): Runtime {
  if (host.Bun !== undefined) return "bun";
  if (host.Deno !== undefined) return "deno";
  return host.process?.versions?.node === undefined ? "browser" : "node";
}

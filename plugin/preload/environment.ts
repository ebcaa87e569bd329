import { constants } from "node:os";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { splitGlobs } from "../../src/instrument/selection.ts";
import { type GrowthRule, ON_GROWTH, readGrowthRule } from "../../src/vocabulary/growth_rule.ts";
import { MAX_NFRAME } from "../../src/vocabulary/start_options.ts";

/** What the `TRACEMALLOC*` environment variables ask for. */
export interface Environment {
  /** Frames to keep, 1 to 65535; null: do not start. */
  nframe: number | null;
  /** Null: the default of `start()`. */
  sampling: "exact" | "adaptive" | number | null;
  include: string[];
  exclude: string[];
  /** Where the dump goes at exit, as written; null: no dump. */
  out: string | null;
  /** Seconds between dumps while the program lives; null: only at its end, and near the heap's limit. */
  checkpoint: number | null;
  /** The signal that starts tracing, and writes a snapshot; null: none does. */
  signal: NodeJS.Signals | null;
  /** Whether that signal was named. */
  isSignalNamed: boolean;
  /** Where snapshots go that are asked for while the program lives, as written; null: beside that of its end. */
  snapshots: string | null;
  /** When a snapshot is written because live memory has grown; null: never. */
  onGrowth: GrowthRule | null;
  /** Where V8's heap goes at exit, with the dump; null: nowhere. */
  why: string | null;
  /** Where the live page is served; null: nowhere. */
  live: { host: string; port: number; token: string | null } | null;
  /** Where `tracemalloc hunt` listens for this process; null: it was not started by it. */
  hunt: { socket: string; script: string | null } | null;
  /**
   * Whether the workers and processes that this one starts are traced, too: `"here"`: only this one is; `"never"`: this is
   * one that was started by such a process.
   */
  follow: "all" | "here" | "never";
  /** `tracemalloc run` has started a command, such as `npm start`: package managers only lead to the program. */
  command: boolean;
}

/** A variable whose value cannot be used; the message says which, what it holds, and what is allowed. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/**
 * Reads and checks the variables.
 *
 * @param env The environment, as `process.env`.
 * @throws {EnvironmentError} A variable holds what is not allowed.
 * @example
 * ```ts
 * readEnvironment({ TRACEMALLOC: "25" }).nframe; // 25
 * ```
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return {
    nframe: readNframe(env.TRACEMALLOC ?? ""),
    sampling: readSampling(env.TRACEMALLOC_SAMPLING ?? ""),
    include: splitGlobs(env.TRACEMALLOC_INCLUDE ?? ""),
    exclude: splitGlobs(env.TRACEMALLOC_EXCLUDE ?? ""),
    out: readOut("TRACEMALLOC_OUT", env),
    snapshots: readOut("TRACEMALLOC_SNAPSHOTS", env),
    signal: readSignal(env.TRACEMALLOC_SIGNAL ?? ""),
    isSignalNamed: (env.TRACEMALLOC_SIGNAL ?? "") !== "",
    onGrowth: readOnGrowth(env.TRACEMALLOC_ON_GROWTH ?? ""),
    checkpoint: readCheckpoint(env.TRACEMALLOC_CHECKPOINT ?? ""),
    why: env.TRACEMALLOC_WHY || null,
    live: readLive(env.TRACEMALLOC_LIVE ?? "", env.TRACEMALLOC_LIVE_TOKEN ?? ""),
    hunt: env.TRACEMALLOC_HUNT
      ? { socket: env.TRACEMALLOC_HUNT, script: env.TRACEMALLOC_HUNT_SCRIPT || null }
      : null,
    follow: readFollow(env.TRACEMALLOC_FOLLOW ?? ""),
    command: env.TRACEMALLOC_COMMAND === "1",
  };
}

function readNframe(value: string): number | null {
  if (value === "") return null;
  const nframe = /^\d{1,9}$/.test(value) ? Number(value) : -1;
  if (nframe === 0) return null;
  if (nframe < 0 || nframe > MAX_NFRAME) {
    throw refusal(
      "TRACEMALLOC",
      value,
      `the number of frames to keep, 1 to ${MAX_NFRAME}; empty or 0 does not start tracing`,
    );
  }
  return nframe;
}

function readSampling(value: string): Environment["sampling"] {
  if (value === "") return null;
  if (value === "exact" || value === "adaptive") return value;
  const bytes = /^\d+$/.test(value) ? Number(value) : 0;
  if (bytes < 1 || !Number.isSafeInteger(bytes)) {
    throw refusal(
      "TRACEMALLOC_SAMPLING",
      value,
      `"exact", "adaptive", or a mean number of bytes between samples, 1 or more`,
    );
  }
  return bytes;
}

function readOut(
  name: "TRACEMALLOC_OUT" | "TRACEMALLOC_SNAPSHOTS",
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const value = env[name] ?? "";
  if (value === "") return null;
  if (value.includes("\0") || /[/\\]$/.test(value)) {
    const when = name === "TRACEMALLOC_OUT" ? "at exit" : "on request";
    throw refusal(name, value, `the name of the file to write ${when}; %p in it stands for the process id`);
  }
  return value;
}

/** What ends a process, or is the engine's own. */
const UNFIT_SIGNALS = /^SIG(?:INT|TERM|HUP|KILL|STOP|ABRT|IOT|BUS|FPE|ILL|SEGV|TRAP|SYS|CHLD|PIPE|PROF)$/;

function readSignal(value: string): NodeJS.Signals | null {
  if (value === "0") return null;
  // Windows has none such.
  if (value === "") return Object.hasOwn(constants.signals, "SIGUSR2") ? "SIGUSR2" : null;
  if (value === "SIGUSR1" && currentRuntime() !== "bun")
    throw refusal("TRACEMALLOC_SIGNAL", value, "another signal: this one starts the runtime's debugger");
  if (!Object.hasOwn(constants.signals, value) || UNFIT_SIGNALS.test(value)) {
    const those = Object.hasOwn(constants.signals, "SIGUSR2") ? "SIGUSR2, SIGQUIT or SIGWINCH" : "SIGBREAK";
    throw refusal(
      "TRACEMALLOC_SIGNAL",
      value,
      `a signal that this system has and that ends no program, such as ${those}; 0: none`,
    );
  }
  return value as NodeJS.Signals;
}

function readOnGrowth(value: string): GrowthRule | null {
  if (value === "") return null;
  const rule = readGrowthRule(value);
  if (rule !== null) return rule;
  throw refusal("TRACEMALLOC_ON_GROWTH", value, ON_GROWTH);
}

function readCheckpoint(value: string): number | null {
  if (value === "") return null;
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : 0;
  if (seconds < 0.1 || seconds > 86_400) {
    throw refusal("TRACEMALLOC_CHECKPOINT", value, "the seconds between two dumps, 0.1 to 86400");
  }
  return seconds;
}

function readLive(value: string, token: string): Environment["live"] {
  if (value === "") return null;
  const [, bracketed, name, digits] = /^(?:(?:\[([\da-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/i.exec(value) ?? [];
  const host = bracketed ?? name ?? "127.0.0.1";
  const port = Number(digits ?? Number.NaN);
  if (!(port <= 65_535)) {
    throw refusal("TRACEMALLOC_LIVE", value, "a port, 0 for any that is free, or address:port");
  }
  if (token !== "" && !/^[\x21-\x7e]{16,1024}$/.test(token)) {
    // What it holds is a secret.
    throw new EnvironmentError(
      "TRACEMALLOC_LIVE_TOKEN is not allowed: it takes 16 to 1024 visible ASCII characters",
    );
  }
  if (token === "" && host !== "localhost" && host !== "::1" && !/^127\.\d+\.\d+\.\d+$/.test(host)) {
    throw refusal(
      "TRACEMALLOC_LIVE",
      value,
      "an address of this machine alone, such as 127.0.0.1, unless TRACEMALLOC_LIVE_TOKEN is set",
    );
  }
  return { host, port, token: token === "" ? null : token };
}

function readFollow(value: string): Environment["follow"] {
  if (value === "" || value === "1") return "all";
  if (value === "0") return "here";
  if (value === "never") return "never";
  throw refusal(
    "TRACEMALLOC_FOLLOW",
    value,
    "1: workers and child processes are traced, too; or 0: only this process is",
  );
}

function refusal(variable: string, value: string, allowed: string): EnvironmentError {
  const shown = value.length > 80 ? `${value.slice(0, 80)}…` : value;
  return new EnvironmentError(`${variable}=${JSON.stringify(shown)} is not allowed: it takes ${allowed}`);
}

import { text, type ValueParser, wholeNumber } from "./values.ts";
import type { ValueFlag } from "./view_flags.ts";

/** Flags of the commands that start a program: what is traced, and how much of it. */
export const TRACER_FLAGS: {
  readonly nframe: ValueFlag<ValueParser<number>> & { readonly default: number };
  readonly include: ValueFlag<[ValueParser<string>]>;
  readonly exclude: ValueFlag<[ValueParser<string>]>;
} = {
  nframe: {
    type: wholeNumber("--nframe", 1, 65535),
    default: 25,
    placeholder: "N",
    description: "How many frames of a traceback to keep",
  },
  include: {
    type: [text("--include", "a glob")],
    placeholder: "GLOB",
    description: "Only instrument files that match; may be repeated",
  },
  exclude: {
    type: [text("--exclude", "a glob")],
    placeholder: "GLOB",
    description: "Do not instrument files that match; may be repeated",
  },
};

/** What the tracker is told, by flags or otherwise. */
export interface TracerOptions extends Record<"include" | "exclude", readonly string[]> {
  readonly nframe: number;
  /** `exact`, `adaptive`, or mean bytes between samples. */
  readonly sampling: string;
  /** Whether workers and child processes are traced, too. */
  readonly follow: boolean;
}

/** The variables by which the tracker hears of these options. */
export function tracerVariables({
  nframe,
  sampling,
  follow,
  include,
  exclude,
}: TracerOptions): Record<string, string> {
  return {
    TRACEMALLOC: String(nframe),
    TRACEMALLOC_SAMPLING: sampling,
    TRACEMALLOC_FOLLOW: follow ? "1" : "0",
    ...(include.length > 0 && { TRACEMALLOC_INCLUDE: include.join(",") }),
    ...(exclude.length > 0 && { TRACEMALLOC_EXCLUDE: exclude.join(",") }),
  };
}

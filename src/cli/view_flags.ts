import { canCumulate, GROUPINGS, type ViewOptions } from "../report/views/view.ts";
import type { KeyType } from "../statistics/key_type.ts";
import { DOMAIN_NAMES } from "../vocabulary/domain_names.ts";
import { UsageError } from "./cli_error.ts";
import { domainOf, grouping, text, type ValueParser, wholeNumber } from "./values.ts";

// Type aliases, because cleye wants an index signature, which interfaces do not have.

/** A flag with a value of its own kind. */
export type ValueFlag<T> = {
  readonly type: T;
  readonly placeholder: string;
  readonly description: string;
};

/** A flag without a value. */
type SwitchFlag = {
  readonly type: BooleanConstructor;
  readonly default: false;
  readonly description: string;
};

/** The flags of every command that looks at a part of a snapshot. */
export const SELECTION_FLAGS: {
  readonly include: ValueFlag<[ValueParser<string>]>;
  readonly exclude: ValueFlag<[ValueParser<string>]>;
  readonly domain: ValueFlag<ValueParser<number>>;
  readonly quiet: SwitchFlag;
} = {
  include: {
    type: [text("--include", "a file name pattern")],
    placeholder: "GLOB",
    description: "Only files whose names match; may be repeated",
  },
  exclude: {
    type: [text("--exclude", "a file name pattern")],
    placeholder: "GLOB",
    description: "No files whose names match; may be repeated",
  },
  domain: {
    type: domainOf("--domain"),
    placeholder: "DOMAIN",
    description: `Only this domain: ${DOMAIN_NAMES.join(", ")} (0 to ${DOMAIN_NAMES.length - 1}), or one of the program's own, 16 and up`,
  },
  quiet: { type: Boolean, default: false, description: "Show no progress" },
};

/** The flags that `top` and `diff` share. */
export const VIEW_FLAGS: typeof SELECTION_FLAGS & {
  readonly limit: ValueFlag<ValueParser<number>> & { readonly default: number };
  readonly by: ValueFlag<ValueParser<KeyType>> & { readonly default: KeyType };
  readonly cumulative: SwitchFlag;
  readonly json: SwitchFlag;
} = {
  limit: {
    type: wholeNumber("--limit", 1, 1_000_000),
    default: 10,
    placeholder: "N",
    description: "How many entries to show",
  },
  by: {
    type: grouping("--by"),
    default: "lineno",
    placeholder: "KEY",
    description: `What an entry stands for: ${GROUPINGS.join(", ")}, or label:NAME`,
  },
  cumulative: {
    type: Boolean,
    default: false,
    description: "Charge every frame of a traceback, not only the one that allocated",
  },
  ...SELECTION_FLAGS,
  json: { type: Boolean, default: false, description: "Print JSON" },
};

/** The view that these flags ask for. */
export function viewOptions(flags: ViewOptions): ViewOptions {
  const { by, cumulative, limit, include, exclude, domain } = flags;
  if (cumulative && !canCumulate(by)) {
    throw new UsageError(
      `--cumulative cannot be used with --by ${by}: it charges the frames of tracebacks one by one`,
    );
  }
  return { by, cumulative, limit, include, exclude, domain };
}

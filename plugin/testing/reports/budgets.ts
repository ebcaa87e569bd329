import { relative } from "node:path";
import picomatch from "picomatch";
import { describe } from "../../../src/vocabulary/start_options.ts";
import { parseBytes } from "../byte_size.ts";

/** What a reporter takes. */
export interface ReportOptions {
  /** The most that a test file may keep: bytes, or a text such as `"1 MiB"`. Default: no limit. */
  readonly budget?: number | string;
  /** Budgets of some files, by globs; the first that matches counts, before `budget`. */
  readonly budgets?: Readonly<Record<string, number | string>>;
  /** Lines that are shown of each file. Default 3. */
  readonly lines?: number;
  /** Files that are shown; those over their budget always are. Default 20. */
  readonly files?: number;
}

/** The same, checked. */
export interface CheckedReportOptions {
  /** The budget of a test file, by its path; null: none. */
  budgetOf(file: string): number | null;
  readonly lines: number;
  readonly files: number;
}

/**
 * Checks a reporter's options. What they leave out comes from `TRACEMALLOC_TEST_BUDGET`, for command lines, which give reporters no options.
 *
 * @param root Globs are relative to it.
 * @throws {TypeError | RangeError} when an option is not what it should be.
 */
export function checkReportOptions(
  options: unknown,
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): CheckedReportOptions {
  if (options !== undefined && (typeof options !== "object" || options === null))
    throw new TypeError(`tracemalloc: the reporter's options must be an object, got ${describe(options)}`);
  const { budget, budgets = {}, lines = 3, files = 20 } = (options ?? {}) as ReportOptions;
  const general = budget ?? (env.TRACEMALLOC_TEST_BUDGET || undefined);
  const name = budget === undefined ? "TRACEMALLOC_TEST_BUDGET" : "budget";
  const most = general === undefined ? null : parseBytes(general, `tracemalloc: ${name}`);
  if (typeof budgets !== "object" || budgets === null || Array.isArray(budgets))
    throw new TypeError(
      `tracemalloc: budgets must be an object of globs and sizes, got ${describe(budgets)}`,
    );
  const own = Object.entries(budgets).map(
    ([glob, size]) =>
      [
        picomatch(glob, { dot: true }),
        parseBytes(size, `tracemalloc: budgets[${JSON.stringify(glob)}]`),
      ] as const,
  );
  return {
    budgetOf: (file) => {
      const name = relative(root, file).replaceAll("\\", "/");
      return own.find(([matches]) => matches(name) || matches(file))?.[1] ?? most;
    },
    lines: count("lines", lines),
    files: count("files", files),
  };
}

function count(name: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw new TypeError(`tracemalloc: ${name} must be a whole number, 0 or more, got ${describe(value)}`);
}

// What the benchmarks run: real packages on real input.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** One iteration: at most some tens of milliseconds of work untouched. Its result is kept alive until the next. */
export type Iteration = () => unknown;

/** Every module of `bench/programs` but this one exports it: loads the package, and gives what to run. */
export type Prepare = () => Promise<Iteration> | Iteration;

const require = createRequire(import.meta.url);

/** The text of a file of an installed package, up to a number of characters. */
export function packageText(specifier: string, limit: number = Number.POSITIVE_INFINITY): string {
  return readFileSync(require.resolve(specifier), "utf8").slice(0, limit);
}

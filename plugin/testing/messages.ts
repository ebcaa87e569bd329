// Browser compatible.
import type { Statistic } from "../../mod.ts";
import type { Leak } from "./find_leaks.ts";
import type { Measurement } from "./measure.ts";

const MOST_SHOWN = 10;
/** Of the way to a line, so many callers. */
const MOST_CALLERS = 4;

/** Which lines leak, and how much per call. */
export function leaksText(leaks: readonly Leak[]): string {
  const head = `${leaks.length} ${leaks.length === 1 ? "line keeps" : "lines keep"} more with every call`;
  const more = leaks.length > MOST_SHOWN ? [`  … and ${leaks.length - MOST_SHOWN} more lines`] : [];
  return [head, ...leaks.slice(0, MOST_SHOWN).flatMap(leakLines), ...more].join("\n");
}

function leakLines({
  filename,
  lineno,
  objectsPerIteration,
  timersPerIteration,
  listenersPerIteration,
  callsPerIteration,
  bytesPerIteration,
  types,
  traceback,
}: Leak): string[] {
  const more = [
    number(timersPerIteration, "timer"),
    number(listenersPerIteration, "listener"),
    number(callsPerIteration, "suspended call"),
    number(objectsPerIteration, "object"),
  ].filter((text) => text !== "");
  const what =
    more.length > 0
      ? `${more.join(", ")} (+${rounded(bytesPerIteration)} B) per call`
      : `grows by ${rounded(bytesPerIteration)} B per call`;
  const kinds = types.length === 0 ? "" : `: ${types.slice(0, 5).join(", ")}`;
  const [, ...source] = traceback.format({ limit: 1 });
  const callers = [...traceback]
    .slice(0, -1)
    .reverse()
    .slice(0, MOST_CALLERS)
    .map(
      (frame) =>
        `      called from ${frame.filename}:${frame.lineno}${frame.functionName === "" ? "" : ` (${frame.functionName})`}`,
    );
  return [`  ${filename}:${lineno}: ${what}${kinds}`, ...source.map((line) => `  ${line}`), ...callers];
}

/** `+3 listeners`; empty where there is none. */
function number(count: number, what: string): string {
  const text = rounded(count);
  return text === "0" ? "" : `+${text} ${what}${text === "1" ? "" : "s"}`;
}

/** By how much a budget is exceeded, and by which lines. */
export function budgetText({ allocated, top }: Measurement<unknown>, max: number): string {
  const head = `one call allocated ${bytes(allocated.size)} in ${allocated.count} blocks, the budget is ${bytes(max)}`;
  return [head, ...top.flatMap(lineText)].join("\n");
}

function lineText({ key, allocatedSize, allocatedCount, traceback }: Statistic): string[] {
  const [, ...source] = traceback.format({ limit: 1 });
  return [
    `  ${key}: ${bytes(allocatedSize)} in ${allocatedCount} ${allocatedCount === 1 ? "block" : "blocks"}`,
    ...source.map((line) => `  ${line}`),
  ];
}

/** Bytes for people: `1536 B`, `24.5 KiB`. */
export function bytes(size: number): string {
  if (size < 10_240) return `${rounded(size)} B`;
  if (size < 10 * 2 ** 20) return `${rounded(size / 2 ** 10)} KiB`;
  return `${rounded(size / 2 ** 20)} MiB`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

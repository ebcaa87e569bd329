import picocolors from "picocolors";
import type { TerminalOptions } from "../../src/report/terminal/terminal.ts";
import type { ViewOptions } from "../../src/report/views/view.ts";
import type { RawTrace } from "../../src/snapshot/model/from_traces.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";

export const VIEW: ViewOptions = { by: "lineno", cumulative: false, limit: 10, include: [], exclude: [] };

/** No terminal: nothing is cut or coloured, and no source file is there. */
export const PLAIN: TerminalOptions = {
  columns: Number.POSITIVE_INFINITY,
  colors: picocolors.createColors(false),
  directory: "",
  sourceLine: () => "",
};

/** `count` blocks of `size` bytes from each of the lines, the most recent call first. */
export function blocksAt(count: number, size: number, ...lines: string[]): RawTrace[] {
  const frames = lines.map((line): [string, number] => {
    const colon = line.lastIndexOf(":");
    return [line.slice(0, colon), Number(line.slice(colon + 1))];
  });
  return Array.from({ length: count }, () => [0, size, frames]);
}

/** A snapshot of some blocks. */
export function snapshotOf(...traces: RawTrace[][]): Snapshot {
  return Snapshot.fromTraces(traces.flat(), 25);
}

/** The texts without colours. */
export function uncolored(lines: readonly string[]): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  return lines.map((line) => line.replace(/\x1b\[\d+m/g, ""));
}

// Browser compatible.
import { formatSize } from "../../statistics/format_size.ts";
import type { ProcessReport } from "../views/process_memory.ts";

/** A row of figures about a whole process. */
export interface ProcessRow {
  readonly name: string;
  readonly size: number;
  /** Limits, and how much of it has a line. */
  readonly facts: readonly string[];
}

/** What a process has, as texts; the remarks stand by themselves. */
export function processRows(report: ProcessReport): ProcessRow[] {
  const { rss, peakRss, memoryLimit, heapUsed, heapTotal, heapLimit, external, other, traced, tracker } =
    report;
  const limit = (size: number | null, whose: string): string[] =>
    size === null ? [] : [`${whose} ${formatSize(size)}`];
  return [
    {
      name: "RSS",
      size: rss,
      facts: [
        ...(peakRss === null ? [] : [`at most ${formatSize(peakRss)}`]),
        ...limit(memoryLimit, "the system's limit is"),
        ...(report.processes === 1 ? [] : [`of ${report.processes} processes and workers`]),
      ],
    },
    {
      name: "heap",
      size: heapUsed,
      facts: [
        `${formatSize(heapTotal)} with what is free in it`,
        ...limit(heapLimit, "V8's limit is"),
        explained(traced.heap, heapUsed),
        `the tracker's own: ${formatSize(tracker)}`,
      ],
    },
    { name: "external", size: external, facts: external === 0 ? [] : [explained(traced.external, external)] },
    { name: "not JavaScript's", size: other, facts: ["native code and data, stacks, what allocators keep"] },
  ];
}

/** In one line, without the remarks. */
export function processText(report: ProcessReport): string {
  return processRows(report)
    .map(({ name, size }) => `${name} ${formatSize(size)}`)
    .join(", ");
}

/** How much of heap and external memory the traced blocks are. */
export function tracedText({ traced, heapUsed, external }: ProcessReport): string {
  return `of heap and external memory, ${explained(traced.heap + traced.external, heapUsed + external)}`;
}

/** Estimates may come to more than there is. */
function explained(traced: number, size: number): string {
  const share = size === 0 ? 0 : Math.min(100, Math.round((traced / size) * 100));
  return `${formatSize(traced)} have a line (${share} %)`;
}

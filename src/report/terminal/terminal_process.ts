// Browser compatible.
import { formatSize } from "../../statistics/format_size.ts";
import { largest } from "../text/largest.ts";
import { processRows } from "../text/process_text.ts";
import type { ProcessReport } from "../views/process_memory.ts";
import type { TerminalOptions } from "./terminal.ts";
import { padLeft, padRight } from "./width.ts";

/** The whole process, behind the figures of what is traced; nothing where it is not known. */
export function terminalProcess(report: ProcessReport | null, { colors }: TerminalOptions): string[] {
  if (report === null) return [];
  const rows = processRows(report);
  const nameColumns = largest(rows.map(({ name }) => name.length));
  const sizeColumns = largest(rows.map(({ size }) => formatSize(size).length));
  return [
    "",
    colors.bold("The whole process"),
    ...rows.map(({ name, size, facts }) => {
      const line = `  ${padRight(name, nameColumns)}  ${padLeft(formatSize(size), sizeColumns)}`;
      return facts.length === 0 ? line : `${line}  ${colors.dim(facts.join("; "))}`;
    }),
    ...report.remarks.map((remark) => `  ${colors.bold(remark)}`),
  ];
}

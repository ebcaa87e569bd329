import { stringify } from "csv-stringify/sync";
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import type { Statistic } from "../../statistics/statistic.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";
import { type ResourceCounts, resourceCounts } from "../views/resource_counts.ts";
import { entryKey } from "../views/top.ts";
import { filtered } from "../views/view.ts";
import { type ExportOptions, selectionOf } from "./options.ts";

const COLUMNS = [
  "key",
  "filename",
  "lineno",
  "functionName",
  "size",
  "count",
  "allocatedSize",
  "allocatedCount",
  "traceback",
  // Of the count: what is left of it is memory.
  "timers",
  "listeners",
  "suspendedCalls",
] as const;
/** Rows that are written at a time. */
const BATCH = 4096;

/**
 * Statistics as comma-separated values (RFC 4180), the largest first, under a row of headings. Sizes are bytes.
 *
 * Spreadsheets run what begins with `=`, `+`, `-` or `@` as a formula, and names come from the program: such text gets
 * an apostrophe before it. Control characters are written out.
 */
export function* csv(snapshot: Snapshot, options: ExportOptions = {}): Iterable<string> {
  const { by = "lineno", cumulative = false, limit } = options;
  const shown = filtered(snapshot, selectionOf(options));
  const statistics = shown.statistics(by, cumulative).slice(0, limit);
  // Where one domain is chosen, too: the columns are there in any case.
  const resources = resourceCounts(shown, { by, cumulative });
  yield `${COLUMNS.join()}\r\n`;
  for (let at = 0; at < statistics.length; at += BATCH) {
    const rows = statistics
      .slice(at, at + BATCH)
      .map((statistic) => rowOf(statistic, by, resources.get(statistic.key)));
    yield stringify(rows, { record_delimiter: "windows", escape_formulas: true });
  }
}

function rowOf(statistic: Statistic, by: KeyType, counts: ResourceCounts | undefined): (string | number)[] {
  const { traceback, size, count, allocatedSize, allocatedCount } = statistic;
  const frame = traceback.at(-1);
  const path = by === "traceback" ? [...traceback].map(String).join(" > ") : "";
  return [
    escapeText(by === "traceback" ? String(frame ?? "") : entryKey(statistic, by)),
    escapeText(frame?.filename ?? ""),
    frame === undefined || frame.lineno === 0 ? "" : frame.lineno,
    escapeText(frame?.functionName ?? ""),
    ...[size, count, allocatedSize, allocatedCount],
    escapeText(path),
    ...[counts?.timers ?? 0, counts?.listeners ?? 0, counts?.calls ?? 0],
  ];
}

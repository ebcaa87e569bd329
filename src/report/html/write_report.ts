import { halved, LIMITS } from "./limits.ts";
import type { ReportModel } from "./model.ts";
import { type PageAssets, reportPage } from "./page.ts";
import { prepareReport, type ReportInput } from "./report_model.ts";

/** Bytes. Chat and mail take files of this size, and browsers open them at once. */
export const MAX_PAGE_BYTES: number = 10_000_000;

/** A report as it is written to a file. */
export interface WrittenReport {
  readonly html: Uint8Array;
  readonly model: ReportModel;
}

/** Makes a report of at most 10 MB; what does not fit is added up, and the report says so. */
export function writeReport(input: ReportInput, assets: PageAssets): WrittenReport {
  const prepared = prepareReport(input);
  const encoder = new TextEncoder();
  let limits = LIMITS;
  for (;;) {
    const model = prepared(limits);
    const html = encoder.encode(reportPage(model, assets));
    if (html.length <= MAX_PAGE_BYTES || limits.nodes <= 16) return { html, model };
    limits = halved(limits);
  }
}

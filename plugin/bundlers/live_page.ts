// A page's snapshot as a report, for the development server.
import { realpathSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { escape as escapeHtml } from "html-escaper";
import type { Snapshot } from "../../mod.ts";
import { pageAssets } from "../../src/report/html/assets.ts";
import { reportPolicy } from "../../src/report/html/page.ts";
import {
  type FoundSource,
  readSources,
  type SourceLimits,
  type SourceRequest,
} from "../../src/report/html/sources.ts";
import { writeReport } from "../../src/report/html/write_report.ts";

/** A page, and the policy to send with it. */
export interface LivePage {
  readonly html: string | Uint8Array;
  readonly policy: string;
}

/**
 * The report of a snapshot, as `tracemalloc report` writes it. What a page has posted can name any file: it shows the text
 * of those in the project alone.
 *
 * @param folder The project's.
 */
export function renderReport(snapshot: Snapshot, folder: string): LivePage {
  const assets = pageAssets();
  const { html } = writeReport(
    { current: { name: "snapshot.pb.gz", snapshot }, readSources: sourcesIn(folder) },
    assets,
  );
  return { html, policy: reportPolicy(assets) };
}

/** The page while there is nothing to show: it asks again. */
export function renderNotice(notice: string): LivePage {
  const html = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>tracemalloc</title>
<style>:root { color-scheme: light dark } body { font: 14px system-ui, sans-serif; margin: 2em }</style>
<h1>What this page holds</h1>
<p>${escapeHtml(notice)}</p>
</html>
`;
  return { html, policy: "default-src 'none'; style-src 'unsafe-inline'" };
}

type ReadSources = (requests: readonly SourceRequest[], limits: SourceLimits) => FoundSource[];

/** Reads files of a folder; of all others nothing is found. */
function sourcesIn(folder: string): ReadSources {
  const isInside = (filename: string): boolean => {
    if (!isAbsolute(filename)) return false;
    try {
      const path = relative(realpathSync(folder), realpathSync(filename));
      return path !== "" && !isAbsolute(path) && !/^\.\.(?:[\\/]|$)/.test(path);
    } catch {
      return false; // not there, or no name of a file at all
    }
  };
  return (requests, limits) =>
    readSources(
      // Answers name their requests by number: all keep their places.
      requests.map((request) => (isInside(request.filename) ? request : { ...request, filename: "" })),
      limits,
    );
}

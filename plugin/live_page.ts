// A snapshot as a page, for the development server.
import { escape as escapeHtml } from "html-escaper";
import type { Snapshot, Statistic } from "../mod.ts";

const LINES = 50;
const TRACEBACKS = 20;

/** The page that shows a snapshot: the lines that hold the most, and how they were reached. It reloads itself. */
export function renderLivePage(snapshot: Snapshot): string {
  const lines = snapshot.statistics("lineno");
  const total = lines.reduce((sum, { size }) => sum + size, 0);
  const rows = lines.slice(0, LINES).map((line) => row(line, total));
  const paths = snapshot.statistics("traceback").slice(0, TRACEBACKS).map(path);
  return page(`
<p>${lines.length} lines hold ${bytes(total)}. <a href="snapshot.pb.gz" download>Download</a> for
<code>go tool pprof</code>, speedscope or <code>tracemalloc top</code>.</p>
<table><thead><tr><th>size<th>count<th>average<th>share<th>line</thead><tbody>
${rows.join("\n")}
</tbody></table>
<h2>How they were reached</h2>
${paths.join("\n")}`);
}

/** The page while there is nothing to show. */
export function renderNotice(notice: string): string {
  return page(`<p>${escapeHtml(notice)}</p>`);
}

function row({ size, count, key }: Statistic, total: number): string {
  const share = total === 0 ? 0 : (100 * size) / total;
  const average = count === 0 ? 0 : size / count;
  return `<tr><td>${bytes(size)}<td>${Math.round(count)}<td>${bytes(average)}<td><meter max="100" value="${share.toFixed(1)}"></meter><td><code>${escapeHtml(key)}</code>`;
}

function path({ size, count, traceback }: Statistic): string {
  const frames = [...traceback].reverse().map(({ functionName, filename, lineno }) => {
    return `<li><code>${escapeHtml(`${functionName} ${filename}:${lineno}`)}</code>`;
  });
  return `<details><summary>${bytes(size)} in ${Math.round(count)}: <code>${escapeHtml(String(traceback.at(-1) ?? ""))}</code></summary><ol>${frames.join("")}</ol></details>`;
}

function bytes(size: number): string {
  if (size < 1024) return `${Math.round(size)} B`;
  return size < 1024 * 1024 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / 1024 / 1024).toFixed(1)} MiB`;
}

function page(body: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>tracemalloc</title>
<style>
:root { color-scheme: light dark }
body { font: 14px system-ui, sans-serif; margin: 2em; max-width: 90em }
td, th { padding: .1em .8em; text-align: right }
td:last-child, th:last-child { text-align: left }
</style>
<h1>What this page holds</h1>
${body}
</html>
`;
}

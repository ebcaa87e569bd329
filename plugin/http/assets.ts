import { readFileSync } from "node:fs";

/** Where scripts/build.ts puts what it has bundled: beside this file when compiled, in `dist` for the sources. */
const FOLDER: URL = import.meta.url.endsWith(".ts")
  ? new URL("../../dist/plugin/http/client/", import.meta.url)
  : new URL("client/", import.meta.url);

/** The files that the page loads, and what they are. */
export const ASSETS: Readonly<Record<string, string>> = {
  "live.js": "text/javascript; charset=utf-8",
  "live.css": "text/css; charset=utf-8",
};

const known = new Map<string, string>();

/** A file's text; null where it has not been built. */
export function assetText(name: string): string | null {
  if (!Object.hasOwn(ASSETS, name)) return null;
  let text = known.get(name);
  if (text === undefined) {
    try {
      text = readFileSync(new URL(name, FOLDER), "utf8");
    } catch {
      return null;
    }
    known.set(name, text);
  }
  return text;
}

/** The page itself: everything that moves is in live.js. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>tracemalloc</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="live.css">
<script type="module" src="live.js"></script>
</head>
<body>
<header>
<h1>tracemalloc</h1>
<p id="program"></p>
<p id="status" role="status">connecting</p>
<p class="actions"><button id="mark" type="button">Mark</button> <button id="clear" type="button" hidden>Clear mark</button> <button id="trace" type="button">Stop tracing</button> <button id="snapshot" type="button">Write snapshot</button> <a href="../pprof/heap" download>Download profile</a></p>
<p id="said" role="status"></p>
</header>
<main>
<section aria-label="Totals"><dl id="totals"></dl></section>
<section aria-label="The whole process" id="process" hidden></section>
<section aria-label="Timeline"><div id="timeline"></div></section>
<section id="suspects" aria-label="Suspects"></section>
<section id="diff" hidden><h2>Since the mark</h2><table><thead><tr><th>line</th><th>bytes</th><th>change</th><th>blocks</th><th>change</th></tr></thead><tbody></tbody></table></section>
<section id="top"><h2>Lines that hold most</h2><table><thead><tr><th>line</th><th>bytes</th><th>blocks</th><th>allocated</th></tr></thead><tbody></tbody></table></section>
<section><h2>Call paths</h2><div id="flame"></div></section>
</main>
</body>
</html>
`;

import { createHash } from "node:crypto";
import { escape as escapeMarkup } from "html-escaper";
import { escapeText } from "../../vocabulary/escape_text.ts";
import type { ReportModel } from "./model.ts";
import { packModel } from "./packed_model.ts";

/** The page's own code, built by scripts/build.ts. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * The report as one HTML document that loads nothing: its policy allows this script and this style, by their hashes,
 * and no other, no connection, no frame and no form.
 */
export function reportPage(model: ReportModel, assets: PageAssets): string {
  const { script, style } = assets;
  const { program, file } = model.header;
  const { first, later } = packModel(model);
  const title = escapeText(`${baseName(program) || baseName(file) || "snapshot"} – tracemalloc`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${reportPolicy(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report needs JavaScript; it loads nothing and sends nothing.</noscript>
<script type="application/json" id="report">${scriptJson(first)}</script>
<script>${script}</script>
<script type="application/json" id="later">${scriptJson(later)}</script>
</body>
</html>
`;
}

/** The policy that the page carries, for servers that send one. */
export function reportPolicy({ script, style }: PageAssets): string {
  return [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** JSON that can stand in a script element: nothing in it can end the element or open a comment. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? "";
}

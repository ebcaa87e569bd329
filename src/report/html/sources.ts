import { readScript } from "../../snapshot/model/script_text.ts";

/** A file whose text is wanted for a report. */
export interface SourceRequest {
  readonly filename: string;
  /** The lines that matter, the most important first; 1-based. */
  readonly lines: readonly number[];
}

/** How much text to take. */
export interface SourceLimits {
  /** Characters of all files, and of one file. */
  readonly source: number;
  readonly file: number;
}

/** What was found for a request. */
export interface FoundSource {
  /** Index of the request. */
  readonly request: number;
  /** Milliseconds since 1970. */
  readonly changed: number;
  /** The whole file, or parts around the lines: the first line's number, and the lines. */
  readonly parts: readonly (readonly [first: number, lines: string[]])[];
}

/** A small report may still show a line of a bundle that is one line. */
const LONGEST_LINE = 400;
const LINES_AROUND = 12;
/** As the parser counts them. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

/** The text of the files, the first ones first, as far as the limits allow. Files that are not there are left out. */
export function readSources(requests: readonly SourceRequest[], limits: SourceLimits): FoundSource[] {
  const found: FoundSource[] = [];
  let left = limits.source;
  for (const [request, { filename, lines }] of requests.entries()) {
    if (left <= 0) break;
    const file = readScript(filename);
    if (file === undefined) continue;
    const text = file.text.split(LINE_END).map(shortLine);
    const parts = partsOf(text, lines, Math.min(left, limits.file));
    for (const [, part] of parts) left -= lengthOf(part);
    if (parts.length > 0) found.push({ request, changed: file.changed, parts });
  }
  return found;
}

function shortLine(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + length + 1, 0);
}

/** All lines where they are few enough, else those around the lines that matter. */
function partsOf(text: readonly string[], wanted: readonly number[], most: number): FoundSource["parts"] {
  if (lengthOf(text) <= most) return [[1, [...text]]];
  const chosen = new Set<number>();
  let length = 0;
  for (const line of wanted) {
    if (line < 1 || line > text.length) continue;
    const from = Math.max(1, line - LINES_AROUND);
    const to = Math.min(text.length, line + LINES_AROUND);
    for (let near = from; near <= to; near++) {
      if (chosen.has(near)) continue;
      chosen.add(near);
      length += text[near - 1].length + 1;
    }
    if (length > most) break;
  }
  const parts: [number, string[]][] = [];
  let last = -1;
  for (const line of [...chosen].sort((a, b) => a - b)) {
    if (line !== last + 1) parts.push([line, []]);
    parts.at(-1)?.[1].push(text[line - 1]);
    last = line;
  }
  return parts;
}

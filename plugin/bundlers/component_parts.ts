// Where a component's part stands in its file, for parts that come without a map: Astro's compiler prints scripts anew.
import { readFileSync } from "node:fs";
import type { InputMap } from "../../src/instrument/maps/input_map.ts";

/** Fewer lines in common: it is another text. */
const LEAST_SHARE = 0.6;

/**
 * A map from a part's lines to its file's; null: it is not to be found there. Lines are told by their text, without blanks and
 * comments, and in their order; those that are not found have no line.
 *
 * @param name The component's file.
 * @param content The part's text.
 */
export function mapOfPart(name: string, content: unknown): InputMap | null {
  if (typeof content !== "string") return null;
  let file: string;
  try {
    file = readFileSync(name, "utf8");
  } catch {
    return null;
  }
  const part = content.split("\n").map(essence);
  const words = part.filter((line) => line !== "").length;
  let best: Map<number, number> | null = null;
  for (const block of blocks(file)) {
    const found = inOrder(part, block);
    if (found.size >= words * LEAST_SHARE && found.size > (best?.size ?? 0)) best = found;
  }
  if (best === null) return null;
  const mappings = part.map((_, i) => (best.has(i) ? [[0, 0, best.get(i)!, 0]] : []));
  const text = JSON.stringify({ version: 3, sources: [name], names: [], mappings });
  return { text, nameOf: (source) => source, characters: content.length, inner: new Map() };
}

interface Block {
  readonly first: number;
  readonly lines: readonly string[];
}

/** The scripts of a file. */
function* blocks(file: string): Generator<Block> {
  const lines = file.split("\n");
  for (let at = 0; at < lines.length; at++) {
    if (!/<script\b/.test(lines[at]!)) continue;
    const first = at;
    while (at < lines.length && !lines[at]!.includes("</script")) at++;
    const inner = lines
      .slice(first, at + 1)
      .map((line) => line.replace(/^.*<script\b[^>]*>|<\/script.*$/g, ""));
    yield { first, lines: inner.map(essence) };
  }
}

function inOrder(part: readonly string[], { first, lines }: Block): Map<number, number> {
  const found = new Map<number, number>();
  let from = 0;
  for (const [i, line] of part.entries()) {
    if (line === "") continue;
    const at = lines.indexOf(line, from);
    if (at < 0) continue;
    found.set(i, first + at);
    from = at + 1;
  }
  return found;
}

/** What printers leave of a line; empty: nothing by which it could be told. */
function essence(line: string): string {
  if (!/\w/.test(line)) return "";
  return line
    .replace(/(?:^|\s)\/\/.*$/, "")
    .replace(/\s+/g, "")
    .replaceAll("'", '"')
    .replace(/[;,]$/, "");
}

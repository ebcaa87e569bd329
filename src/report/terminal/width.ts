// Browser compatible.
import stringWidth from "string-width";

/** What a terminal shows as one character: `é` of two code points, a family of emoji. */
const clusters = new Intl.Segmenter();

/** How many columns of a terminal a text takes: two for a Hangul syllable, none for a combining accent or a colour. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

function clustersOf(text: string): string[] {
  return Array.from(clusters.segment(text), ({ segment }) => segment);
}

/** Cuts text to a number of columns; the end gives way, and `…` stands for it. */
export function cutEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let width = 1;
  let kept = "";
  for (const { segment } of clusters.segment(text)) {
    width += displayWidth(segment);
    if (width > columns) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Cuts text to a number of columns; the start gives way, and `…` stands for it: the end of a path tells more. */
export function cutStart(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const all = clustersOf(text);
  let width = 1;
  let from = all.length;
  while (from > 0 && width + displayWidth(all[from - 1]) <= columns) width += displayWidth(all[--from]);
  return `…${all.slice(from).join("")}`;
}

/** Fills text up with spaces on the right. */
export function padRight(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** Fills text up with spaces on the left. */
export function padLeft(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - displayWidth(text))) + text;
}

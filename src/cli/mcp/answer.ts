/** About 5,000 tokens: what a model reads at a time, and remembers. */
const MAX_ANSWER = 20_000;
/** Lines of a bundle are thousands of characters long. */
const MAX_LINE = 400;

/** The lines as one text of bounded length, which says what was left out. */
export function boundedText(lines: readonly string[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const [index, line] of lines.entries()) {
    const short = line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line;
    length += short.length + 1;
    if (length > MAX_ANSWER) {
      shown.push(`… ${lines.length - index} more lines: ask for less (limit, include, min, depth)`);
      break;
    }
    shown.push(short);
  }
  return shown.join("\n");
}

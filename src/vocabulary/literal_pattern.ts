// Browser compatible.

/** The shell pattern that a text alone matches. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[[*?]/g, "[$&]");
}

/** Where packages are installed; Deno has those of npm in its cache, too. */
const PACKAGES = /[\\/](?:node_modules|deno[\\/]npm)[\\/]/;

/** People's code has 30 to 40 characters a line, a minifier's thousands. */
const MOST_PER_LINE = 200;

/** Whether a file belongs to a package that the program has installed, by its path. */
export function isInPackage(name: string): boolean {
  return PACKAGES.test(name);
}

/**
 * Whether sites in a text have the lines of that text itself, though it has a source map: those of packages, as long as one can read them. They
 * are what runs, what stacks and debuggers show and what one edits to try something; the sources are often not even installed.
 */
export function keepsOwnLines(name: string, code: string): boolean {
  if (!isInPackage(name)) return false;
  let lines = 1;
  let length = code.lastIndexOf("sourceMappingURL=");
  if (length < 0) length = code.length;
  for (let at = code.indexOf("\n"); at >= 0 && at < length; at = code.indexOf("\n", at + 1)) lines++;
  return length / lines <= MOST_PER_LINE;
}

/** What this process was told, and where this package's preload lies. */
export interface Launch {
  /** `process.execArgv`. */
  readonly execArgv: readonly string[];
  /** `process.env.NODE_OPTIONS`. */
  readonly nodeOptions: string | undefined;
}

/** The preload's name in the package, and the files that it is. */
const PRELOAD = /^tracemalloc\/register$|[\\/]plugin[\\/](?:register_node\.js|require_register\.cjs)$/;

/**
 * Whether Node was told to load this package's preload before anything else. Only then is it certain that no module of the
 * package is loaded, or about to be: one that a program imports beside the preload is linked before the preload runs, and
 * cannot be seen.
 */
export function isFirstPreload({ execArgv, nodeOptions = "" }: Launch): boolean {
  const words = [...splitOptions(nodeOptions), ...execArgv];
  // Node loads what is required before what is imported.
  const [first] = [...valuesOf(words, ["-r", "--require"]), ...valuesOf(words, ["--import"])];
  return first !== undefined && PRELOAD.test(first);
}

/** The words of `NODE_OPTIONS`: spaces separate them, but for those between double quotes. */
function splitOptions(options: string): string[] {
  const words = options.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"?/g, (_, inner: string) => inner.replace(/\\(.)/g, "$1")),
  );
}

function valuesOf(words: readonly string[], names: readonly string[]): string[] {
  return words.flatMap((word, i) => {
    if (names.includes(word)) return words.slice(i + 1, i + 2);
    const name = names.find((each) => word.startsWith(`${each}=`));
    return name === undefined ? [] : [word.slice(name.length + 1)];
  });
}

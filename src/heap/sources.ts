const MOST_BYTES = 256 * 2 ** 20;

/**
 * The texts of those files that can be read, one by one. What they say decides which names are code's.
 *
 * @param folder Only files below it, wherever links lead; without links itself. Default: any.
 */
export function* readSources(filenames: readonly string[], folder?: string): Generator<string> {
  const fs = process.getBuiltinModule("node:fs");
  const { sep } = process.getBuiltinModule("node:path");
  let left = MOST_BYTES;
  for (const filename of filenames) {
    if (!/^(?:\/|[A-Za-z]:[\\/])/.test(filename)) continue;
    try {
      if (folder !== undefined && !fs.realpathSync(filename).startsWith(folder + sep)) continue;
      const status = fs.statSync(filename);
      if (!status.isFile() || status.size > left) continue;
      left -= status.size;
      yield fs.readFileSync(filename, "utf8");
    } catch {
      // gone, or not ours to read: names that only it has are taken for data
    }
  }
}

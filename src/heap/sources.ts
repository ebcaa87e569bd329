const MOST_BYTES = 256 * 2 ** 20;

/** The texts of those files that can be read, one by one. What they say decides which names are code's. */
export function* readSources(filenames: readonly string[]): Generator<string> {
  const fs = process.getBuiltinModule("node:fs");
  let left = MOST_BYTES;
  for (const filename of filenames) {
    if (!/^(?:\/|[A-Za-z]:[\\/])/.test(filename)) continue;
    try {
      const status = fs.statSync(filename);
      if (!status.isFile() || status.size > left) continue;
      left -= status.size;
      yield fs.readFileSync(filename, "utf8");
    } catch {
      // gone, or not ours to read: names that only it has are taken for data
    }
  }
}

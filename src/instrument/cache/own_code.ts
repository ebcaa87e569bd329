import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { isOwnFile, OWN_ROOT } from "../selection.ts";

/**
 * Says of each file that a host loads whether it is this package's own: a file of it, or of a library that it was the first
 * to ask for. Must be told of every file, in the order in which they are loaded; `source` may be empty where it is not known.
 */
export type OwnCode = (name: string, source: string) => boolean;

/** An import of something else than a file or a built-in module. */
const PACKAGE_IMPORT = /\b(?:from|import|require)\s*\(?\s*"((?:@[\w.-]+\/)?[\w-][\w.-]*)(?:\/[\w./-]+)?"/g;
/** The folder of the package that a file is in. */
const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/s;

/**
 * Builds the test for one host's hook.
 *
 * A library is taken with all its files, and with those that it depends on, when a file of this package imports it while
 * none of its files is loaded yet: no program has asked for it. One that a program loads first is the program's.
 */
export function createOwnCode(): OwnCode {
  const libraries = new Libraries();
  return (name, source) => {
    if (isOwnFile(name)) {
      for (const [, library] of source.matchAll(PACKAGE_IMPORT)) libraries.claim(library!, dirname(name));
      return true;
    }
    return libraries.owns(name);
  };
}

class Libraries {
  /** Folders of packages. */
  readonly #own = new Set<string>();
  readonly #programs = new Set<string>();
  /** What this package depends on; null until it is asked for. */
  #dependencies: ReadonlySet<string> | null = null;

  owns(name: string): boolean {
    const folder = PACKAGE_FOLDER.exec(name)?.[0];
    if (folder === undefined) return false;
    if (this.#own.has(folder)) return true;
    this.#programs.add(folder);
    return false;
  }

  claim(library: string, from: string): void {
    this.#dependencies ??= new Set(dependenciesIn(OWN_ROOT));
    const folder = this.#dependencies.has(library) ? folderOf(library, from) : null;
    if (folder !== null) this.#claimFolder(folder);
  }

  #claimFolder(folder: string): void {
    if (this.#programs.has(folder) || this.#own.has(folder)) return;
    this.#own.add(folder);
    for (const library of dependenciesIn(folder)) {
      const next = folderOf(library, folder);
      if (next !== null) this.#claimFolder(next);
    }
  }
}

/** The packages that the one in a folder depends on; none where its package.json cannot be read. */
function dependenciesIn(folder: string): string[] {
  try {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      dependencies?: Readonly<Record<string, string>>;
    };
    return Object.keys(dependencies);
  } catch {
    return [];
  }
}

/** Where a package lies for files of a folder, without links, as hosts name its files; null: nowhere. */
function folderOf(library: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", library);
    if (existsSync(join(found, "package.json"))) return realpathSync(found);
    if (folder === dirname(folder)) return null;
  }
}

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Gives a source of a map the name that frames bear: a plain path for a file, else the URL. */
export type SourceNamer = (source: string, sourceRoot?: string) => string;

const SCHEME = /^[a-z][a-z\d+.-]+:/i;
/** Schemes that bundlers made up for files of the project: `webpack://name/./src/a.ts`, `turbopack:///[project]/src/a.ts`. */
const PROJECT_FILE =
  /^(?:webpack|rspack|turbopack):\/\/(?:@[^/]*\/)?[^/]*\/(?:\[project\]\/)?(?:\.\/)?([^?]*)/i;

/**
 * Builds what gives names to the sources of a map that was found beside a text, or in it.
 *
 * Sources of webpack and its like are URLs of a scheme of their own. They are taken for files of the project where there
 * are such files below a folder with a `package.json` around the map.
 *
 * @param base The path or URL of the map, or of the text that holds it: relative sources start from its folder.
 */
export function sourceNamer(base: string): SourceNamer {
  const isUrl = SCHEME.test(base);
  const folder = isUrl ? "" : dirname(base);
  let roots: string[] | null = null;

  function projectFile(source: string): string | null {
    const path = PROJECT_FILE.exec(source)?.[1];
    if (path === undefined || path === "" || isUrl) return null;
    roots ??= packageRoots(folder);
    for (const root of roots) {
      const file = join(root, path);
      if (existsSync(file)) return file;
    }
    return null;
  }

  return (source, root = "") => {
    const full = root === "" ? source : `${root.replace(/\/$/, "")}/${source}`;
    if (/^file:/i.test(full)) return filePath(full);
    if (SCHEME.test(full)) return projectFile(full) ?? full;
    if (isUrl) return URL.parse(full, base)?.href ?? full;
    return resolve(folder, decoded(full));
  };
}

/** The path of a `file:` URL; other machines' files and what is no path keep the URL. */
function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** Sources are URLs, and relative ones paths for most tools: only what is escaped differs. */
function decoded(source: string): string {
  if (!source.includes("%")) return source;
  try {
    return decodeURIComponent(source);
  } catch {
    return source;
  }
}

/** The folders with a `package.json`, from the innermost outwards. */
function packageRoots(folder: string): string[] {
  const roots: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) roots.push(at);
    if (dirname(at) === at) return roots;
  }
}

import { createRequire } from "node:module";
import { basename, dirname, extname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type Picomatch from "picomatch";
import { workingFolder } from "../host/working_folder.ts";

/** Which loaded files are instrumented. */
export interface SelectionOptions {
  /** Globs; a file must match one of them. Empty: every file. */
  include?: readonly string[];
  /** Globs; a file that matches one of them is left alone, whatever `include` says. */
  exclude?: readonly string[];
  /** What relative globs are relative to; default: the working directory. Null: they match absolute paths alone. */
  cwd?: string | null;
}

/** Answers for a plain path, or a URL where the module is no file. */
export type Selection = (name: string) => boolean;

/** Extensions that no host reads as JavaScript or TypeScript. */
const OTHER_EXTENSIONS: ReadonlySet<string> = new Set(
  ".json .jsonc .json5 .wasm .node .toml .yaml .yml .txt .html .css .svg .md .sqlite .db .so .dylib .dll".split(
    " ",
  ),
);

/**
 * Builds the one test that says whether a loaded file is instrumented.
 * A glob is tried against the path relative to `cwd` and against the absolute path; one that names a folder
 * means everything in it.
 *
 * @example
 * ```ts
 * const selected = createSelection({ exclude: ["node_modules"], cwd: "/app" });
 * selected("/app/main.ts"); // true
 * selected("/app/node_modules/dep/index.js"); // false
 * ```
 */
export function createSelection(options: SelectionOptions = {}): Selection {
  const { include = [], exclude = [], cwd = workingFolder() } = options;
  const isIncluded = include.length === 0 ? () => true : matcher(include, cwd);
  const isExcluded = exclude.length === 0 ? () => false : matcher(exclude, cwd);
  return (name) => isSourceText(name) && !isOwnFile(name) && isIncluded(name) && !isExcluded(name);
}

/**
 * Splits a list of globs at commas and line ends; a comma inside braces belongs to its glob.
 *
 * @example
 * ```ts
 * splitGlobs("src/**,lib/*.{js,ts}"); // ["src/**", "lib/*.{js,ts}"]
 * ```
 */
export function splitGlobs(list: string): string[] {
  const globs: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= list.length; i++) {
    const char = list[i];
    if (char === "{") depth++;
    else if (char === "}") depth = Math.max(0, depth - 1);
    else if (char === undefined || char === "\n" || (char === "," && depth === 0)) {
      globs.push(list.slice(start, i).trim());
      start = i + 1;
      depth = 0;
    }
  }
  return globs.filter((glob) => glob !== "");
}

function matcher(globs: readonly string[], cwd: string | null): Selection {
  const patterns = globs.flatMap((glob) => {
    const pattern = posix.normalize(glob).replace(/(?<=.)\/$/, "");
    // A glob for a folder means what is in it, as in .gitignore.
    return [pattern, `${pattern}/**`];
  });
  // Required, where it is wanted: modules that Deno loads for a child process find no library by `import` where the program's folder
  // has no package.json (`plugin/require_register.cts`), and most runs name no glob.
  const require = createRequire(import.meta.url);
  const picomatch = require("picomatch") as typeof Picomatch;
  const matches = picomatch(patterns, { dot: true });
  return (name) =>
    matches(slashed(name)) || (cwd !== null && !isUrl(name) && matches(slashed(relative(cwd, name))));
}

function isSourceText(name: string): boolean {
  if (/^(?:node|bun|data|blob|deno|ext|native):/.test(name)) return false;
  return !OTHER_EXTENSIONS.has(extname(isUrl(name) ? name.replace(/[?#].*$/s, "") : name).toLowerCase());
}

const slashed = (path: string): string => (sep === "\\" ? path.replaceAll("\\", "/") : path);

function isUrl(name: string): boolean {
  return /^[a-z][a-z\d+.-]+:/i.test(name);
}

/** The folder or URL of this package, whether it runs from the sources or from `dist/`. */
export const OWN_ROOT: string = ownRoot(import.meta.url);

function ownRoot(url: string): string {
  if (!url.startsWith("file:")) return new URL("../../", url).href;
  const base = join(dirname(fileURLToPath(url)), "..", "..");
  return basename(base) === "dist" ? dirname(base) : base;
}

/** Its tests and examples are ordinary programs. */
const OWN_PREFIXES: readonly string[] = isUrl(OWN_ROOT)
  ? [`${OWN_ROOT}mod.ts`, `${OWN_ROOT}src/`, `${OWN_ROOT}plugin/`]
  : [join(OWN_ROOT, "mod.ts"), ...["src", "plugin", "dist"].map((folder) => join(OWN_ROOT, folder) + sep)];

/** Whether a path or URL is one of the package's own. */
export function isOwnFile(name: string): boolean {
  return OWN_PREFIXES.some((prefix) => name.startsWith(prefix));
}

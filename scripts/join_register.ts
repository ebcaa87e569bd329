// Joins all that `tracemalloc/register` loads on Node into one file: for each file of a hundred Node takes 0.8 ms and 160 KB.
// The modules stay as they are for everybody else; `plugin/joined/` keeps a program that loads both from having two trackers.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, buildSync, type Metafile, type Plugin } from "esbuild";

const PRELOAD = "plugin/register_node.ts";
const FILE = "plugin/joined.cjs";
/** The preload where it is not the first that a process loads, from its modules one by one. */
const PLAIN = "plugin/register_plain.js";

/** Programs that look through what has been required, or drop it, do not meet the file. */
const BANNER = `"use strict";
delete require.cache[__filename];
const urlOf = (path) => require("node:url").pathToFileURL(require("node:path").join(__dirname, "..", path)).href;`;

/** A module of the joined file, and what it exports. */
interface Member {
  readonly path: string;
  readonly names: readonly string[];
}

/**
 * Writes `dist/plugin/joined.cjs`, and the preload that chooses between it and `register_plain.js`.
 *
 * @param root The repository, with a slash at its end; `dist/` holds what the compiler and `bundlePreload` made.
 * @throws {Error} when it cannot be bundled; esbuild has said why.
 */
export async function joinRegister(root: string): Promise<void> {
  const members = membersOf(root);
  const { outputFiles } = await build({
    ...common(root),
    stdin: { contents: ENTRY, resolveDir: root, loader: "ts", sourcefile: "joined.ts" },
    outfile: `${root}dist/${FILE}`,
    write: false,
    format: "cjs",
    // One byte for each character, in the file and in the engine.
    charset: "ascii",
    minifyWhitespace: true,
    banner: { js: BANNER },
    plugins: [sharing(root, members), ownUrls(root), leaveDynamic(root)],
  });
  writeFileSync(`${root}dist/${FILE}`, withClassNames(outputFiles[0]!.text));
  writeChooser(root);
  // They are in the two files now.
  rmSync(`${root}dist/plugin/joined`, { recursive: true, force: true });
}

/** esbuild calls a class that names itself `_Frame` inside, which programs would see. */
function withClassNames(text: string): string {
  const names = [...text.matchAll(/\bvar ([\w$]+) ?= ?class _\1\b/g)].map(([, name]) => name!);
  return names.reduce((result, name) => result.replaceAll(new RegExp(`\\b_${name}\\b`, "g"), name), text);
}

function common(root: string): {
  absWorkingDir: string;
  bundle: true;
  platform: "node";
  packages: "external";
  target: string;
  logLevel: "warning";
  tsconfig: string;
} {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    packages: "external",
    target: "node22",
    logLevel: "warning",
    tsconfig: `${root}tsconfig.base.json`,
  };
}

/** The modules that are loaded with the preload, whoever imports them later. */
function membersOf(root: string): Member[] {
  const paths = [...reachable(metafileOf(root, [PRELOAD]), PRELOAD)].sort();
  for (const path of paths) {
    // Stand-ins copy what is exported, once.
    if (/^export (?:let|var)\b/m.test(readFileSync(root + path, "utf8"))) {
      throw new Error(`${path} exports a variable: nobody who shares the joined module would see it change`);
    }
  }
  return Object.values(metafileOf(root, paths).outputs).map(({ entryPoint, exports }) => ({
    path: entryPoint!,
    names: exports,
  }));
}

function metafileOf(root: string, entryPoints: readonly string[]): Metafile {
  return buildSync({
    ...common(root),
    entryPoints: entryPoints.map((path) => root + path),
    outdir: `${root}dist`,
    format: "esm",
    write: false,
    metafile: true,
  }).metafile;
}

function reachable({ inputs }: Metafile, path: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { path: next, kind, external } of inputs[path]!.imports) {
    if (external !== true && kind === "import-statement") reachable({ inputs, outputs: {} }, next, seen);
  }
  return seen;
}

/**
 * The modules are shared before the preload acts: what it imports at once, like the live page, would load them from their own
 * files otherwise, as a second tracker that traces nothing.
 */
const ENTRY = `import "joined:share";\nimport "./${PRELOAD}";\n`;

/** Answers for the module of the entry that loads all others and shares them. */
function sharing(root: string, members: readonly Member[]): Plugin {
  return {
    name: "sharing",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^joined:share$/ }, ({ path }) => ({ path, namespace: "joined" }));
      onLoad({ filter: /.*/, namespace: "joined" }, () => ({
        contents: shareText(members.filter(({ path }) => path !== PRELOAD)),
        resolveDir: root,
        loader: "ts",
      }));
    },
  };
}

function shareText(members: readonly Member[]): string {
  const shared = members.map(({ path, names }, i) => {
    const exports = names.map((name) => `${name}: m${i}.${name}`);
    return `case ${JSON.stringify(compiled(path))}: return { ${exports.join(", ")} };`;
  });
  return [
    `import { shareModules } from "./plugin/joined/share_modules.ts";`,
    ...members.map(({ path, names }, i) =>
      names.length === 0 ? `import "./${path}";` : `import * as m${i} from "./${path}";`,
    ),
    "declare const urlOf: (path: string) => string;",
    `shareModules(urlOf("/"), (path: string) => {`,
    `switch (path) { ${shared.join("\n")}`,
    // Who loads the preload once more, from another URL, has it already.
    `case ${JSON.stringify(compiled(PRELOAD))}: case ${JSON.stringify(PLAIN)}: return {}; }`,
    "return null; });",
  ].join("\n");
}

const compiled = (path: string): string => path.replace(/\.ts$/, ".js");

/** Modules that find files by their own place look for them where they were. */
function ownUrls(root: string): Plugin {
  return {
    name: "own-urls",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, "utf8");
        if (!contents.includes("import.meta.url")) return null;
        const own = path.slice(root.length).replaceAll("\\", "/").replace(/\.ts$/, ".js");
        return { contents: contents.replaceAll("import.meta.url", `urlOf("${own}")`), loader: "ts" };
      });
    },
  };
}

/** What is imported while the program runs is loaded from where it is. */
function leaveDynamic(root: string): Plugin {
  return {
    name: "leave-dynamic",
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        if (kind !== "dynamic-import") return null;
        const place = relative(join(root, dirname(FILE)), join(resolveDir, path));
        return { path: `./${place.replaceAll("\\", "/").replace(/\.ts$/, ".js")}`, external: true };
      });
    },
  };
}

function writeChooser(root: string): void {
  const preload = `${root}dist/${PRELOAD.replace(/\.ts$/, ".js")}`;
  writeFileSync(`${root}dist/${PLAIN}`, readFileSync(preload, "utf8"));
  buildSync({
    ...common(root),
    entryPoints: [`${root}plugin/joined/register.ts`],
    outfile: preload,
    format: "esm",
  });
}

// Joins what Node and Deno load into few files: each file of two hundred takes Node 0.4 ms. Bundlers for pages take the modules one by
// one, and what is used of each.
import { globSync, rmSync } from "node:fs";
import { type InputOptions, type OutputOptions, rolldown } from "rolldown";
import { loadedWith, nodeEntries, pageModules } from "./module_graph.ts";
import { OWN_PLACE, ownPlaces, sourceName } from "./own_places.ts";

/** Where the joined files are, in `dist/`. */
const FOLDER = "node";

const API = "mod.ts";
const PRELOAD = "plugin/register_node.ts";
/** Loads what all commands do that show a snapshot. */
const VIEW = "src/cli/top.ts";
const COMMAND_LINE = "src/cli/main.ts";

/** Which modules are in one file though not all who load one of them load the others, by the file's name. */
type Groups = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Writes the files of the package that Node loads: each module is in one of them alone, so that its state is there once. Of the
 * compiled modules those stay that bundlers may take.
 *
 * @param root The repository, with a slash at its end; `dist/` holds what the compiler made, and nothing else.
 * @throws {Error} when they cannot be joined.
 */
export async function joinModules(root: string): Promise<void> {
  const apart = await pageModules(root);
  for (const name of globSync("**/*.js", { cwd: `${root}dist` }))
    if (!apart.has(name.replaceAll("\\", "/").replace(/\.js$/, ".ts"))) rmSync(`${root}dist/${name}`);
  const groups = await groupsOf(root);
  const bundle = await rolldown(inputOptions(root, groups));
  try {
    await bundle.write(outputOptions(root, groups));
  } finally {
    await bundle.close();
  }
}

function inputOptions(root: string, groups: Groups): InputOptions {
  const groupOf = (path: string): string => [...groups].find(([, modules]) => modules.has(path))?.[0] ?? "";
  return {
    cwd: root,
    input: nodeEntries(root),
    plugins: [ownPlaces(root, groupOf)],
    platform: "node",
    tsconfig: `${root}tsconfig.base.json`,
    // Libraries are loaded from where they are.
    external: /^(?!own_place)[@\w]/,
    preserveEntrySignatures: "strict",
    logLevel: "warn",
  };
}

function outputOptions(root: string, groups: Groups): OutputOptions {
  return {
    dir: `${root}dist`,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: `${FOLDER}/[name].js`,
    // Names stay. Spaces were a fiftieth of the tarball.
    minifyInternalExports: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: {
      groups: [...groups].map(([name, modules], i) => ({
        name,
        priority: groups.size - i,
        test: (id: string) => id === OWN_PLACE + name || modules.has(sourceName(root, id)),
      })),
    },
  };
}

/** A module is in the first that has it, and so what it imports is, or before that. An entry that acts when it is loaded is in none. */
async function groupsOf(root: string): Promise<Groups> {
  const api = await loadedWith(root, API);
  const commandLine = await loadedWith(root, COMMAND_LINE);
  const view = await loadedWith(root, VIEW);
  const preload = await loadedWith(root, PRELOAD);
  const snapshot = api.union(preload).intersection(view);
  return new Map([
    ["snapshot", snapshot],
    ["tracing", api],
    ["preload", preload.difference(new Set([PRELOAD]))],
    ["command_line", commandLine.difference(new Set([COMMAND_LINE]))],
    ["views", view],
  ]);
}

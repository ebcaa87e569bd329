// The entries of the package, and which modules are loaded with them.
import { readFileSync } from "node:fs";
import { build, type Metafile } from "esbuild";

/** What package.json has for an entry: with a file for Node, where bundlers for pages take another. */
interface Target {
  readonly node?: string;
  readonly default: string;
}

interface Manifest {
  readonly exports: Readonly<Record<string, Target | string>>;
  readonly browser: Readonly<Record<string, string>>;
}

/** Modules that are started, required or named by their paths in the package. */
const BY_PATH: readonly string[] = [
  "src/cli/main",
  "src/cli/ahead/transform_worker",
  "src/heap/heap_worker",
  "src/snapshot/heapprofile/decode_heapprofile",
  "plugin/follow/worker_deno",
  "plugin/register_bun",
];

/** Modules that plugins of bundlers add to a page (`plugin/bundlers/build_transform.ts`). */
const ADDED_TO_PAGES: readonly string[] = [
  "plugin/bundlers/vite_client.ts",
  "src/traces/paths/recorded_calls.ts",
];

/** The sources of the files that Node loads, by name in `dist/`. */
export function nodeEntries(root: string): Record<string, string> {
  const entries = Object.fromEntries(BY_PATH.map((name) => [name, `${name}.ts`]));
  for (const target of targetsOf(root)) {
    const name = compiledName(target.node ?? target.default);
    entries[name] = `${compiledName(target.default)}.ts`;
  }
  return entries;
}

/** The modules that bundlers may take, each a file in `dist/`. */
export async function pageModules(root: string): Promise<Set<string>> {
  const entries = targetsOf(root).filter(({ node }) => node !== undefined);
  const sources = [...entries.map((target) => `${compiledName(target.default)}.ts`), ...ADDED_TO_PAGES];
  for (const path of Object.values(manifestOf(root).browser))
    if (path.startsWith("./src/")) sources.push(path.slice("./".length));
  return new Set(Object.keys(await graphOf(root, sources)));
}

/** The modules of ours that are loaded with one, itself among them. What is imported dynamically comes later. */
export async function loadedWith(root: string, entry: string): Promise<Set<string>> {
  const graph = await graphOf(root, [entry]);
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: next, kind, external } of graph[path]!.imports)
      if (external !== true && kind === "import-statement") visit(next);
  };
  visit(entry);
  return seen;
}

function manifestOf(root: string): Manifest {
  return JSON.parse(readFileSync(`${root}package.json`, "utf8")) as Manifest;
}

function targetsOf(root: string): Target[] {
  return Object.values(manifestOf(root).exports).filter((target) => typeof target === "object");
}

function compiledName(path: string): string {
  return path.replace(/^\.\/dist\/|\.js$/g, "");
}

async function graphOf(root: string, entryPoints: string[]): Promise<Metafile["inputs"]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: `${root}dist`,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    packages: "external",
    write: false,
    metafile: true,
    logLevel: "warning",
    tsconfig: `${root}tsconfig.base.json`,
  });
  return metafile.inputs;
}

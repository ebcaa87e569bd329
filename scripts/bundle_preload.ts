// Joins the compiled modules that only a preload loads into one: each file that is loaded takes its time. What
// `mod.ts` loads stays in its many files, of which bundlers take what is used.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, buildSync, type Metafile, type Plugin } from "esbuild";

const PUBLIC = "mod.ts";
const PRELOAD = "plugin/register_node.ts";

/** A module that has become a part of the chunk: what it exports, and under which names the chunk does. */
interface Part {
  readonly path: string;
  readonly names: readonly (readonly [name: string, inChunk: string])[];
}

const CHUNK = "preload.js";

/**
 * Writes `dist/preload.js`. Each module that is in it becomes one that exports its part, so that whoever loads it from
 * elsewhere shares its state.
 *
 * @param root The repository, with a slash at its end; `dist/` holds what the compiler made.
 * @throws {Error} when it cannot be bundled; esbuild has said why.
 */
export async function bundlePreload(root: string): Promise<void> {
  const core = new Set(reachable(root, PUBLIC));
  const modules = reachable(root, PRELOAD).filter((path) => !core.has(path));
  const apart = modules.filter((path) => staysApart(root, path));
  const parts = partsOf(
    root,
    modules.filter((path) => !apart.includes(path)),
  );
  await writeChunk(root, parts);
  for (const part of parts) {
    const file = compiled(root, part.path);
    writeFileSync(file, reexports(part));
  }
  const byPath = new Map(parts.map((part) => [part.path, part]));
  for (const path of apart) shortenImports(root, path, byPath);
}

/** The preload acts when it is loaded; what finds other files by its own place would look for them beside the chunk. */
function staysApart(root: string, path: string): boolean {
  return path === PRELOAD || readFileSync(root + path, "utf8").includes("import.meta");
}

/** The modules of ours that are loaded with the entry. */
function reachable(root: string, entry: string): string[] {
  const { inputs } = metafileOf(root, [entry]);
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: next, kind, external } of inputs[path]!.imports) {
      if (external !== true && kind === "import-statement") visit(next);
    }
  };
  visit(entry);
  return [...seen].sort();
}

function partsOf(root: string, modules: readonly string[]): Part[] {
  return Object.values(metafileOf(root, modules).outputs).map(({ entryPoint, exports }, i) => {
    const names = exports.map((name) => [name, `${name}_${i}`] as const);
    return { path: entryPoint!, names };
  });
}

function metafileOf(root: string, entryPoints: readonly string[]): Metafile {
  return buildSync({
    entryPoints: entryPoints.map((path) => root + path),
    outdir: `${root}dist`,
    write: false,
    metafile: true,
    ...options(root),
  }).metafile;
}

function options(root: string): {
  absWorkingDir: string;
  bundle: true;
  format: "esm";
  platform: "neutral";
  packages: "external";
  target: string;
  charset: "utf8";
  logLevel: "warning";
  tsconfig: string;
} {
  return {
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "neutral",
    packages: "external",
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
    tsconfig: `${root}tsconfig.base.json`,
  };
}

async function writeChunk(root: string, parts: readonly Part[]): Promise<void> {
  const contents = parts.map(({ path, names }) => {
    const list = names.map(([name, inChunk]) => `${name} as ${inChunk}`);
    return `export { ${list.join(", ")} } from "./${path}";`;
  });
  await build({
    stdin: { contents: contents.join("\n"), resolveDir: root, loader: "ts", sourcefile: "preload.ts" },
    outfile: `${root}dist/${CHUNK}`,
    // As the joined file: no spaces and no map, which were a fiftieth of the tarball.
    minifyWhitespace: true,
    plugins: [leaveOut(root, new Set(parts.map(({ path }) => path)))],
    ...options(root),
  });
}

/** All modules but the chunk's own are loaded from where they are. */
function leaveOut(root: string, own: ReadonlySet<string>): Plugin {
  return {
    name: "leave-out",
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        const name = relative(root, join(resolveDir, path)).replaceAll("\\", "/");
        if (kind !== "dynamic-import" && own.has(name)) return null;
        return { path: `./${name.replace(/\.ts$/, ".js")}`, external: true };
      });
    },
  };
}

function compiled(root: string, path: string): string {
  return `${root}dist/${path.replace(/\.ts$/, ".js")}`;
}

/** The module that takes a part's place. */
function reexports({ path, names }: Part): string {
  const list = names.map(([name, inChunk]) => `${inChunk} as ${name}`).join(", ");
  return `export { ${list} } from ${chunkFrom(dirname(path))};\n`;
}

function chunkFrom(folder: string): string {
  const path = relative(folder, CHUNK).replaceAll("\\", "/");
  return JSON.stringify(path.startsWith(".") ? path : `./${path}`);
}

/** What stays apart imports from the chunk at once: each file on the way would have to be loaded. */
function shortenImports(root: string, path: string, parts: ReadonlyMap<string, Part>): void {
  const file = compiled(root, path);
  const text = readFileSync(file, "utf8").replace(
    /^import \{ ([\w, ]+) \} from "(\.[^"]+)\.js";$/gm,
    (line: string, list: string, from: string) => {
      const part = parts.get(`${join(dirname(path), from).replaceAll("\\", "/")}.ts`);
      if (part === undefined) return line;
      const inChunk = new Map(part.names);
      const imported = list.split(", ").map((name) => `${inChunk.get(name)} as ${name}`);
      return `import { ${imported.join(", ")} } from ${chunkFrom(dirname(path))};`;
    },
  );
  writeFileSync(file, text);
}

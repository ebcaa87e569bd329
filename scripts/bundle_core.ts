// Joins the compiled modules that a preload loads into two: a hundred and forty small files take 0.1 s to load, two take
// 0.02 s.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, buildSync, type Metafile, type Plugin } from "esbuild";

const PUBLIC = "mod.ts";
const PRELOAD = "plugin/register_node.ts";

/**
 * These stay files of their own: they act when they are loaded, find other files by their own place, or are loaded only
 * when they are needed.
 */
const APART: ReadonlySet<string> = new Set([
  PRELOAD,
  "plugin/load_instrument.ts",
  "plugin/open_cache.ts",
  "src/instrument/fingerprint.ts",
  "src/instrument/selection.ts",
  "src/track/install.ts",
]);

/** A module that has become a part of a chunk: what it exports, and under which names the chunk does. */
interface Part {
  readonly path: string;
  readonly chunk: string;
  readonly names: readonly (readonly [name: string, inChunk: string])[];
}

/**
 * Writes `dist/core.js`, which browsers can load too, and `dist/preload.js`. Each module that is in them becomes one that
 * exports its part, so that whoever loads `dist/mod.js` or any other file shares the state with the preload.
 *
 * @param root The repository, with a slash at its end; `dist/` holds what the compiler made.
 * @throws {Error} when it cannot be bundled; esbuild has said why.
 */
export async function bundleCore(root: string): Promise<void> {
  const core = reachable(root, PUBLIC);
  const preload = reachable(root, PRELOAD).filter((path) => !core.includes(path));
  const parts = new Map<string, Part>();
  for (const [chunk, modules] of Object.entries({ core, preload })) {
    const own = partsOf(root, chunk, modules);
    await writeChunk({ root, chunk, own, others: new Map(parts) });
    for (const part of own) parts.set(part.path, part);
  }
  for (const part of parts.values()) {
    const file = compiled(root, part.path);
    writeFileSync(file, reexports(part, dirname(part.path)));
    rmSync(`${file}.map`, { force: true });
  }
  for (const path of APART) shortenImports(root, path, parts);
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
  return [...seen].filter((path) => !APART.has(path)).sort();
}

function partsOf(root: string, chunk: string, modules: readonly string[]): Part[] {
  return Object.values(metafileOf(root, modules).outputs).map(({ entryPoint, exports }, i) => {
    const names = exports.map((name) => [name, `${name}_${i}`] as const);
    return { path: entryPoint!, chunk, names };
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

interface Chunk {
  readonly root: string;
  readonly chunk: string;
  readonly own: readonly Part[];
  /** Parts of the chunks before this one. */
  readonly others: ReadonlyMap<string, Part>;
}

async function writeChunk({ root, chunk, own, others }: Chunk): Promise<void> {
  const contents = own.map(({ path, names }) => {
    const list = names.map(([name, inChunk]) => `${name} as ${inChunk}`);
    return `export { ${list.join(", ")} } from "./${path}";`;
  });
  await build({
    stdin: { contents: contents.join("\n"), resolveDir: root, loader: "ts", sourcefile: `${chunk}.ts` },
    outfile: `${root}dist/${chunk}.js`,
    sourcemap: true,
    plugins: [leaveOut(root, others)],
    ...options(root),
  });
}

/** Modules that stay apart are loaded from where they are, and those of other chunks from there. */
function leaveOut(root: string, others: ReadonlyMap<string, Part>): Plugin {
  return {
    name: "leave-out",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, kind, namespace }) => {
        if (namespace === "part") return { path, external: true };
        const name = relative(root, join(resolveDir, path)).replaceAll("\\", "/");
        if (others.has(name)) return { path: name, namespace: "part", sideEffects: false };
        if (kind !== "dynamic-import" && !APART.has(name)) return null;
        return { path: `./${name.replace(/\.ts$/, ".js")}`, external: true };
      });
      onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({
        contents: reexports(others.get(path)!, "."),
      }));
    },
  };
}

function compiled(root: string, path: string): string {
  return `${root}dist/${path.replace(/\.ts$/, ".js")}`;
}

/** The module that takes a part's place in a folder of `dist/`. */
function reexports({ chunk, names }: Part, folder: string): string {
  const list = names.map(([name, inChunk]) => `${inChunk} as ${name}`).join(", ");
  return `export { ${list} } from ${chunkFrom(folder, chunk)};\n`;
}

function chunkFrom(folder: string, chunk: string): string {
  const path = relative(folder, `${chunk}.js`).replaceAll("\\", "/");
  return JSON.stringify(path.startsWith(".") ? path : `./${path}`);
}

/** What stays apart imports from the chunks at once: each file on the way would have to be loaded. */
function shortenImports(root: string, path: string, parts: ReadonlyMap<string, Part>): void {
  const file = compiled(root, path);
  const text = readFileSync(file, "utf8").replace(
    /^import \{ ([\w, ]+) \} from "(\.[^"]+)\.js";$/gm,
    (line: string, list: string, from: string) => {
      const part = parts.get(`${join(dirname(path), from).replaceAll("\\", "/")}.ts`);
      if (part === undefined) return line;
      const inChunk = new Map(part.names);
      const imported = list.split(", ").map((name) => `${inChunk.get(name)} as ${name}`);
      return `import { ${imported.join(", ")} } from ${chunkFrom(dirname(path), part.chunk)};`;
    },
  );
  writeFileSync(file, text);
}

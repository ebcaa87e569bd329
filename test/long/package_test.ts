// What is published: the files of the tarball, what its entries resolve to, and what a bundle takes of it.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { after, test } from "node:test";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { assert, assertEquals } from "@std/assert";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { buildOnce, root } from "../hosts/host.ts";

type Target = string | { readonly [condition: string]: Target };

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, Target>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const bin = join(root, "node_modules", ".bin");

interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
  readonly size: number;
}

const folder = mkdtempSync(join(tmpdir(), "tracemalloc-package-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let packed: Packed | null = null;

/** The tarball that `npm publish` would send. */
function pack(): Packed {
  if (packed !== null) return packed;
  buildOnce();
  const words = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout, stderr } = spawnSync("npm", words, { cwd: root, encoding: "utf8" });
  const said = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)) || "null") as unknown;
  // npm 12 gives an object by name, npm 11 and before an array.
  const [first] = Array.isArray(said) ? said : Object.values((said ?? {}) as object);
  assert(first !== undefined, stderr);
  const { filename, files, size } = first as { filename: string; files: { path: string }[]; size: number };
  packed = { tarball: join(folder, filename), files: files.map(({ path }) => path), size };
  return packed;
}

/** Every file that `exports` and `bin` name. */
function targets(): string[] {
  const found: string[] = [];
  const add = (target: Target): void => {
    if (typeof target === "string") found.push(posix.normalize(target));
    else for (const each of Object.values(target)) add(each);
  };
  for (const target of Object.values(manifest.exports)) add(target);
  return [...found, ...Object.values(manifest.bin).map((file) => posix.normalize(file))];
}

/** What the build makes of several sources: the code of pages, what Node loads, and the transform. */
const BUNDLED =
  /^(?:plugin\/http\/client\/live|src\/report\/html\/page_script|node\/\w+)\.ts$|^plugin\/transform\.cts$/;

test("the tarball holds what runs, and nothing else", () => {
  const { files, size } = pack();
  const pages = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  const texts = ["LICENSE", "README.md", "CHANGELOG.md", ...pages.map((name) => `docs/${name}`)];
  const missing = [...texts, "package.json", ...targets()].filter((file) => !files.includes(file));
  assertEquals(missing, []);
  const allowed =
    /^(?:LICENSE|README\.md|CHANGELOG\.md|package\.json|mod\.ts|docs\/[a-z-]+\.md|(?:src|plugin)\/.+\.(?:c?ts|css|html|js)|dist\/(?:mod|node\/.+|src\/.+|plugin\/.+)\.(?:c?js|d\.c?ts|css|html)|dist\/plugin\/transform\.(?:fingerprint|licenses\.txt))$/;
  assertEquals(
    files.filter((file) => !allowed.test(file)),
    [],
  );
  // No compiled file without a source, which a rename would leave behind. Those of commands are in the repository alone: Bun, which takes
  // sources, takes the compiled commands.
  const sources = new Set(files.filter((file) => /^(?:mod\.ts|src\/|plugin\/)/.test(file)));
  for (const file of readdirSync(join(root, "src/cli"), { recursive: true }))
    sources.add(posix.join("src/cli", String(file).replaceAll("\\", "/")));
  const orphans = files
    .filter((file) => /^dist\/.*(?<!\.d)\.c?ts$|^dist\/.*\.c?js$/.test(file))
    .map((file) => file.slice("dist/".length).replace(/js$/, "ts"))
    .filter((file) => !sources.has(file) && !BUNDLED.test(file));
  assertEquals(orphans, []);
  assert(size < 1.5 * 2 ** 20, `${size} bytes`);
});

test("publint has nothing to say", async () => {
  const tarball = readFileSync(pack().tarball);
  const { messages } = await publint({
    strict: true,
    pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.length) },
  });
  const ours = { name: manifest.name, exports: manifest.exports } as never;
  // Imports by "#name" would need a package.json beside the copies that `tracemalloc instrument` makes of these files.
  const others = messages.filter(({ code }) => code !== "USE_EXPORTS_OR_IMPORTS_BROWSER");
  assertEquals(
    others.map((message) => formatMessage(message, ours)),
    [],
  );
});

test("types are right for node16 and bundlers", async () => {
  const { problems } = (await checkPackage(createPackageFromTarballData(readFileSync(pack().tarball)))) as {
    problems: { kind: string; entrypoint?: string; resolutionKind?: string }[];
  };
  // node10 knows no `exports`; that `require` gets ESM is meant: all runtimes that this package is for can do that.
  const meant = ({ kind, resolutionKind }: (typeof problems)[number]): boolean =>
    resolutionKind === "node10" || kind === "CJSResolvesToESM";
  assertEquals(
    problems.filter((problem) => !meant(problem)),
    [],
  );
});

/** A project that has installed the tarball, with its dependencies. */
function project(): string {
  const home = join(folder, "project");
  if (existsSync(home)) return home;
  const modules = join(home, "node_modules");
  mkdirSync(join(modules, "tracemalloc"), { recursive: true });
  const { status } = spawnSync("tar", [
    "-xzf",
    pack().tarball,
    "--strip-components=1",
    "-C",
    join(modules, "tracemalloc"),
  ]);
  assertEquals(status, 0);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name.startsWith(".") || name === "tracemalloc") continue;
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");
  const imports = entries.map((entry, i) => {
    const name = posix.join("tracemalloc", entry);
    return `import * as e${i} from "${name}";\nexport const k${i}: string[] = Object.keys(e${i});\n`;
  });
  writeFileSync(join(home, "package.json"), `{ "type": "module" }`);
  writeFileSync(
    join(home, "all.ts"),
    `${imports.join("")}import { start, takeSnapshot, type Statistic } from "tracemalloc";
start({ nframe: 5 });
export const top: Statistic | undefined = takeSnapshot().statistics("lineno")[0];
// @ts-expect-error: an option that there is not
start({ frames: 5 });
`,
  );
  return home;
}

for (const [module, moduleResolution] of [
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
]) {
  test(`a project of ${moduleResolution} resolution finds every entry and its types`, () => {
    const home = project();
    const options = {
      module,
      moduleResolution,
      target: "es2023",
      strict: true,
      noEmit: true,
      types: ["node"],
    };
    const file = join(home, `tsconfig.${moduleResolution}.json`);
    writeFileSync(
      file,
      JSON.stringify({ compilerOptions: { ...options, skipLibCheck: true }, files: ["all.ts"] }),
    );
    const { stdout } = spawnSync(join(bin, "tsc"), ["-p", file], { cwd: home, encoding: "utf8" });
    assertEquals(stdout, "");
  });
}

test("every entry of the tarball loads on Node and Bun", () => {
  const home = project();
  // The set-up files of test runners load in their runners only.
  const names = Object.keys(manifest.exports).filter(
    (entry) => !/package\.json|register|testing\/(?:jest|vitest)/.test(entry),
  );
  const script = names.map((entry) => `await import("${posix.join("tracemalloc", entry)}");`).join("\n");
  writeFileSync(join(home, "load.mjs"), `${script}\nconsole.log("loaded");\n`);
  for (const runtime of ["node", "bun"]) {
    const { stdout, stderr } = spawnSync(join(bin, runtime), ["load.mjs"], { cwd: home, encoding: "utf8" });
    assertEquals(stdout, "loaded\n", `${runtime}: ${stderr}`);
  }
});

test("a bundle of Snapshot has no tracker in it", async () => {
  const bundle = async (contents: string): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: project() },
      ...{ bundle: true, format: "esm", write: false, logLevel: "error", minifyWhitespace: true },
    });
    return outputFiles[0]!.text;
  };
  const words = ["FinalizationRegistry", "installBuiltins", "takeSnapshot", "firstId"];
  const has = (text: string): boolean[] => words.map((word) => text.includes(word));
  const snapshot = await bundle(`import { Snapshot } from "tracemalloc"; console.log(Snapshot);`);
  assertEquals(has(snapshot), [false, false, false, false]);
  assert(snapshot.includes("compareTo"));
  const tracing = await bundle(`import { takeSnapshot, start } from "tracemalloc"; start(); takeSnapshot();`);
  assertEquals(has(tracing), [true, true, true, true]);
});

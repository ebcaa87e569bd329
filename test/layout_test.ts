// The shape of the source tree: who may import whom, what loads in a browser, how files are named.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "@babel/parser";
import { assert, assertEquals } from "@std/assert";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The data flow: a file may import from its own stage and from those before it. */
const STAGES: readonly (readonly string[])[] = [
  // Words and checks that every stage may use.
  ["src/vocabulary/"],
  // What the process runs on: engine, runtime, thread, system.
  ["src/host/"],
  ["src/tables/"],
  ["src/sites/"],
  ["src/instrument/"],
  ["src/track/"],
  ["src/traces/"],
  ["src/recording/"],
  // One knot: `snapshot.statistics()` is contract, and statistics work on a snapshot's columns.
  ["src/snapshot/", "src/statistics/"],
  ["src/tracing.ts"],
  // Pages: what it needs it fetches.
  ["src/browser.ts"],
  ["mod.ts"],
  ["src/report/"],
  ["src/cli/"],
];

/** The adapters take the transform and the API, and of what shows results the page alone, which they serve. */
const PLUGIN_MAY_USE =
  /^(?:plugin\/|mod\.ts$|src\/(?:vocabulary|host|tables|sites|instrument|recording|report\/html)\/|src\/[a-z_]+\.ts$)/;

interface Import {
  from: string;
  specifier: string;
  /** Nothing is left of it when the program runs. */
  typeOnly: boolean;
}

/** Not `recursive: true`: Bun follows links there, and examples/ has one back to the root. */
function sourceFiles(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourceFiles(name);
    return name.endsWith(".ts") ? [name] : [];
  });
}

const known = new Map<string, Import[]>();

function importsOf(file: string): Import[] {
  const found = known.get(file) ?? parseImports(file);
  known.set(file, found);
  return found;
}

function parseImports(file: string): Import[] {
  const { program } = parse(readFileSync(join(root, file), "utf8"), {
    sourceType: "module",
    plugins: ["typescript"],
    createImportExpressions: true,
  });
  const found: Import[] = [];
  JSON.stringify(program, (key, node: unknown) => {
    if (key === "loc" || key.endsWith("omments")) return undefined;
    const { type, source, importKind, exportKind } = (node ?? {}) as {
      [key: string]: unknown;
      source?: { value?: unknown };
    };
    if (typeof type === "string" && /^(?:Import|Export)/.test(type) && typeof source?.value === "string") {
      const typeOnly = importKind === "type" || exportKind === "type";
      found.push({ from: file, specifier: source.value, typeOnly });
    }
    return typeof node === "bigint" ? `${node}` : node;
  });
  return found;
}

function target({ from, specifier }: Import): string | null {
  if (!specifier.startsWith(".")) return null;
  return relative(root, join(root, dirname(from), specifier))
    .split(sep)
    .join("/");
}

function stageOf(file: string): number {
  return STAGES.findIndex((members) =>
    members.some((member) => file === member || (member.endsWith("/") && file.startsWith(member))),
  );
}

const core = ["mod.ts", ...sourceFiles("src")];

test("every file of src/ belongs to a stage", () => {
  assert(core.length > 50, `found ${core.length} files`);
  assertEquals(
    core.filter((file) => stageOf(file) < 0),
    [],
  );
});

test("src/ imports only from its own stage and those before", () => {
  const edges = core.flatMap(importsOf).flatMap((entry) => {
    const to = target(entry);
    return to === null ? [] : [{ from: entry.from, to }];
  });
  assert(edges.length > 200, `found ${edges.length} imports`);
  const wrong = edges.filter(({ from, to }) => stageOf(to) < 0 || stageOf(to) > stageOf(from));
  assertEquals(wrong, []);
});

test("the vocabulary imports nothing but itself", () => {
  const outward = sourceFiles("src/vocabulary")
    .flatMap(importsOf)
    .filter((entry) => stageOf(target(entry) ?? "") !== 0);
  assertEquals(outward, []);
});

test("plugin/ uses the transform and the API alone", () => {
  const files = sourceFiles("plugin");
  assert(files.length > 5, `found ${files.length} files`);
  const targets = files.flatMap(importsOf).map((entry) => ({ from: entry.from, to: target(entry) }));
  assertEquals(
    targets.filter(({ to }) => to !== null && !PLUGIN_MAY_USE.test(to)),
    [],
  );
});

test("what mod.ts and tracemalloc/browser load has no dependency, no node: import, and says that it is browser compatible", () => {
  const seen = new Set(["mod.ts", "src/browser.ts"]);
  const foreign: Import[] = [];
  for (const file of seen) {
    for (const entry of importsOf(file)) {
      if (entry.typeOnly) continue;
      const to = target(entry);
      if (to === null) foreign.push(entry);
      else seen.add(to);
    }
  }
  assert(seen.size > 20, `reached ${seen.size} files`);
  assertEquals(foreign, []);
  const unmarked = [...seen].filter(
    (file) => !readFileSync(join(root, file), "utf8").startsWith("// Browser compatible.\n"),
  );
  assertEquals(unmarked, []);
});

test("file names are snake_case", () => {
  const files = ["src", "plugin", "test", "scripts", "bench", "examples"].flatMap(sourceFiles);
  assert(files.length > 100, `found ${files.length} files`);
  assertEquals(
    files.filter((file) => !/^[a-z0-9]+(?:_[a-z0-9]+)*(?:\.d)?\.ts$/.test(basename(file))),
    [],
  );
});

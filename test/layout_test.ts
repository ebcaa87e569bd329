// The shape of the source tree: who may import whom, what loads in a browser, how files are named, how large they are, and which
// test holds them.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { CHANGING_VARIABLES, CIRCLES, LARGE_FILES, LONG_FUNCTIONS } from "./layout_exceptions.ts";
import {
  changingVariablesOf,
  circlesOf,
  functionsOf,
  type Import,
  importsOf,
  linesOf,
  reachedFrom,
  root,
  sourceFiles,
  target,
} from "./source_tree.ts";
import { TESTED_BY } from "./tested_by.ts";

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
  // What no page loads.
  ["src/delta.ts", "src/labels.ts"],
  // Pages: what it needs it fetches.
  ["src/browser.ts"],
  ["mod.ts"],
  ["src/heap/"],
  ["src/report/"],
  ["src/cli/"],
];

/** The adapters take the transform and the API, and of what shows results the page alone, which they serve. */
const PLUGIN_MAY_USE =
  /^(?:plugin\/|mod\.ts$|src\/(?:vocabulary|host|tables|sites|instrument|recording|heap|report\/html)\/|src\/[a-z_]+\.ts$)/;

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

test("plugin/ uses the transform, the heap and the API alone", () => {
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

test("the types of what hosts have on the global object stand in src/host/ alone", () => {
  const asks =
    /globalThis as (?:\w*Host|ProcessOfNode)\b|globalThis as \{[^;]*?\b(?:Bun|Deno|process|gc)\?:|\bgetBuiltinModule\?/;
  const own = sourceFiles("src")
    .filter((file) => asks.test(readFileSync(join(root, file), "utf8")))
    .sort();
  // Others ask `host.ts` what there is, and `built_in_modules.ts` for modules; a page loads neither before it has to.
  assertEquals(own, ["src/host/built_in_modules.ts", "src/host/host.ts", "src/track/objects/is_proxy.ts"]);
});

test("file names are snake_case", () => {
  const files = ["src", "plugin", "test", "scripts", "bench", "examples"].flatMap(sourceFiles);
  assert(files.length > 100, `found ${files.length} files`);
  assertEquals(
    files.filter((file) => !/^[a-z0-9]+(?:_[a-z0-9]+)*(?:\.d)?\.ts$/.test(basename(file))),
    [],
  );
});

const ours = ["mod.ts", ...sourceFiles("src"), ...sourceFiles("plugin")];

test("no files import each other's values, but for those of the list", () => {
  assertEquals(
    circlesOf(ours).map((files) => [files[0], files.length]),
    CIRCLES.map(([first, files]) => [first, files]),
  );
});

test("no file has more than 300 lines, but for those of the list", () => {
  assertEquals(ours.filter((file) => linesOf(file) > 300).sort(), Object.keys(LARGE_FILES).sort());
});

test("no function has more than 60 lines, but for those of the list", () => {
  const functions = ours.flatMap((file) => functionsOf(file).map((each) => ({ ...each, file })));
  assert(functions.length > 2000, `found ${functions.length} functions`);
  const long = functions.filter(({ lines }) => lines > 60).map(({ file, name }) => `${file} ${name}`);
  assertEquals(long.sort(), Object.keys(LONG_FUNCTIONS).sort());
});

test("no module has variables that change, but for those of the list", () => {
  const files = ours.filter((file) => changingVariablesOf(file).length > 0);
  assertEquals(files.sort(), Object.keys(CHANGING_VARIABLES).sort());
});

/** What was called so before the glossary of ARCHITECTURE, and its word for it. */
const GLOSSARY: Readonly<Record<string, string>> = {
  lent: "prepaid",
  LooseToken: "unwatched token",
  steady: "uniform",
  crowded: "busy",
  hub: "file registry",
  madeOf: "initialContents",
  madeNew: "builtinResult",
};

test("things are called what the glossary calls them", () => {
  const words = new RegExp(String.raw`\b(?:${Object.keys(GLOSSARY).join("|")})\b`, "gi");
  const found = [...ours, ".github/ARCHITECTURE.md", ".github/CONTRIBUTING.md"].flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(words)].map(([word]) => `${file}: ${word}`),
  );
  assertEquals(found, []);
  const glossary = readFileSync(join(root, ".github/ARCHITECTURE.md"), "utf8");
  for (const word of ["prepaid", "unwatched", "uniform site", "file registry"])
    assert(new RegExp(`^\\| ${word} +\\|`, "m").test(glossary), word);
});

test("no two files of one room have the same name", () => {
  // The page's own code is a program of its own.
  const room = (file: string): string =>
    /^(?:src\/report\/html\/client|plugin\/http\/client|(?:src|plugin)\/[^/]+)\//.exec(file)?.[0] ?? "";
  const places = ours.map((file) => `${room(file)}${basename(file)}`);
  assertEquals(
    places.filter((place, index) => places.indexOf(place) !== index),
    [],
  );
});

test("what pages have instead of a file lies beside it, has its names, and stands in package.json", () => {
  const instead = sourceFiles("src").filter((file) => file.endsWith("_in_page.ts"));
  assert(instead.length > 5, `found ${instead.length} files`);
  const { browser } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    browser: Record<string, string>;
  };
  const expected = instead.flatMap((file) => {
    const usual = file.replace("_in_page", "");
    assertEquals(valuesOf(file), valuesOf(usual), file);
    const built = (name: string): string => `./dist/${name.replace(/\.ts$/, ".js")}`;
    return [
      [`./${usual}`, `./${file}`],
      [built(usual), built(file)],
    ];
  });
  assertEquals(browser, Object.fromEntries(expected));
});

/** Names of what a file exports, but for types. */
function valuesOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm)]
    .map(([, name]) => name!)
    .sort();
}

test("what lies in a folder page/ is loaded later, or by what is", () => {
  const later = (file: string): boolean => /\/page\//.test(file);
  const files = sourceFiles("src");
  assert(files.filter(later).length > 5);
  const atOnce = files.flatMap((file) =>
    importsOf(file).filter(
      (entry) => !later(file) && !entry.typeOnly && !entry.isLater && later(`/${target(entry) ?? ""}`),
    ),
  );
  assertEquals(atOnce, []);
});

/** What tests start that they do not import: programs and pages load it. */
function startedBy(name: string): string[] {
  const folder = name.slice(0, name.indexOf("/") + 1);
  const preloads = ["plugin/register_node.ts", "plugin/register_bun.ts", "src/cli/main.ts"];
  // Programs import the one, which starts the other as a thread.
  preloads.push("src/heap/mod.ts", "src/heap/heap_worker.ts");
  if (folder === "cli/" || folder === "hosts/") return preloads;
  if (folder === "browser/")
    return ["src/report/html/client/main.ts", "plugin/http/client/main.ts", "src/browser.ts"];
  if (folder !== "integrations/") return [];
  const { browser, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    browser: Record<string, string>;
    exports: Record<string, { bun?: string }>;
  };
  const entries = Object.values(exports).map(({ bun }) => bun);
  return [...Object.values(browser), ...entries].flatMap((path) =>
    path?.endsWith(".ts") ? [path.replace("./", "")] : [],
  );
}

test("every file of src/ has a test of its own name, or is in the list of those that another test holds", () => {
  const listed = Object.values(TESTED_BY).flatMap((folders) =>
    Object.entries(folders).flatMap(([folder, names]) =>
      names.split(" ").map((name) => `src/${folder}/${name}.ts`),
    ),
  );
  const unnamed = sourceFiles("src").filter(
    (file) =>
      !/\.d\.ts$/.test(file) &&
      !existsSync(join(root, file.replace(/^src\//, "test/").replace(/\.ts$/, "_test.ts"))),
  );
  assertEquals(listed.sort(), unnamed.sort());
});

test("a test that holds a file loads it, or starts what does", () => {
  const unreached = Object.entries(TESTED_BY).flatMap(([name, folders]) => {
    assert(existsSync(join(root, "test", name)), name);
    const reached = reachedFrom([`test/${name}`, ...startedBy(name)]);
    return Object.entries(folders).flatMap(([folder, names]) =>
      names
        .split(" ")
        .map((each) => `src/${folder}/${each}.ts`)
        .filter((file) => !reached.has(file))
        .map((file) => `${name}: ${file}`),
    );
  });
  assertEquals(unreached, []);
});

import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { marks, PROGRAM, throwingPlace } from "./compiled/program.ts";
import { type Host, hosts, Project, type RunOptions, root } from "./host.ts";

const COMPILERS = ["tsc", "tsc_inline", "swc", "esbuild", "rollup", "webpack", "webpack_of_tsc"];

/** A project with the program once for each of the names, in a folder of its own. */
function projectOf(names: readonly string[], main: string): Project {
  const files: Record<string, string> = { "package.json": `{"type":"module"}`, "main.mjs": main };
  for (const name of names) {
    files[`${name}/package.json`] = `{"type":"module"}`;
    for (const [file, text] of Object.entries(PROGRAM)) files[`${name}/src/${file}`] = text;
  }
  const project = new Project(files);
  symlinkSync(join(root, "node_modules/tsx"), project.path("node_modules/tsx"), "dir");
  return project;
}

/** Runs the program under the tracker; gives the stacks it printed, and where its objects were made. */
async function trace(
  project: Project,
  { host, main, ...options }: { host: Host; main: string } & RunOptions,
): Promise<{ stacks: string[]; snapshot: Snapshot; stderr: string }> {
  const out = project.path(`${host}.pb.gz`);
  const env = { TRACEMALLOC: "5", TRACEMALLOC_SAMPLING: "exact", TRACEMALLOC_OUT: out };
  const { code, stdout, stderr } = await project.run(host, main, { ...options, env });
  assertEquals(code, 0, stderr);
  const stacks = [...stdout.matchAll(/^stack:(.*)$/gm)].map(([, json]) => JSON.parse(json!) as string);
  return { stacks, snapshot: Snapshot.load(out), stderr };
}

/** Of the marked lines those that have another number of objects than they make, as `line Type: wanted, found`. */
function wrongLines(project: Project, name: string, snapshot: Snapshot): string[] {
  const found = new Map<string, number>();
  for (const { traceback, type } of snapshot.traces) {
    const { filename, lineno } = traceback.at(-1)!;
    const place = `${filename}:${lineno} ${type}`;
    found.set(place, (found.get(place) ?? 0) + 1);
  }
  return [...marks()].flatMap(([mark, wanted]) => {
    const count = found.get(project.path(`${name}/src/${mark}`)) ?? 0;
    return count === wanted ? [] : [`${mark}: ${wanted}, ${count}`];
  });
}

function assertThrownAt(stack: string, path: string, where = throwingPlace()): void {
  const first = stack.split("\n")[1]!;
  assert(first.includes(`${path}:${where.line}:${where.column}`), stack);
}

test("the program has its marks", () => {
  assert(marks().size >= 20, String(marks().size));
});

test("what compilers and bundlers made of a program leads back to its lines", async () => {
  const main = COMPILERS.map((name) => `await import("./${name}/out/main.js");\n`).join("");
  using project = projectOf(COMPILERS, main);
  const { status, stderr } = spawnSync(
    join(root, "node_modules/.bin/node"),
    [join(root, "test/hosts/compiled/compile.ts"), project.folder],
    { encoding: "utf8" },
  );
  assertEquals(status, 0, stderr);
  const runs: readonly (readonly [Host, string[]])[] = [
    ["node", ["--enable-source-maps"]],
    ["node", []],
    ["deno", []],
    ["bun", []],
  ];
  for (const [host, flags] of runs.filter(([host]) => hosts.includes(host))) {
    const { stacks, snapshot, stderr } = await trace(project, { host, main: "main.mjs", flags });
    assertEquals(stderr, "");
    for (const [i, name] of COMPILERS.entries()) {
      assertEquals(wrongLines(project, name, snapshot), [], `${host}, ${name}`);
      // webpack's map of what no loader gave a map for knows lines alone.
      const where = name === "webpack_of_tsc" ? { ...throwingPlace(), column: 3 } : throwingPlace();
      if (host === "deno" || flags.length > 0)
        assertThrownAt(stacks[i]!, project.path(`${name}/src/main.ts`), where);
    }
    const names = new Set(
      [...snapshot.traces].map(({ traceback }) => traceback.at(-1)!).map(({ functionName }) => functionName),
    );
    // esbuild and webpack have shortened all of them.
    for (const name of ["Store.add", "Holder.next", "tree", "numbers"]) assert(names.has(name), name);
    for (const name of names) assert(name.length > 1, name);
  }
});

for (const order of ["before", "after"] as const) {
  const needsNode = { skip: hosts.includes("node") ? false : "tsx is for Node" };
  test(`node: with tsx ${order} us, lines and stacks are those of the TypeScript`, needsNode, async () => {
    using project = projectOf(["tsx"], "");
    const [first, preload] =
      order === "before" ? ["tsx", "tracemalloc/register"] : ["tracemalloc/register", "tsx"];
    const flags = ["--import", first];
    const { stacks, snapshot } = await trace(project, {
      host: "node",
      main: "tsx/src/main.ts",
      flags,
      preload,
    });
    assertEquals(wrongLines(project, "tsx", snapshot), []);
    assertThrownAt(stacks[0]!, project.path("tsx/src/main.ts"));
    // What tsx puts in front of each module has no line there: least of all one of the program's.
    const interfaceLine = [...snapshot.traces].filter(({ traceback }) => {
      const { filename, lineno } = traceback.at(-1)!;
      return filename.endsWith("store.ts") && lineno === 1;
    });
    assertEquals(interfaceLine.length, 0);
  });
}

for (const host of hosts) {
  test(`${host}: a map that cannot be used gives one warning, and the generated lines`, async () => {
    const script = (n: number): string =>
      `\n(globalThis.kept ??= []).push(Array.from({ length: ${n} }, () => ({ n: ${n} })));\n`;
    using project = new Project({
      "package.json": `{"type":"module"}`,
      "main.js": `import "./missing.js"; import "./broken.js"; import "./far.js"; import "plain";\n`,
      "missing.js": `${script(41)}//# sourceMappingURL=missing.js.map\n`,
      "broken.js": `${script(42)}//# sourceMappingURL=broken.js.map\n`,
      "broken.js.map": `{"version":3,"sources":["a.ts"],"names":[],"mappings":"!"}`,
      "far.js": `${script(43)}//# sourceMappingURL=https://127.0.0.1:9/far.js.map\n`,
      "node_modules/plain/package.json": `{"name":"plain","type":"module","main":"index.js"}`,
      "node_modules/plain/index.js": `${script(44)}//# sourceMappingURL=index.js.map\n`,
    });
    const { snapshot, stderr } = await trace(project, { host, main: "main.js" });
    assertEquals(stderr.match(/tracemalloc: /g)?.length, 1, stderr);
    assert(stderr.includes("missing.js.map"), stderr);
    const lines = snapshot.statistics("lineno").filter(({ count }) => count >= 41);
    assertEquals(
      lines.map(({ traceback }) => `${traceback.at(0)!.filename}:${traceback.at(0)!.lineno}`).sort(),
      ["broken", "far", "missing", "node_modules/plain/index"].map((name) => `${project.path(name)}.js:2`),
    );
  });
}

/** A package whose one object is made, and an error thrown, on a line that its map says is line 11 of `src/NAME.ts`. */
function packageWithMap(name: string, text: string, mappings: string): Record<string, string> {
  const map = { version: 3, sources: [`../src/${name}.ts`], names: [], mappings };
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, type: "module", main: "dist/index.js" }),
    [`node_modules/${name}/dist/index.js`]: `${text}\n//# sourceMappingURL=index.js.map\n`,
    [`node_modules/${name}/dist/index.js.map`]: JSON.stringify(map),
  };
}

for (const host of hosts) {
  test(`${host}: lines of packages are those of what runs, as long as one can read them; stacks are untouched`, async () => {
    const making = (n: number): string =>
      `(globalThis.kept ??= []).push(Array.from({ length: ${n} }, () => ({ n: ${n} })), new Error("at"));`;
    const print =
      "for (const error of globalThis.kept.flat())\n  if (error.stack) console.log('stack:' + JSON.stringify(error.stack));";
    using project = new Project({
      "package.json": `{"type":"module"}`,
      "main.js": `import "./out/own.js"; import "plain"; import "minified";\n${print}\n`,
      "out/own.js": `\n${making(41)}\n//# sourceMappingURL=own.js.map\n`,
      "out/own.js.map": JSON.stringify({
        version: 3,
        sources: ["../src/own.ts"],
        names: [],
        mappings: ";AAUA",
      }),
      ...packageWithMap("plain", `\n${making(42)}`, ";AAUA"),
      ...packageWithMap("minified", making(43) + "void 0;".repeat(50), "AAUA"),
    });
    const flags = host === "node" ? ["--enable-source-maps"] : [];
    const { snapshot, stacks } = await trace(project, { host, main: "main.js", flags });
    const lines = snapshot.statistics("lineno").filter(({ count }) => count >= 41);
    assertEquals(
      lines.map(({ traceback }) => `${traceback.at(0)!.filename}:${traceback.at(0)!.lineno}`).sort(),
      ["node_modules/minified/src/minified.ts:11", "node_modules/plain/dist/index.js:2", "src/own.ts:11"].map(
        (name) => project.path(name),
      ),
    );
    // Bun reads no map of what a plugin loads; Deno takes the map's line and, in packages, the name of the file that runs, untraced as well.
    if (host === "bun") return;
    const plain = `node_modules/plain/${host === "deno" ? "dist/index.js" : "src/plain.ts"}`;
    for (const [i, path] of ["src/own.ts", plain].entries())
      assert(stacks[i]!.includes(`${project.path(path)}:11:`), stacks[i]);
  });
}

import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { assertLeadsBack, assertThrownAt, projectOf, trace, wrongLines } from "./compiled/leads_back.ts";
import { marks } from "./compiled/program.ts";
import { hosts, Project } from "./host.ts";

test("the program has its marks", () => {
  assert(marks().size >= 20, String(marks().size));
});

// All of them are in test/long/.
test("what tsc and esbuild made of a program leads back to its lines", () =>
  assertLeadsBack(["tsc", "esbuild"]));

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

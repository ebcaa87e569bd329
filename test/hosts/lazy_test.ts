// What is loaded: few files, the transform only when a file has to be instrumented, Node's `fetch` only when a text names it.
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { hosts, Project, type RunOptions, root, whoami } from "./host.ts";

/** Prints each file that is loaded after it. */
const LOGGER = `import { registerHooks } from "node:module"; import { writeSync } from "node:fs";
registerHooks({ load(url, context, next) { writeSync(1, "load:" + url + "\\n"); return next(url, context); } });`;

const MAIN = `const list = [1, 2];
console.log("transform:" + Object.keys(require.cache).filter((file) => file.endsWith("transform.cjs")).length);
${whoami}`;

for (const host of hosts.filter((each) => each !== "bun")) {
  test(`${host}: files from the cache run without the transform`, async () => {
    using project = new Project({ "main.cjs": MAIN });
    for (const loaded of [1, 0, 0]) {
      const { stdout, stderr } = await project.run(host, "main.cjs");
      assertEquals([stdout, stderr], [`transform:${loaded}\nhost:${host}\n`, ""]);
    }
    project.write("main.cjs", `${MAIN}// changed`);
    assertStringIncludes((await project.run(host, "main.cjs")).stdout, "transform:1\n");
  });
}

if (hosts.includes("node")) {
  // Each file takes half a millisecond.
  test("node: the package is few files, and a command has no more of them than it needs", async () => {
    using project = new Project({
      "api.mjs": `import "tracemalloc";`,
      "empty.cjs": "",
      "main.cjs": MAIN,
      "logger.mjs": LOGGER,
    });
    const loaded = async (script: string, options: RunOptions): Promise<string[]> => {
      const flags = ["--import", "./logger.mjs"];
      const { code, stdout } = await project.run("node", script, { ...options, flags });
      assertEquals(code, 0);
      const urls = [...stdout.matchAll(/^load:file:.*?\/dist\/(.*)/gm)].map(([, path]) => path!);
      return urls.filter((path) => !path.startsWith("index.")).sort();
    };
    const core = ["node/snapshot.js", "node/tracing.js"];
    assertEquals(await loaded("api.mjs", { preload: null }), ["node/mod.js", ...core]);
    const env = { TRACEMALLOC: "5", TRACEMALLOC_OUT: "out.pb.gz" };
    await project.run("node", "main.cjs", { env });
    await project.run("node", "empty.cjs");
    assertEquals(await loaded("empty.cjs", {}), ["node/preload.js", ...core, "plugin/register_node.js"]);
    const main = `${root}dist/src/cli/main.js`;
    assertEquals(await loaded(main, { preload: null, args: ["top", "out.pb.gz"] }), [
      ...["node/command_line.js", "node/snapshot.js", "node/top.js", "node/views.js"],
      "src/cli/main.js",
    ]);
  });

  test("node: a preload loads none of the transform's libraries for files from the cache", async () => {
    using project = new Project({ "main.cjs": MAIN, "logger.mjs": LOGGER });
    const loaded = async (): Promise<string[]> => {
      const { stdout } = await project.run("node", "main.cjs", { flags: ["--import", "./logger.mjs"] });
      return [...stdout.matchAll(/^load:(file:.*)/gm)].map(([, url]) => url!);
    };
    assert((await loaded()).length > 5);
    const cached = await loaded();
    assertEquals(
      cached.filter((url) => /babel|magic-string|jridgewell|lexer|transform\.cjs/.test(url)),
      [],
    );
  });

  test("node: built-ins that come with fetch are not loaded by tracing, but are traced where a text names them", async () => {
    const app = (use: string): string => `const { isTracing, takeSnapshot } = require("tracemalloc");
const isLoaded = () => process.moduleLoadList.includes("NativeModule internal/deps/undici/undici");
(async () => {
  const before = isLoaded();
  ${use}
  console.log(before, isLoaded(), isTracing());
})();`;
    const parsed = `globalThis.kept = await require("./other.cjs")('[{},{},{},{}]');
  console.log(takeSnapshot().statistics("lineno").filter(({ traceback }) => traceback.at(-1).filename.endsWith("other.cjs"))
    .reduce((sum, { count }) => sum + count, 0) >= 5);`;
    // As fastify, terser and TypeScript have them.
    const words = `// to fetch the types. Response\nclass Request {}
  new Request(); Request.Parent; const codes = ["Request", "Response"], message = "Response.body is too large", own = { Response: message };`;
    using project = new Project({
      "without.cjs": app(""),
      "words.cjs": app(words),
      // As webpack has it.
      "longer.cjs": app(
        "const tools = { get RequestShortener() { return 1; }, get fetchAll() { return 2; } };",
      ),
      "with.cjs": app(parsed),
      "other.cjs": `module.exports = async (text) => await new Response(text).json();`,
      "renamed.cjs": app(parsed.replaceAll("other.cjs", "renamed_other.cjs")),
      "renamed_other.cjs": `const { Response: Renamed } = globalThis; module.exports = async (text) => await new Renamed(text).json();`,
    });
    const env = { TRACEMALLOC: "5" };
    for (const _ of ["cold", "cached"]) {
      for (const name of ["without.cjs", "words.cjs", "longer.cjs"]) {
        const without = await project.run("node", name, { env });
        assertEquals([without.stdout, without.stderr], ["false false true\n", ""]);
      }
      const renamed = await project.run("node", "renamed.cjs", { env });
      assertEquals([renamed.stdout, renamed.stderr], ["true\nfalse true true\n", ""]);
      const used = await project.run("node", "with.cjs", { env });
      assertEquals([used.stdout, used.stderr], ["true\nfalse true true\n", ""]);
    }
  });

  test("node: a library of the transform that the program is importing does not keep it from being loaded", async () => {
    using project = new Project({
      "node_modules/own/package.json": `{"name":"own","type":"module","exports":"./index.js"}`,
      "node_modules/own/index.js": `export * from ${JSON.stringify(`file://${join(root, "node_modules/magic-string/dist/index.mjs")}`)};`,
      "main.mjs": `import * as own from "own"; import { list } from "./list.mjs"; console.log(list.length, typeof own);`,
      "list.mjs": `export const list = [1, 2, 3];`,
    });
    const { stdout, stderr } = await project.run("node", "main.mjs");
    assertEquals([stdout, stderr], ["3 object\n", ""]);
  });
}

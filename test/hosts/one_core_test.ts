// That a process has one tracker, however `tracemalloc/register` and the package's other entries are loaded.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { type Host, hosts, Project, type RunOptions, root } from "./host.ts";

/** Prints whether all ways to the package lead to the tracker that records. */
const REPORT = `
const keep = (globalThis.keep = Array.from({ length: 500 }, (_, i) => ({ i })));
const of = (module) => module.takeSnapshot().statistics("lineno").some(({ count }) => count >= 500);
const { measure } = await import("tracemalloc/testing");
const { createHandler } = await import("tracemalloc/http");
const imported = await import("tracemalloc");
const { createRequire } = await import("node:module");
const required = createRequire(import.meta.url)("tracemalloc");
const measured = await measure(() => { globalThis.more = [{}, {}, {}]; });
const request = { method: "GET", url: "http://localhost/debug/pprof/heap", headers: new Headers({ host: "localhost" }) };
const response = await createHandler()(request, "127.0.0.1");
const profile = new Uint8Array(await response.arrayBuffer());
const { withLabels } = await import("tracemalloc/labels");
const labelled = withLabels({ route: "/of-labels" }, () => [{}, {}, {}]);
const { gunzipSync } = await import("node:zlib");
const seen = {
  tracing: imported.isTracing(),
  import: of(imported),
  require: of(required),
  same: Object.keys(imported).every((name) => imported[name] === required[name] && required[name] !== undefined),
  labels: labelled.length === 3 && gunzipSync(imported.takeSnapshot().toBytes()).includes("/of-labels"),
  measured: measured.allocated.count,
  served: of({ takeSnapshot: () => imported.Snapshot.fromBytes(profile) }),
  name: imported.Snapshot.name + new imported.Frame("a", 1).constructor.name,
};
console.log(JSON.stringify(seen));
`;

const ONE = {
  tracing: true,
  import: true,
  require: true,
  same: true,
  labels: true,
  measured: 4,
  served: true,
  name: "SnapshotFrame",
};

const TRACED = { TRACEMALLOC: "5" };

async function seen(
  project: Project,
  script: string,
  options: RunOptions,
  host: Host = "node",
): Promise<unknown> {
  const { stdout, stderr } = await project.run(host, script, options);
  assertEquals(stderr, "");
  return JSON.parse(stdout);
}

for (const host of hosts.filter((each) => each !== "node")) {
  test(`one tracker: ${host} takes the installed package`, async () => {
    using project = new Project({
      "package.json": `{"type":"module","dependencies":{"tracemalloc":"*"}}`,
      "deno.json": `{"nodeModulesDir":"manual"}`,
      "main.mjs": REPORT,
    });
    const preload = host === "deno" ? "npm:tracemalloc/register" : "tracemalloc/register";
    assertEquals(await seen(project, "main.mjs", { preload, env: TRACED }, host), ONE);
  });
}

if (hosts.includes("node")) {
  const files = {
    "package.json": `{"type":"module"}`,
    "nothing.mjs": "",
    "main.mjs": REPORT,
  };

  const preloads: [string, RunOptions][] = [
    ["--import", {}],
    ["--import, of the file", { preload: "./node_modules/tracemalloc/dist/plugin/register_node.js" }],
    ["--require", { flags: ["--require", "tracemalloc/register"], preload: "./nothing.mjs" }],
    ["NODE_OPTIONS", { preload: "./nothing.mjs", env: { NODE_OPTIONS: "--import=tracemalloc/register" } }],
    ["twice", { flags: ["--require", "tracemalloc/register"] }],
    ["after another preload", { flags: ["--import", "./nothing.mjs"] }],
    ["after one that imports the API", { flags: ["--import", "./early.mjs"] }],
    ["within another preload, with the API", { preload: "./both.mjs" }],
    ["within another preload, and named after it", { flags: ["--import", "./both.mjs"] }],
  ];
  for (const [way, options] of preloads) {
    test(`one tracker: the preload by ${way}`, async () => {
      using project = new Project({
        ...files,
        "early.mjs": `import { isTracing } from "tracemalloc"; isTracing();`,
        "both.mjs": `import "tracemalloc/register"; import "tracemalloc";`,
      });
      const env = { ...TRACED, ...options.env };
      assertEquals(await seen(project, "main.mjs", { ...options, env }), ONE);
    });
  }

  const programs: [string, string][] = [
    [
      "imports the API before it",
      `import "tracemalloc"; import "tracemalloc/register"; await import("./main.mjs");`,
    ],
    [
      "imports the API after it",
      `import "tracemalloc/register"; import "tracemalloc"; await import("./main.mjs");`,
    ],
    [
      "imports both at once",
      `await Promise.all([import("tracemalloc/register"), import("tracemalloc")]); await import("./main.mjs");`,
    ],
    [
      "requires both",
      `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);
      require("tracemalloc/register"); require("tracemalloc"); await import("./main.mjs");`,
    ],
  ];
  for (const [way, text] of programs) {
    test(`one tracker: without a preload, the program ${way}`, async () => {
      using project = new Project({ ...files, "first.mjs": text });
      const options = { preload: "./nothing.mjs", env: TRACED };
      assertEquals(await seen(project, "first.mjs", options), ONE);
    });

    test(`one tracker: with a preload, the program ${way}`, async () => {
      using project = new Project({ ...files, "first.mjs": text });
      assertEquals(await seen(project, "first.mjs", { env: TRACED }), ONE);
    });
  }

  test("one tracker: the preload is loaded again, from another URL and after require's cache was emptied", async () => {
    using project = new Project({
      ...files,
      "first.cjs": `for (const name of Object.keys(require.cache)) delete require.cache[name];
(async () => {
  await import("./node_modules/tracemalloc/dist/plugin/register_node.js?again");
  for (const name of Object.keys(require.cache)) delete require.cache[name];
  await import("./main.mjs");
})();`,
    });
    assertEquals(await seen(project, "first.cjs", { env: TRACED }), ONE);
  });

  test("one tracker: in a worker, and in one with flags of its own", async () => {
    for (const flags of ["{}", `{ execArgv: [] }`, `{ execArgv: ["--import", "./nothing.mjs"] }`]) {
      using project = new Project({
        ...files,
        "first.mjs": `import { Worker } from "node:worker_threads"; new Worker("./main.mjs", ${flags});`,
      });
      assertEquals(await seen(project, "first.mjs", { env: TRACED }), ONE);
    }
  });

  test("one tracker: in a child process that is followed", async () => {
    using project = new Project({
      ...files,
      "first.mjs": `import { fork } from "node:child_process"; fork("./main.mjs", { execArgv: [] });`,
    });
    assertEquals(await seen(project, "first.mjs", { env: TRACED }), ONE);
  });

  test("one tracker: in a child process that is not followed and starts tracing itself, nothing is instrumented", async () => {
    using project = new Project({
      ...files,
      "first.mjs": `import { fork } from "node:child_process"; fork("./child.mjs");`,
      "child.mjs": `import { start, takeSnapshot, isTracing } from "tracemalloc"; import { createRequire } from "node:module";
start(); globalThis.keep = [{}];
console.log(isTracing(), takeSnapshot().traces.length, createRequire(import.meta.url)("tracemalloc").isTracing());`,
    });
    const env = { ...TRACED, TRACEMALLOC_FOLLOW: "0" };
    const { stdout, stderr } = await project.run("node", "first.mjs", { env });
    assertEquals(stdout, "true 0 true\n");
    assertEquals(
      stderr,
      "tracemalloc: no instrumented code has been loaded, so nothing can be traced yet; run: node --import tracemalloc/register app.js\n",
    );
  });

  test("one tracker: under node:test, with the package's assertions", async () => {
    using project = new Project({
      "package.json": `{"type":"module"}`,
      "leak_test.mjs": `import { test } from "node:test"; import { assertNoLeak } from "tracemalloc/testing";
const kept = [];
test("clean", () => assertNoLeak(() => [1, 2, 3].map((x) => ({ x }))));
test("leaky", async () => {
  const error = await assertNoLeak(() => void kept.push({ a: [] })).catch((caught) => caught);
  if (error?.name !== "LeakError" || !/leak_test\\.mjs:5/.test(error.message)) throw error;
});
`,
    });
    const { code, stdout } = await project.run("node", "leak_test.mjs", { flags: ["--test"] });
    assertEquals(code, 0, stdout);
  });

  test("another copy of the package finds a tracker in place, and leaves it there", async () => {
    using project = new Project({
      ...files,
      "main.mjs": `import * as first from "tracemalloc"; import * as other from "./lib/use.mjs";
globalThis.keep = Array.from({ length: 500 }, () => ({}));
const lines = first.takeSnapshot().statistics("lineno");
console.log(JSON.stringify([first.isTracing(), other.isTracing(), first.start === other.start,
  lines.some(({ count, traceback }) => count >= 500 && traceback.at(0).filename.endsWith("main.mjs"))]));`,
      "lib/use.mjs": `export * from "tracemalloc";`,
    });
    for (const name of ["package.json", "dist"])
      cpSync(join(root, name), project.path(`lib/node_modules/tracemalloc/${name}`), { recursive: true });
    assertEquals(await seen(project, "main.mjs", { env: TRACED }), [true, false, false, true]);

    project.write("lib/use.mjs", `import { start } from "tracemalloc"; start(); start();`);
    const { stderr } = await project.run("node", "lib/use.mjs");
    assertMatch(stderr, /^tracemalloc: the program's code reports to another copy of tracemalloc, .*\n$/);
  });
}

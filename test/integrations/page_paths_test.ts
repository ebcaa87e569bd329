// Bundles for pages that do not record calls, run by this runtime: what pages have instead comes with the build, and `fetch` reads files here.
// `test/browser/native_paths_test.ts` has them in browsers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type BuildOptions, build } from "esbuild";
import { WITHOUT_CALLS } from "../../plugin/bundlers/build_transform.ts";
import { Project, root } from "../hosts/host.ts";
import { plugin } from "./app.ts";

const APP = `export class Store {
  rows = [];
  add(id) {
    this.rows.push({ id });
    return this;
  }
}
export function fill(store, count) {
  for (let i = 0; i < count; i++) store.add(i);
}
`;
const MAIN = `import { collect, getObjectTraceback, start, takeSnapshot, track } from "tracemalloc";
import { fill, Store } from "./app.mjs";
start(OPTIONS);
const store = new Store();
fill(store, 500);
track(99, "mine", 8);
const show = (traceback) => [...traceback].map(({ functionName, lineno }) => functionName + ":" + lineno).join(" ");
const whole = (traceback) => traceback && show(traceback) + " of " + traceback.totalNframe;
const shown = () => [
  takeSnapshot().statistics("traceback").filter(({ traceback }) => traceback.at(-1).lineno === 4 && traceback.at(-1).filename.endsWith("app.mjs")).map(({ traceback, count, allocatedCount }) => [show(traceback), count, allocatedCount]),
  whole(getObjectTraceback(store.rows[0])),
  [...takeSnapshot().traces].filter(({ domain }) => domain === 99).map(({ traceback, size }) => [whole(traceback), size]),
];
const before = shown();
await collect();
console.log(JSON.stringify({ before, after: shown() }));
`;
/** What pages have, and Node has for files. */
const FETCH = `import { readFileSync } from "node:fs";
globalThis.fetch = async (url) => {
  const text = readFileSync(new URL(url), "utf8");
  return { ok: true, headers: { get: () => null }, text: async () => text };
};
`;

type Shown = [
  lines: [path: string, count: number, allocated: number][],
  object: string,
  user: [string, number][],
];

async function run(
  start: object,
  options: BuildOptions = { sourcemap: true },
): Promise<{ before: Shown; after: Shown; stderr: string }> {
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/esbuild.ts")>("esbuild");
  using project = new Project({ "main.mjs": MAIN, "app.mjs": APP, "fetch.mjs": FETCH });
  await build({
    ...{ entryPoints: [project.path("main.mjs")], outdir: project.path("out"), bundle: true, minify: true },
    ...{ format: "esm", platform: "browser", outExtension: { ".js": ".mjs" }, logLevel: "error" },
    ...{ define: { OPTIONS: JSON.stringify(start) } },
    plugins: [tracemalloc({ calls: false })],
    ...options,
  });
  const main = join("out", "main.mjs");
  const { stdout, stderr } = await project.run("node", main, {
    preload: null,
    env: { NODE_OPTIONS: "--import=./fetch.mjs" },
  });
  assert(stdout !== "", stderr);
  return { ...(JSON.parse(stdout) as { before: Shown; after: Shown }), stderr };
}

const PATH = "<module>:5 fill:9 Store.add:4";

test("adaptive: call paths from the engine's stacks, by the bundle's source map", async () => {
  const { before, after } = await run({ sampling: "adaptive", nframe: 25 });
  // Before anything could be fetched: lines alone.
  assertEquals(before, [[["Store.add:4", 500, 500]], "Store.add:4 of null", [[":0 of null", 8]]]);
  assertEquals(after, [[[PATH, 500, 500]], `${PATH} of 3`, [["<module>:6 of 1", 8]]]);
});

test("a few frames: the most recent ones, and how many there were", async () => {
  const { after } = await run({ sampling: "adaptive", nframe: 2 });
  assertEquals(after.slice(0, 2), [[["fill:9 Store.add:4", 500, 500]], "fill:9 Store.add:4 of 3"]);
});

test("sampled by bytes", async () => {
  const { after } = await run({ sampling: 256, nframe: 25, seed: 3 });
  assertEquals(
    after[0].map(([path]) => path),
    [PATH],
  );
  const [[, , allocated]] = after[0] as [Shown[0][0]];
  assert(allocated > 250 && allocated < 1000, `${allocated} blocks`);
});

test("without a map: lines alone, and all of their blocks", async () => {
  for (const options of [{ sourcemap: false }, { sourcemap: "external" }] as const) {
    const { after } = await run({ sampling: "adaptive", nframe: 25 }, options);
    assertEquals(after[0], [["Store.add:4", 500, 500]]);
  }
});

test("one frame, and exact mode, which says what it lacks", async () => {
  const one = await run({ sampling: "adaptive" });
  assertEquals(one.after[0], [["Store.add:4", 500, 500]]);
  assertEquals(one.stderr, "");
  const exact = await run({ nframe: 25 });
  assertStringIncludes(exact.stderr, "bundle it without calls: false");
  assertEquals(exact.after[0][0]?.slice(1), [500, 500]);
});

test("the option is a boolean", async () => {
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/esbuild.ts")>("esbuild");
  assertThrows(() => tracemalloc({ calls: "no" as never }), TypeError, 'calls must be a boolean, got "no"');
});

test("what such bundles have back is what pages have something else for", () => {
  const { browser } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    browser: Record<string, string>;
  };
  for (const name of WITHOUT_CALLS) assertEquals(browser[`./${name}.ts`], `./${name}_in_page.ts`);
});

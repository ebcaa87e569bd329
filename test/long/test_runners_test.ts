// `tracemalloc/testing` inside of each test runner: one check that passes, one that finds the leak, one that has not been
// instrumented and says so.
import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Project, root } from "../hosts/host.ts";

const STORE = `const kept = [];
export function leak(value) {
  kept.push({ value });
}
export function tidy(value) {
  return [value].map((x) => ({ x })).length;
}
`;

/** With plain functions: for runners without `expect`. */
const PLAIN = `
import { assertAllocates, assertNoLeak, measure } from "tracemalloc/testing";
import { leak, tidy } from "./store.js";
const options = { iterations: 20 };
test("tidy", () => assertNoLeak(() => tidy(1), options));
test("leaky", () => assertNoLeak(() => leak(1), options));
test("in budget", () => assertAllocates(() => tidy(1), { max: "1 KiB" }));
test("over budget", () => assertAllocates(() => tidy(1), { max: 8 }));
`;

const MATCHERS = `
import { leak, tidy } from "./store.js";
const options = { iterations: 20 };
test("tidy", async () => { await expect(() => tidy(1)).not.toLeak(options); });
test("leaky", async () => { await expect(() => leak(1)).not.toLeak(options); });
test("in budget", async () => { await expect(() => tidy(1)).toAllocateLessThan("1 KiB"); });
test("over budget", async () => { await expect(() => tidy(1)).toAllocateLessThan(8); });
`;

/** What Vitest's and Jest's own loaders need in the place of the preload. The project's files alone: the package is linked. */
const TRANSFORM = `
import { instrument } from "tracemalloc/instrument";
const folder = import.meta.dirname;
const isOurs = (name) => name.startsWith(folder) && !name.includes("node_modules");
const run = (code, filename) => isOurs(filename) ? instrument(code, { filename, sourceType: "module" }).code : code;
export const plugin = { name: "instrument", enforce: "post", transform: (code, id) => ({ code: run(code, id), map: null }) };
export default { process: (code, filename) => ({ code: run(code, filename) }) };
`;

interface Runner {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The words that load the instrumentation. */
  readonly preload: readonly string[];
  readonly env?: Record<string, string>;
  readonly files: Record<string, string>;
  readonly packages?: readonly string[];
}

const RUNNERS: readonly Runner[] = [
  {
    name: "node:test",
    program: "node",
    preload: ["--import", "tracemalloc/register"],
    args: ["--test", "--test-reporter=tap", "a.test.js"],
    files: { "a.test.js": `import { test } from "node:test";${PLAIN}` },
  },
  {
    name: "deno test",
    program: "deno",
    // `deno test` does not ask the import map about it, as `deno run` does.
    preload: ["--preload", pathToFileURL(join(root, "dist/plugin/register_node.js")).href],
    args: ["test", "-A", "--no-check", "a.test.js"],
    files: { "a.test.js": `const test = Deno.test;${PLAIN}` },
  },
  {
    name: "bun test",
    program: "bun",
    preload: ["--preload", "tracemalloc/register"],
    args: ["test", "--timeout=60000", "./a.test.js"],
    files: {
      "a.test.js": `import { expect, test } from "bun:test";import { matchers } from "tracemalloc/testing";expect.extend(matchers);${MATCHERS}`,
    },
  },
  {
    name: "Vitest",
    program: "node",
    preload: ["--instrumented"],
    args: ["node_modules/vitest/vitest.mjs", "run", "--reporter=verbose", "--testTimeout=60000"],
    packages: ["vitest"],
    files: {
      "a.test.js": `import { expect, test } from "vitest";${MATCHERS}`,
      "transform.js": TRANSFORM,
      "vitest.config.js": `import { plugin } from "./transform.js";
        export default { test: { setupFiles: ["tracemalloc/testing/vitest"] }, plugins: process.env.PLAIN ? [] : [plugin] };`,
    },
  },
  {
    name: "Jest",
    program: "node",
    preload: ["--instrumented"],
    args: ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "--testTimeout=60000", "--verbose"],
    packages: ["jest"],
    files: {
      "a.test.js": MATCHERS,
      "transform.js": TRANSFORM,
      "jest.config.js": `export default { testEnvironment: "node", setupFilesAfterEnv: ["tracemalloc/testing/jest"],
        transform: process.env.PLAIN ? {} : { "\\\\.js$": "./transform.js" } };`,
    },
  },
];

interface Outcome {
  code: number | null;
  output: string;
}

async function run(runner: Runner, instrumented: boolean): Promise<Outcome> {
  using project = new Project({ "package.json": `{"type":"module"}`, "store.js": STORE, ...runner.files });
  for (const name of runner.packages ?? []) {
    const target = join(project.folder, "node_modules", name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(root, "node_modules", name), target, "dir");
  }
  const bySetting = runner.preload[0] === "--instrumented";
  const words = instrumented && !bySetting ? runner.preload : [];
  const [first, ...rest] = runner.args;
  const args = runner.program === "node" ? [...words, ...runner.args] : [first!, ...words, ...rest];
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:TRACEMALLOC|NODE_|CI$)/.test(name));
  const child = spawn(join(root, "node_modules/.bin", runner.program), args, {
    cwd: project.folder,
    env: {
      ...Object.fromEntries(inherited),
      NO_COLOR: "1",
      ...(bySetting && !instrumented ? { PLAIN: "1" } : {}),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const guard = setTimeout(() => child.kill("SIGKILL"), 100_000);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearTimeout(guard);
  return { code, output };
}

for (const runner of RUNNERS) {
  test(`${runner.name}: what is tidy passes, what leaks fails with its line, budgets hold`, async () => {
    const { code, output } = await run(runner, true);
    assert(code !== 0, output);
    assertMatch(output, /store\.js:3: \+1 object \(\+\d+ B\) per call: Object/);
    assertMatch(output, /one call allocated \d+ B in \d+ blocks/);
    assertEquals(passedAndFailed(output), [2, 2], output);
  });

  test(`${runner.name}: says so where the code is not instrumented`, async () => {
    const { code, output } = await run(runner, false);
    assert(code !== 0, output);
    assertStringIncludes(output, "no instrumented code has been loaded");
    assertEquals(passedAndFailed(output), [0, 4], output);
  });
}

/** The figures of the closing lines, which differ: the last that are there. */
function passedAndFailed(output: string): number[] {
  return ["pass(?:ed)?", "fail(?:ed)?"].map((word) => {
    const figures = [...output.matchAll(new RegExp(`(\\d+) ${word}\\b|^# ${word} (\\d+)`, "gm"))];
    const [, before, behind] = figures.at(-1) ?? [];
    return Number(before ?? behind ?? 0);
  });
}

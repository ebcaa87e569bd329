// What test files keep, said by the reporters, in each runner as it is installed; Jest with each of its transforms.
import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { RegistryProject } from "./registry_project.ts";

const STORE = `import { label } from "./label";

export interface Row {
  i: number;
  label: string;
}

const kept: Row[] = [];

export function keep(count: number): number {
  for (let i = 0; i < count; i++)
    kept.push({ i, label } satisfies Row);
  return kept.length;
}
`;
const LARGE = `keep(3000); if (keep(3000) !== 6000) throw new Error("wrong"); `;
const SMALL = `if (keep(10) !== 10) throw new Error("wrong"); `;
const JEST = `const inner = {
  "ts-jest": { transformer: "ts-jest", options: { diagnostics: false, isolatedModules: true, tsconfig: { allowJs: true, target: "es2022", module: "commonjs" } } },
  "@swc/jest": { transformer: "@swc/jest", options: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } } },
  "babel-jest": { transformer: "babel-jest", options: { configFile: false, presets: [["@babel/preset-env", { targets: { node: "current" } }], "@babel/preset-typescript"] } },
}[process.env.TRANSFORMER];
module.exports = {
  ...{ testEnvironment: "node", watchman: false, testMatch: ["**/*.jest.ts"], cacheDirectory: __dirname + "/jest-cache" },
  transform: { "\\\\.[jt]sx?$": ["tracemalloc/jest-transform", inner] },
  transformIgnorePatterns: ["/node_modules/(?!tracemalloc/)"],
  setupFilesAfterEnv: ["tracemalloc/testing/jest"],
  reporters: ["default", ["tracemalloc/jest", { budgets: { "large*": "200 KiB" } }]],
};
`;
const VITEST = `import { tracemalloc } from "tracemalloc/unplugin/vite";
export default {
  plugins: process.env.PLAIN ? [] : [tracemalloc()],
  test: {
    ...{ include: ["*.vitest.ts"], setupFiles: process.env.NO_SETUP ? [] : ["tracemalloc/testing/vitest"] },
    reporters: ["default", ["tracemalloc/vitest", { budgets: { "large*": "200 KiB" } }]],
  },
};
`;
/** Those of Vitest 3 are in a project of their own: a test file imports "vitest". */
const OLDER = ["vitest@3", "vite@6"];
const MOCKED = `jest.mock("./label", () => ({ label: "mocked" }));`;

let project: RegistryProject;
let files: Record<string, string> = {};
let home = "";
let unreachable: string | null = null;

before(() => {
  files = {
    "package.json": `{"private":true}`,
    "store.ts": STORE,
    "label.ts": `export const label: string = "real";\n`,
    "jest.config.cjs": JEST,
    "vitest.config.mts": VITEST,
    // Node finds no file without its extension.
    "node/package.json": `{"type":"module"}`,
    "node/store.ts": STORE.replace(`"./label"`, `"./label.ts"`),
    "node/label.ts": `export const label: string = "real";\n`,
  };
  for (const [name, body] of [
    ["large", LARGE],
    ["small", SMALL],
  ]) {
    const test = `import { keep } from "./store";\n\ntest("${name}", () => { ${body} });\n`;
    files[`${name}.jest.ts`] = name === "large" ? `${MOCKED}\n${test}` : test;
    files[`${name}.vitest.ts`] = `import { test } from "vitest";\n${test}`;
    files[`node/${name}.test.ts`] =
      `import { test } from "node:test";\n${test.replace(`"./store"`, `"./store.ts"`)}`;
  }
  project = new RegistryProject(files);
  home = realpathSync(project.folder);
  unreachable = project.install([
    ...["vitest@4", "vite@8", "jest@30", "ts-jest@29", "typescript@5", "@swc/jest", "@swc/core"],
    ...["babel-jest@30", "@babel/preset-env@7", "@babel/preset-typescript@7"],
  ]);
});

after(() => project[Symbol.dispose]());

function cannotRun(t: TestContext): boolean {
  if (unreachable !== null) t.skip(`npm's registry cannot be reached: ${unreachable}`);
  return unreachable !== null;
}

function run(args: readonly string[], env: Record<string, string> = {}, folder = home) {
  const { env: usual, timeout } = project.options;
  const clean = { ...usual, GITHUB_ACTIONS: "", ...env };
  const { status, stdout, stderr } = spawnSync("node", args, {
    cwd: folder,
    timeout,
    encoding: "utf8",
    env: clean,
  });
  return { status, output: `${stdout}\n${stderr}` };
}

/** The summary's rows about files, and the first line of each. */
function rows(output: string): string[] {
  const at = output.indexOf("Memory kept by test files");
  assert(at >= 0, output);
  const lines = output.slice(at).split("\n");
  return lines
    .flatMap((line, i) =>
      /^ *[\d.]+ \w+ {2}\S+\.(?:jest|vitest|test)\.ts {3}\d+ obj/.test(line) ? [line, lines[i + 1]!] : [],
    )
    .map((line) => line.trim().replace(/^[\d.]+ \w+ {2}/, ""));
}

function check(output: string, status: number | null, kind: string): void {
  const [large, line, small] = rows(output);
  // The first call of `test()` starts node:test, which listens for its own summary: on the line of that call, as all that a call adds.
  const own = kind === "test" ? ", 1 listener" : "";
  assertMatch(
    large!,
    new RegExp(`^large\\.${kind}\\.ts {3}60\\d\\d objects${own} {3}over its budget of 200 KiB$`),
  );
  // One more for the string that they share.
  assertMatch(line!, /^(?:\S*\/)?store\.ts:12 {3}in 600[01]$/);
  assertMatch(small!, new RegExp(`^small\\.${kind}\\.ts {3}\\d\\d objects${own}$`));
  assertEquals(status, 1, output);
}

/** @param folder Of a project with Vitest. */
function checkVitest(folder: string): void {
  const vitest = ["node_modules/vitest/vitest.mjs", "run"];
  const { status, output } = run(vitest, { GITHUB_ACTIONS: "true" }, folder);
  check(output, status, "vitest");
  assertStringIncludes(
    output,
    "::error file=store.ts,line=12,title=Memory kept by tests::large.vitest.ts keeps",
  );
  const plain = run(vitest, { PLAIN: "1" }, folder);
  assertEquals(plain.status, 0);
  assertStringIncludes(plain.output, "none of its code is instrumented");
  const bare = run(vitest, { NO_SETUP: "1" }, folder);
  assertStringIncludes(bare.output, "large.vitest.ts   nothing was recorded");
  assertStringIncludes(bare.output, `setupFiles: ["tracemalloc/testing/vitest"]`);
}

test("Vitest: files and lines, the largest first; a budget fails the run", (t) => {
  if (!cannotRun(t)) checkVitest(home);
});

test("Vitest 3: the same", (t) => {
  if (cannotRun(t)) return;
  using older = new RegistryProject(files);
  const failure = older.install(OLDER);
  if (failure !== null) return t.skip(`npm's registry cannot be reached: ${failure}`);
  const { version } = JSON.parse(
    readFileSync(join(older.folder, "node_modules/vitest/package.json"), "utf8"),
  ) as { version: string };
  assertMatch(version, /^3\./);
  checkVitest(realpathSync(older.folder));
});

for (const transformer of ["ts-jest", "@swc/jest", "babel-jest"]) {
  test(`Jest with ${transformer}: files and lines, beside jest.mock; a budget fails the run`, (t) => {
    if (cannotRun(t)) return;
    // In workers once; elsewhere what one process has compiled does for both files.
    const where = transformer === "@swc/jest" ? "--maxWorkers=2" : "--runInBand";
    const { status, output } = run(["node_modules/jest/bin/jest.js", "--ci", where], {
      TRANSFORMER: transformer,
    });
    assertStringIncludes(output, "2 passed");
    check(output, status, "jest");
  });
}

test("node:test: files and lines, with and without the preload; a budget fails the run", (t) => {
  if (cannotRun(t)) return;
  const reporter = "--test-reporter=tracemalloc/node-test";
  const budget = { TRACEMALLOC_TEST_BUDGET: "200 KiB" };
  for (const preload of [[], ["--import", "tracemalloc/register"]]) {
    const { status, output } = run([...preload, "--test", reporter], budget, `${home}/node`);
    check(output, status, "test");
  }
  assertEquals(run(["--test", reporter], {}, `${home}/node`).status, 0);
  const together = run(["--test", "--test-isolation=none", reporter], budget, `${home}/node`);
  assertStringIncludes(together.output, "not known, as all run in one process");
});

// `tracemalloc run` of what is no script: package managers, runtimes with options, programs of node_modules/.bin.
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as plainTest } from "node:test";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Ended, keepers, tracemalloc, withFolder } from "./tracemalloc.ts";

/** Says where it runs, and keeps a thousand objects. */
const APP = `globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
const { bun, deno } = process.versions;
console.log(bun ? "bun" : deno ? "deno" : "node", process.argv.slice(2).join(" "), process.execArgv.filter((word) => !/preload|require|register/.test(word)).join(" "));
`;

const PACKAGE = JSON.stringify({
  type: "module",
  scripts: {
    start: "node app.js from npm",
    two: "node app.js a && node other.js b",
    deno: "deno run -A app.js",
    bun: "bun app.js",
  },
});

const FILES = { "package.json": PACKAGE, "app.js": APP, "other.js": APP };

function test(name: string, body: () => Promise<void>): void {
  plainTest(name, { timeout: 120_000 }, body);
}

const run = (cwd: string, ...words: string[]): Ended =>
  tracemalloc(["run", "-o", "out.pb.gz", ...words], { cwd });

const dumps = (cwd: string): string[] => readdirSync(cwd).filter((name) => name.endsWith(".pb.gz"));

/** By what is written: the program's output, and whose snapshot is left in the end. */
const ONE: [words: string, stdout: string][] = [
  ["npm --silent start", "node from npm \n"],
  ["-- node --max-old-space-size=200 app.js -x", "node -x --max-old-space-size=200\n"],
];

for (const [words, expected] of ONE) {
  test(`tracemalloc run ${words}: one snapshot, of the program alone`, () =>
    withFolder(FILES, (cwd) => {
      const { code, stdout, stderr } = run(cwd, ...words.split(" "));
      assertEquals([code, stdout], [0, expected], stderr);
      assertStringIncludes(stderr, "tracemalloc: snapshot written to out.pb.gz\nTop 10 lines\n#1: ");
      assertEquals(dumps(cwd), ["out.pb.gz"]);
      assertEquals(keepers(join(cwd, "out.pb.gz")), ["app.js"]);
    }));
}

test("a script of several programs leaves a snapshot of all, and one of each", () =>
  withFolder(FILES, (cwd) => {
    const { code, stdout, stderr } = run(cwd, "npm", "run", "--silent", "two");
    assertEquals([code, stdout], [0, "node a \nnode b \n"], stderr);
    assertMatch(stderr, /tracemalloc: merged from out\.\d+\.pb\.gz, out\.\d+\.pb\.gz\n/);
    assertEquals(dumps(cwd).length, 3);
    assertEquals(keepers(join(cwd, "out.pb.gz")), ["app.js", "other.js"]);
  }));

/** A folder whose node_modules/.bin has these. */
function withBins(bins: Record<string, string>, use: (cwd: string) => void): Promise<void> {
  return withFolder(FILES, (cwd) => {
    const folder = join(cwd, "node_modules", ".bin");
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(bins)) {
      writeFileSync(join(cwd, "node_modules", file), text, { mode: 0o755 });
      symlinkSync(join("..", file), join(folder, file.replace(".cjs", "")));
    }
    use(cwd);
  });
}

test("programs of node_modules/.bin run on what their first line says, or on --runtime", () =>
  withBins(
    {
      "tool.cjs": `#!/usr/bin/env node\n${APP}`,
      // As pnpm writes them.
      shim: `#!/bin/sh\nexec node "$(dirname "$0")/../../app.js" "$@"\n`,
    },
    (cwd) => {
      const cases: [words: string[], stdout: string, kept: string][] = [
        [["tool", "-x"], "node -x \n", "tool.cjs"],
        [["shim", "a"], "node a \n", "app.js"],
      ];
      for (const [words, expected, kept] of cases) {
        const { code, stdout, stderr } = run(cwd, ...words);
        assertEquals([code, stdout], [0, expected], stderr);
        assertEquals(keepers(join(cwd, "out.pb.gz")), [kept]);
        // Every line of `tool` is one of node_modules: the reader may have expected the project's.
        assertEquals(
          stderr.includes("note: every line is of a package in node_modules; "),
          kept === "tool.cjs",
        );
      }
    },
  ));

test("what nothing of is traced is said, with the exit code that it had", () =>
  withFolder({ ...FILES, "fail.sh": "#!/bin/sh\nenv -u NODE_OPTIONS node app.js\nexit 3\n" }, (cwd) => {
    chmodSync(join(cwd, "fail.sh"), 0o755);
    const { code, stdout, stderr } = run(cwd, "./fail.sh");
    assertEquals([code, stdout], [3, "node  \n"]);
    assertMatch(
      stderr,
      /^tracemalloc: no snapshot: \.\/fail\.sh ended with code 3, and no process of Node, Deno or Bun that it has started wrote one; what sudo, docker, ssh or env -i start is not traced: .*\n$/,
    );
  }));

// More of what starts a program below `tracemalloc run`; test/cli/run_command_test.ts has those that differ most.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { keepers, tracemalloc, withFolder } from "../cli/tracemalloc.ts";

const APP = `globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
console.log(process.versions.bun ? "bun" : process.versions.deno ? "deno" : "node", process.argv.slice(2).join(" "));
`;

const FILES = {
  "package.json": JSON.stringify({ type: "module", scripts: { start: "node app.js a", bun: "bun app.js" } }),
  "app.js": APP,
  "kept.test.js": `import { test } from "node:test";\ntest("keeps", () => {\n${APP}});\n`,
};

const COMMANDS: [words: string, stdout: string][] = [
  ["npm run --silent bun", "bun \n"],
  ["deno task -q start", "node a\n"],
  ["deno run -A app.js -x", "deno -x\n"],
  ["bun app.js -x", "bun -x\n"],
  ["node --run start", "node a\n"],
  ["--runtime deno -- --allow-all app.js --", "deno --\n"],
  ["sh -c exec\tnode\tapp.js", "node \n"],
];

for (const [words, expected] of COMMANDS) {
  test(`tracemalloc run ${words}: one snapshot, of the program alone`, () =>
    withFolder(FILES, (cwd) => {
      const { code, stdout, stderr } = tracemalloc(["run", "-o", "out.pb.gz", ...words.split(" ")], { cwd });
      assertEquals([code, stdout], [0, expected], stderr);
      assertStringIncludes(stderr, "tracemalloc: snapshot written to out.pb.gz\nTop 10 lines\n#1: ");
      assertEquals(keepers(join(cwd, "out.pb.gz")), ["app.js"]);
    }));
}

test("node --test: the files that the runner starts", () =>
  withFolder(FILES, (cwd) => {
    const { code, stderr } = tracemalloc(["run", "-o", "out.pb.gz", "node", "--test"], { cwd });
    assertEquals(code, 0, stderr);
    assertEquals(keepers(join(cwd, "out.pb.gz")), ["kept.test.js"]);
  }));

test("without a name the snapshot is named after the file, else after the command", () =>
  withFolder(FILES, (cwd) => {
    tracemalloc(["run", "node", "--no-warnings", "app.js"], { cwd });
    tracemalloc(["run", "npm", "start"], { cwd });
    const names = readdirSync(cwd).filter((name) => name.endsWith(".pb.gz"));
    assertMatch(names.sort().join(" "), /^tracemalloc-app-\d+\.pb\.gz tracemalloc-npm-\d+\.pb\.gz$/);
  }));

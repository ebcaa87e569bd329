// More of what starts a program below `tracemalloc run`; test/cli/run_command_test.ts has those that differ most.
import { spawn } from "node:child_process";
import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { COMMAND, keepers, tracemalloc, withFolder } from "../cli/tracemalloc.ts";
import { root } from "../hosts/host.ts";

const APP = `globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
console.log(process.versions.bun ? "bun" : process.versions.deno ? "deno" : "node", process.argv.slice(2).join(" "));
`;

const FILES = {
  "package.json": JSON.stringify({
    type: "module",
    scripts: { start: "node app.js a", bun: "bun app.js", deno: "deno run -A app.js" },
  }),
  "app.js": APP,
  "kept.test.js": `import { test } from "node:test";\ntest("keeps", () => {\n${APP}});\n`,
};

const COMMANDS: [words: string, stdout: string][] = [
  ["npm run --silent bun", "bun \n"],
  ["npm run --silent deno", "deno \n"],
  ["bun run --silent start", "node a\n"],
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

test("node --watch: each start leaves a snapshot, and the signal ends it", () =>
  withFolder(FILES, async (cwd) => {
    writeFileSync(join(cwd, "app.js"), `${APP}setInterval(() => {}, 1000);\n`);
    const [program, ...words] = [...COMMAND, ..."run -o out.pb.gz -- node --watch app.js".split(" ")];
    const PATH = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`;
    const { NODE_TEST_CONTEXT, NODE_OPTIONS, ...inherited } = process.env;
    const child = spawn(program, words, {
      cwd,
      env: { ...inherited, PATH },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let starts = 0;
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      starts += text.split("node \n").length - 1;
      if (text.includes("node \n")) {
        if (starts === 1) appendFileSync(join(cwd, "app.js"), "// changed\n");
        else child.kill("SIGTERM");
      }
    });
    await new Promise((resolve) => child.on("close", resolve));
    assertEquals(starts, 2, stderr);
    assertStringIncludes(stderr, "snapshot of 2 processes and workers written to out.pb.gz");
  }));

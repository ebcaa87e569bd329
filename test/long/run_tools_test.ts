// `tracemalloc run` through package managers and a test runner as the registry has them.
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { installProject } from "./registry_project.ts";

const APP = `globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
console.log(process.versions.bun ? "bun" : "node", process.argv.slice(2).join(" "));
`;

/** A test file that Vitest compiles itself, and which its plugin instruments. */
const VITEST = `import { test } from "vitest";
test("keeps", () => { globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i })); });
`;

test("pnpm, yarn, npx, bunx and vitest are run, and the program is traced", { timeout: 240_000 }, (t) => {
  using project = installProject(t, ["pnpm@10", "yarn@1", "vitest@4"], {
    "package.json": `{"private":true,"type":"module","license":"MIT","scripts":{"start":"node app.js a"}}`,
    "app.js": APP,
    "kept.test.js": VITEST,
    "plugin.config.js": `import { tracemalloc } from "tracemalloc/unplugin/vite";
export default { plugins: [tracemalloc()] };
`,
  })!;
  if (project === null) return;
  /** Whether a line of the file has 1000 objects. */
  const keeps = (file: string): boolean =>
    Snapshot.load(join(project.folder, "out.pb.gz"))
      .statistics("lineno")
      .some(
        ({ count, traceback }) => count >= 1000 && traceback.at(0)!.filename === join(project.folder, file),
      );
  for (const words of ["pnpm --silent start", "yarn --silent start", "npx pnpm --silent start"]) {
    const { stdout, stderr } = project.run("npx", [
      "tracemalloc",
      "run",
      "-o",
      "out.pb.gz",
      ...words.split(" "),
    ]);
    assertEquals(stdout, "node a\n", words);
    assertStringIncludes(stderr, "tracemalloc: snapshot written to out.pb.gz\n");
    assertEquals(keeps("app.js"), true, words);
  }
  const { stdout } = project.run("bunx", ["tracemalloc", "run", "-o", "out.pb.gz", "app.js"]);
  assertEquals([stdout, keeps("app.js")], ["bun \n", true]);

  const vitest = ["tracemalloc", "run", "-o", "out.pb.gz", "vitest", "run"];
  const without = project.run("npx", vitest);
  assertMatch(without.stdout, /1 passed/);
  assertStringIncludes(
    without.stderr,
    "note: every line is of a package in node_modules; where a tool loads",
  );
  const { stderr } = project.run("npx", [...vitest, "-c", "plugin.config.js"]);
  assertEquals([keeps("kept.test.js"), stderr.includes("note: every line")], [true, false], stderr);
});

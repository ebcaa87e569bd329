// Compiled code that Node keeps for programs with the preload: where, when, and when not.
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { engines, Project } from "./host.ts";

const MAIN = `const { getCompileCacheDir } = require("node:module");
const before = getCompileCacheDir();
const large = require("./large.cjs");
console.log(JSON.stringify([before ?? null, getCompileCacheDir() ?? null, large.answer()]));`;

const PLACE = "node_modules/.cache/tracemalloc-compiled";

/** Longer than what is worth it; a comment is read soon. */
const large = (answer: number): string =>
  `exports.answer = () => ${answer};\n/* ${"as long as a library ".repeat(13_000)} */\n`;

for (const { name, host, program } of engines) {
  if (host !== "node" || program === null) continue;

  test(`${name}: a large program's compiled code is kept, and never run for another text`, async () => {
    using project = new Project({ "main.cjs": MAIN, "large.cjs": large(1) });
    const run = async (env: Record<string, string> = {}): Promise<unknown[]> => {
      const { code, stdout, stderr } = await project.run("node", "main.cjs", { program, env });
      assertEquals([code, stderr], [0, ""]);
      return JSON.parse(stdout) as unknown[];
    };
    const files = (): string[] =>
      existsSync(project.path(PLACE))
        ? readdirSync(project.path(PLACE), { recursive: true })
            .map(String)
            .filter((path) => /[\da-f]{8}$/.test(path))
        : [];
    for (let i = 0; i < 2; i++) {
      const [before, after, answer] = await run();
      assert(before === null && String(after).includes(PLACE), `${before}, ${after}`);
      assertEquals(answer, 1);
    }
    assert(files().length > 0);
    // Of the same length.
    project.write("large.cjs", large(2));
    assertEquals((await run())[2], 2);
    // A folder of the user's own stays.
    const own = project.path("own");
    assert(String((await run({ NODE_COMPILE_CACHE: own }))[1]).startsWith(own));
    assertEquals((await run({ NODE_V8_COVERAGE: project.path("coverage") })).slice(0, 2), [null, null]);
  });

  test(`${name}: what one mode has compiled is left to it, whatever ran meanwhile`, async () => {
    using project = new Project({ "main.cjs": MAIN, "large.cjs": large(1) });
    const run = async (env: Record<string, string>): Promise<string> =>
      (await project.run("node", "main.cjs", { program, env })).stderr;
    // With calls, and without; the flags are the same.
    const modes = [{}, { TRACEMALLOC_SAMPLING: "524288" }];
    for (const env of modes) assertEquals(await run(env), "");
    for (const env of modes) {
      const said = await run({ ...env, NODE_DEBUG_NATIVE: "COMPILE_CACHE" });
      assert(/cache for \S*(?:CommonJS \S*)?large\.cjs was accepted/.test(said), said);
    }
  });

  test(`${name}: a small program's is not, nor where others may write`, {
    skip: process.platform === "win32",
  }, async () => {
    using project = new Project({ "main.cjs": MAIN, "large.cjs": "exports.answer = () => 3;" });
    const run = async (): Promise<string> => (await project.run("node", "main.cjs", { program })).stdout;
    assertEquals(await run(), "[null,null,3]\n");
    assertEquals(existsSync(project.path(PLACE)), false);
    project.write("large.cjs", large(4));
    mkdirSync(project.path(PLACE), { recursive: true });
    chmodSync(project.path(PLACE), 0o777);
    assertEquals(await run(), "[null,null,4]\n");
  });
}

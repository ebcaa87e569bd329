import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { hosts, Project, root, whoami } from "./host.ts";

const skip = process.platform === "win32";

for (const host of hosts) {
  test(`${host}: entries that others may have written are not run; that is said once`, { skip }, async () => {
    using project = new Project({
      "main.mjs": `import "./other.mjs"; console.log("ran", new Error().stack.includes("main.mjs:1"));\n${whoami}`,
      "other.mjs": "export const other = [1, 2, 3];",
    });
    const first = await project.run(host, "main.mjs");
    assertEquals([first.code, first.stderr], [0, ""]);
    const folder = project.path("node_modules/.cache/tracemalloc");
    const entries = readdirSync(folder).filter((name) => /^[\da-f]{32}$/.test(name));
    assert(entries.length >= 2);
    for (const name of entries) {
      writeFileSync(join(folder, name), "throw new Error('planted')");
      chmodSync(join(folder, name), 0o666);
    }
    const second = await project.run(host, "main.mjs");
    assertEquals([second.code, second.stdout], [0, first.stdout]);
    assertMatch(second.stderr, /^tracemalloc: the cached .* is not used: others may write to it[^\n]*\n$/);
    chmodSync(folder, 0o777);
    const third = await project.run(host, "main.mjs", { env: { XDG_CACHE_HOME: project.path("system") } });
    assertEquals([third.code, third.stdout], [0, first.stdout]);
    assertMatch(third.stderr, /^tracemalloc: the cache in .* is not used: others may write to it[^\n]*\n$/);
  });

  // Deno itself does not start there: "could not read current working directory".
  if (host === "deno") continue;
  test(`${host}: a program runs in a working directory that has been deleted, and is traced`, {
    skip,
  }, () => {
    using project = new Project({
      "main.mjs": `globalThis.kept = Array.from({ length: 9 }, () => ({}));\n${whoami}`,
    });
    const preload = project.path(`node_modules/tracemalloc/dist/plugin/register_${host}.js`);
    const out = project.path("out.pb.gz");
    const run = (words: readonly string[], env: Record<string, string>): ReturnType<typeof inDeleted> =>
      inDeleted(project.folder, [join(root, "node_modules/.bin", words[0]!), ...words.slice(1)], env);
    const option = host === "node" ? "--import" : "--preload";
    const plain = run([host, option, preload, project.path("main.mjs")], {
      TRACEMALLOC: "1",
      TRACEMALLOC_OUT: out,
    });
    assertEquals(plain, { status: 0, stdout: `host:${host}\n`, stderr: "" });
    assert(Snapshot.load(out).traces.length > 0);
    const relative = run([host, option, preload, project.path("main.mjs")], {
      TRACEMALLOC: "1",
      TRACEMALLOC_OUT: "x",
    });
    assertEquals([relative.status, relative.stdout], [0, `host:${host}\n`]);
    assertMatch(relative.stderr, /^tracemalloc: no dump will be written: x: [^\n]*\n$/);
    const main = join(root, "dist/src/cli/main.js");
    const cli = run(["node", main, "run", "--runtime", host, "-o", out, project.path("main.mjs")], {});
    assertEquals([cli.status, cli.stdout], [0, `host:${host}\n`]);
    assertStringIncludes(cli.stderr, "main.mjs:1");
    const unnamed = run(["node", main, "run", "--runtime", host, project.path("main.mjs")], {});
    assertEquals([unnamed.status, unnamed.stdout], [1, ""]);
    assertMatch(unnamed.stderr, /working directory does not exist any more; --output takes an absolute path/);
  });
}

function inDeleted(
  folder: string,
  words: readonly string[],
  env: Record<string, string>,
): { status: number | null; stdout: string; stderr: string } {
  const script = `mkdir gone && cd gone && rmdir "$PWD" && exec "$@"`;
  const { NODE_OPTIONS, NODE_TEST_CONTEXT, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", ...words], {
    cwd: folder,
    env: {
      ...inherited,
      NO_COLOR: "1",
      XDG_CACHE_HOME: join(folder, "system"),
      PATH: `${join(root, "node_modules/.bin")}:${inherited.PATH}`,
      ...env,
    },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

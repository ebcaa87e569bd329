import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { keepers, startTracemalloc, tracemalloc, withFolder } from "./tracemalloc.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Keeps a thousand objects, as its child does, and ends when there is a file with the name that it was given. */
const PARENT = `import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
const [child, end] = process.argv.slice(2);
spawnSync(process.execPath, [child], { stdio: "inherit" });
console.log("ready");
const waiting = setInterval(() => { if (end === undefined || existsSync(end)) clearInterval(waiting); }, 10);
`;
const CHILD = "globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));\n";

test("two runs with one name at once: each takes its own processes' files, and neither is lost", () => {
  const files = {
    "a.mjs": PARENT,
    "a_child.mjs": CHILD,
    "b.mjs": PARENT,
    "b_child.mjs": CHILD,
    "package.json": "{}",
  };
  return withFolder(files, async (cwd) => {
    const words = (runtime: string): string[] => ["run", "--runtime", runtime, "-o", "out.pb.gz"];
    const b = startTracemalloc([...words("bun"), "b.mjs", "b_child.mjs", "end"], { cwd });
    await b.said("ready");
    const a = tracemalloc([...words("node"), "a.mjs", "a_child.mjs"], { cwd });
    writeFileSync(join(cwd, "end"), "");
    const { code, stderr } = await b.end;
    assertEquals([a.code, code], [0, 0], a.stderr + stderr);
    assertStringIncludes(a.stderr, "snapshot of 2 processes and workers written to out.pb.gz\n");
    assertEquals(keepers(join(cwd, "out.pb.gz")), ["a.mjs", "a_child.mjs"]);
    const others = /snapshot of 2 processes and workers written to (out\.\d+-all\.pb\.gz)\n/.exec(
      stderr,
    )?.[1];
    assertEquals(keepers(join(cwd, others ?? stderr)), ["b.mjs", "b_child.mjs"]);
  });
});

test("a run alone beside another takes the name with its process id", () =>
  withFolder({ "a.mjs": CHILD, "b.mjs": PARENT, "package.json": "{}" }, async (cwd) => {
    const words = ["run", "--runtime", "node", "--no-follow", "-o", "out.gz"];
    const b = startTracemalloc([...words, "b.mjs", "a.mjs", "end"], { cwd });
    await b.said("ready");
    assertEquals(tracemalloc([...words, "a.mjs"], { cwd }).code, 0);
    writeFileSync(join(cwd, "end"), "");
    const { stderr } = await b.end;
    const own = /snapshot written to (out\.gz\.\d+\.pb\.gz)\n/.exec(stderr)?.[1];
    assertEquals([keepers(join(cwd, "out.gz")), keepers(join(cwd, own ?? stderr))], [["a.mjs"], ["b.mjs"]]);
  }));

test("children's files are found again whatever the name", () =>
  withFolder({ "parent.mjs": PARENT, "child.mjs": CHILD, "package.json": "{}" }, async (cwd) => {
    const names: [string, RegExp][] = [
      ["p.gz", /^p\.gz$/],
      ["a (1)+[$&].pb", /^a \(1\)\+\[\$&\]\.pb$/],
      ["x-%p1%p.gz", /^x-(\d+)-all1\1-all\.gz$/],
    ];
    const runs = names.map(
      ([name]) =>
        startTracemalloc(["run", "--runtime", "node", "-o", name, "parent.mjs", "child.mjs"], { cwd }).end,
    );
    for (const [index, { code, stderr }] of (await Promise.all(runs)).entries()) {
      const [name, expected] = names[index];
      assertEquals(code, 0, stderr);
      const path = /snapshot of 2 processes and workers written to (.*)\n/.exec(stderr)?.[1];
      assertMatch(path ?? stderr, expected);
      assertEquals(keepers(join(cwd, path!)), ["child.mjs", "parent.mjs"], name);
    }
  }));

for (const output of ["out.gz", "out-%p.pb.gz"]) {
  test(`a program that a script starts is known by what its snapshot says of itself: ${output}`, () =>
    withFolder({ "app.mjs": CHILD }, (cwd) => {
      const runtime = process.versions.deno === undefined ? "deno" : "bun";
      const bin = join(cwd, "node_modules", ".bin");
      mkdirSync(bin, { recursive: true });
      const program = join(root, "node_modules", ".bin", runtime);
      writeFileSync(join(bin, runtime), `#!/bin/sh\n"${program}" "$@"\nexit $?\n`, { mode: 0o755 });
      const { stderr } = tracemalloc(["run", "--runtime", runtime, "-o", output, "app.mjs"], { cwd });
      const path = /snapshot written to (.*)\n/.exec(stderr)?.[1];
      assertEquals(keepers(join(cwd, path ?? stderr)), ["app.mjs"]);
    }));
}

test("what a killed process has left unfinished is removed", () =>
  withFolder(
    {
      "app.mjs": `import { writeFileSync } from "node:fs";
writeFileSync(\`.tracemalloc-\${process.pid}-abc.tmp\`, "half a snapshot");
process.kill(process.pid, "SIGKILL");
`,
    },
    (cwd) => {
      const { signal } = tracemalloc(["run", "--runtime", "node", "-o", "out.pb.gz", "app.mjs"], { cwd });
      assertEquals([signal, readdirSync(cwd)], ["SIGKILL", ["app.mjs"]]);
    },
  ));

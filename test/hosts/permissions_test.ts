// What the docs name as the least that works, and programs that may do less than the tracker asks for.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { hosts, Project, root, whoami } from "./host.ts";

const FILES = { "main.mjs": `globalThis.kept = Array.from({ length: 100 }, (_, i) => [i]); ${whoami}` };
const TRACE = { TRACEMALLOC: "25", TRACEMALLOC_OUT: "out/memory.pb.gz" };

if (hosts.includes("deno")) {
  const run = (project: Project, ...flags: string[]): ReturnType<Project["run"]> =>
    project.run("deno", "main.mjs", {
      env: TRACE,
      preload: null,
      flags: ["run", "--no-prompt", "--no-check", ...flags, "--preload", "tracemalloc/register"],
      command: [],
    });

  test("deno: the least permissions that docs/permissions.md names write a snapshot without a word", async () => {
    using project = new Project(FILES);
    mkdirSync(project.path("out"));
    mkdirSync(project.path("node_modules/.cache"));
    const { code, stdout, stderr } = await run(
      project,
      `--allow-read=.,${root}`,
      "--allow-write=out,node_modules/.cache",
      "--allow-env=TRACEMALLOC*,NODE_OPTIONS",
      "--allow-sys=uid",
    );
    assertEquals([code, stdout, stderr], [0, "host:deno\n", ""]);
    assertEquals(existsSync(project.path("out/memory.pb.gz")), true);
  });

  test("deno: without permission for the environment a program runs untraced, with one warning", async () => {
    using project = new Project(FILES);
    const { code, stdout, stderr } = await run(project, `--allow-read=.,${root}`, "--allow-sys=uid");
    assertEquals([code, stdout], [0, "host:deno\n"]);
    assertMatch(
      stderr,
      /^tracemalloc: not tracing, since the environment cannot be read: .*TRACEMALLOC.*\n$/,
    );
  });

  test("deno: without permission for what children need, these are not traced, with one warning", async () => {
    using project = new Project(FILES);
    mkdirSync(project.path("out"));
    const { code, stdout, stderr } = await run(
      project,
      `--allow-read=.,${root}`,
      "--allow-write",
      "--allow-env=TRACEMALLOC*",
      "--allow-sys=uid",
    );
    assertEquals([code, stdout], [0, "host:deno\n"]);
    assertMatch(stderr, /^tracemalloc: child processes are not traced: .*NODE_OPTIONS.*\n$/);
    assertEquals(existsSync(project.path("out/memory.pb.gz")), true);
  });
}

if (hosts.includes("node")) {
  test("node: the least permissions that docs/permissions.md names write a snapshot without a word", async () => {
    using project = new Project(FILES);
    mkdirSync(project.path("out"));
    const flags = ["--permission", "--allow-fs-read=*", `--allow-fs-write=${join(project.folder, "out")}`];
    const { code, stdout, stderr } = await project.run("node", "main.mjs", { env: TRACE, flags });
    assertEquals([code, stdout, stderr], [0, "host:node\n", ""]);
    assertEquals(existsSync(project.path("out/memory.pb.gz")), true);
  });
}

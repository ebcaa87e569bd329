// Heap profiles as the tools themselves write them.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { root } from "../hosts/host.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

const PROGRAM = `globalThis.kept = [];

function remember(count) {
  for (let i = 0; i < count; i++) kept.push({ i, list: [i, i, i] });
}
remember(Number(process.argv[2]));
`;

function start(cwd: string, runtime: "node" | "bun", ...words: string[]): void {
  const ended = spawnSync(join(root, "node_modules", ".bin", runtime), words, { cwd, encoding: "utf8" });
  assertEquals(ended.status, 0, ended.stderr);
}

test("what node --heap-prof writes is read by top, diff, report and export", { timeout: 120_000 }, () =>
  withFolder({ "app.js": PROGRAM }, (cwd) => {
    for (const [name, count] of [
      ["early", 1000],
      ["late", 20_000],
    ] as const)
      start(
        cwd,
        "node",
        ...["--heap-prof", "--heap-prof-interval=512", `--heap-prof-name=${name}.heapprofile`],
        ...["app.js", String(count)],
      );
    const top = tracemalloc(["top", "--by", "function", "late.heapprofile"], { cwd });
    assertEquals(top.code, 0, top.stderr);
    assertMatch(top.stdout, /^Top 10 functions\n#1: remember \(.*app\.js:3\): [\d.]+ KiB\n/);
    assertStringIncludes(top.stdout, "Note: a .heapprofile has estimates of bytes by function");
    const { top: grown } = JSON.parse(
      tracemalloc(["diff", "--json", "early.heapprofile", "late.heapprofile"], { cwd }).stdout,
    );
    assertEquals(grown[0].key, `${cwd}/app.js:3`);
    assert(grown[0].sizeDiff > 300_000, JSON.stringify(grown[0]));
    const collapsed = tracemalloc(["export", "--format", "collapsed", "late.heapprofile"], { cwd }).stdout;
    assertMatch(collapsed, /;remember \(.*app\.js:3\) \d+/);
    const report = tracemalloc(["report", "late.heapprofile", "early.heapprofile", "-o", "out.html"], {
      cwd,
    });
    assertEquals(report.code, 0, report.stderr);
    assert(readdirSync(cwd).includes("out.html"));
  }),
);

test("what bun --heap-prof writes under that name is told to be a heap snapshot", { timeout: 120_000 }, () =>
  withFolder({ "app.js": PROGRAM }, (cwd) => {
    start(cwd, "bun", "--heap-prof", "--heap-prof-name=bun.heapprofile", "app.js", "1000");
    const { code, stdout, stderr } = tracemalloc(["top", "bun.heapprofile"], { cwd });
    assertEquals([code, stdout], [1, ""]);
    assertMatch(
      stderr,
      /^tracemalloc: top: bun\.heapprofile at byte \d+: not a snapshot, pprof profile or \.heapprofile, but a heap snapshot, [^\n]*\n$/,
    );
  }),
);

// action.yml: its shape, and its comparison of snapshots that are there; test/long/action_test.ts runs programs.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { root } from "../hosts/host.ts";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";
import { action, type Job, runAction } from "./action_steps.ts";

const command = `node ${join(root, "src", "cli", "main.ts")}`;

test("scripts are sound, and take what is given from the environment alone", () => {
  assertEquals(action.runs.using, "composite");
  for (const { run, shell, env } of action.runs.steps) {
    if (run === undefined) continue;
    assertEquals(shell, "bash");
    assertFalse(run.includes("${{"), "an input would become a part of the script");
    const { status, stderr } = spawnSync("bash", ["-n", "-c", run], { encoding: "utf8" });
    assertEquals([status, stderr], [0, ""]);
    for (const [name] of run.matchAll(/\bTM_\w+/g))
      assert(env !== undefined && name in env, `${name} is set nowhere`);
    for (const name of Object.keys(env ?? {})) assert(run.includes(name), `${name} is used nowhere`);
  }
});

test("docs/check.md tells of every input and output", () => {
  const text = readFileSync(join(root, "docs", "check.md"), "utf8");
  for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
    assertMatch(text, new RegExp(`\`${name}\``), name);
});

test("a pull request that grows fails with a table in the summary, and is no baseline", {
  timeout: 120_000,
}, () => {
  const base = mkdtempSync(join(tmpdir(), "tracemalloc-action-"));
  try {
    const workspace = join(base, "work");
    mkdirSync(workspace);
    const write = (kib: number): void =>
      snapshotOf(blocksAt(kib, 1024, "src/a.ts:3"), blocksAt(9, 1024, "lib/b.ts:1")).dump(
        join(workspace, "now.pb.gz"),
      );
    write(10);
    const main = readFileSync(join(workspace, "now.pb.gz"));
    const key = "tracemalloc-memory-Linux-X64-main-1-1";
    const cache = new Map([
      ["tracemalloc-memory-Linux-X64-other-9-1", Buffer.of(1)],
      [key, main],
    ]);
    const job: Job = { event_name: "pull_request", ref_name: "7/merge", base_ref: "main", run_id: "2" };
    const inputs = { command, snapshot: "n*.pb.gz", "max-growth": "1KiB", by: "lineno", include: "src/*\n" };
    write(20);
    const { ok, outputs, summary, log } = runAction(workspace, { job, inputs, cache });
    assertEquals(ok, false, log);
    assertEquals(outputs, {
      snapshot: "./tracemalloc-action/memory/now.pb.gz",
      report: "./tracemalloc-action/memory/report.html",
      grew: "true",
    });
    assertStringIncludes(summary, "### Memory: memory\n\n");
    assertMatch(summary, /\| `src\/a\.ts:3` *\| *10\.0 KiB *\| *20\.0 KiB *\|/);
    assertFalse(summary.includes("b.ts"), "it is left out");
    assertStringIncludes(log, "FAILED: live memory grew by more than 1 KiB: 10.0 KiB -> 20.0 KiB");
    assertMatch(log, /^::error file=src\/a\.ts,line=3/m);
    assertStringIncludes(readFileSync(join(workspace, outputs.report!), "utf8"), "<!doctype html>");
    assertEquals(cache.size, 2);
  } finally {
    rmSync(base, { recursive: true });
  }
});

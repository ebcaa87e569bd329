// action.yml in the life of a repository: a first run, pull requests, growth that is merged.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { buildOnce, root } from "../hosts/host.ts";
import { type Job, type JobEnd, runAction } from "../integrations/action_steps.ts";

const command = `node ${join(root, "dist", "src", "cli", "main.js")}`;

/** Keeps so many objects, and says what it was given. */
const PROGRAM = `if (process.argv[2] < 0) throw new Error("asked to");
globalThis.kept = Array.from({ length: Number(process.argv[2]) }, (_, i) => ({ i }));
console.log(JSON.stringify(process.argv.slice(3)));
`;

test("first run, pull request, growth, merged growth; two snapshots as one", { timeout: 240_000 }, () => {
  buildOnce();
  const base = realpathSync(mkdtempSync(join(tmpdir(), "tracemalloc-action-")));
  const workspace = join(base, "work");
  mkdirSync(join(workspace, "pkg"), { recursive: true });
  writeFileSync(join(workspace, "pkg", "keep.mjs"), PROGRAM);
  const cache = new Map<string, Buffer>();
  let runs = 0;
  const run = (words: string, where: "main" | "pull request", more: Record<string, string> = {}): JobEnd => {
    // Each job has a checkout of its own.
    rmSync(join(workspace, "pkg", "tracemalloc-action"), { recursive: true, force: true });
    const job: Job =
      where === "main"
        ? { event_name: "push", ref_name: "main", base_ref: "", run_id: String(++runs) }
        : { event_name: "pull_request", ref_name: "7/merge", base_ref: "main", run_id: String(++runs) };
    const inputs = { command, "working-directory": "pkg", run: words, ...more };
    return runAction(workspace, { job, inputs, cache });
  };
  try {
    const early = run("keep.mjs 1000", "pull request");
    assertEquals([early.ok, early.outputs.grew, cache.size], [true, "", 0], early.log);
    assertStringIncludes(early.summary, "No snapshot of the base branch (`main`) is there to compare with");
    assertStringIncludes(early.summary, "keep.mjs:2");

    const first = run("keep.mjs 1000 'two words' '$HOME' \"it's\"", "main");
    assertEquals([first.ok, cache.size], [true, 1], first.log);
    assertStringIncludes(first.log, `["two words","$HOME","it's"]`);

    const same = run("keep.mjs 1000", "pull request");
    assertEquals([same.ok, same.outputs.grew], [true, "false"], same.log);
    assertStringIncludes(same.summary, "✅ live memory ");

    const grown = run("keep.mjs 2000", "pull request");
    assertEquals([grown.ok, grown.outputs.grew, cache.size], [false, "true", 1], grown.log);
    assertStringIncludes(grown.summary, "live memory grew by more than 5 %");

    // It fails on the branch, too, and is the baseline from then on.
    assertEquals([run("keep.mjs 2000", "main").ok, cache.size], [false, 2]);
    assertEquals(run("keep.mjs 2000", "pull request").ok, true);

    // A program that fails fails the job, and keeps nothing.
    const failed = run("keep.mjs -1", "main");
    assertEquals([failed.ok, cache.size, failed.outputs.snapshot], [false, 2, ""]);

    const kept = join(workspace, "pkg", "tracemalloc-action", "memory", "now.pb.gz");
    run("keep.mjs 1000", "pull request");
    for (const [name, pid] of [
      ["a", 1],
      ["b", 2],
    ] as const) {
      const snapshot = Snapshot.load(kept);
      new Snapshot(snapshot.columns, { ...snapshot.metadata, pid }).dump(
        join(workspace, "pkg", `${name}.pb.gz`),
      );
    }
    const merged = run("", "pull request", { snapshot: "a.pb.gz [b-z].pb.gz" });
    assertEquals(merged.ok, true, merged.log);
    const { count } = Snapshot.load(kept).statistics("filename")[0]!;
    assert(count >= 2000, `${count}`);

    for (const [more, said] of [
      [{ run: "", snapshot: "" }, "the action takes either run or snapshot"],
      [{ run: "", snapshot: "none*.pb.gz" }, "no snapshot was written, or none matches"],
      [{ name: "../x" }, "name takes letters, digits, - and _"],
      [{ "max-growth": "much" }, "--max-growth must be a percentage"],
    ] as const) {
      const { ok, log } = run("keep.mjs 1", "pull request", more);
      assertFalse(ok, said);
      assertStringIncludes(log, said);
    }
  } finally {
    rmSync(base, { recursive: true });
  }
});

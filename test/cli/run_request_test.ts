// Snapshots that are asked for while a program runs under `tracemalloc run`.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

const APP = `import { existsSync, readdirSync } from "node:fs";
globalThis.kept = [];
for (let i = 0; i < 1000; i++) kept.push({ i });
// The command hands it on.
process.kill(process.argv[2] === "self" ? process.pid : process.ppid, "SIGUSR2");
while (!readdirSync(".").some((name) => name.includes("snapshot-1"))) await new Promise((resolve) => setTimeout(resolve, 10));
for (let i = 0; i < 1000; i++) kept.push({ i });
`;

test("tracemalloc run: SIGUSR2 to the command has the program write a snapshot, which is not merged", () =>
  withFolder({ "app.mjs": APP }, (cwd) => {
    const words = ["run", "--runtime", "node", "--exact", "-o", "out.pb.gz", "app.mjs"];
    const { code, signal, stderr } = tracemalloc(words, { cwd });
    assertEquals([code, signal], [0, null], stderr);
    const files = readdirSync(cwd).filter((name) => name.includes(".pb.gz"));
    assertEquals(files.length, 2, `${files}`);
    assertMatch(files.join(" "), /^out\.\d+\.snapshot-1\.pb\.gz out\.pb\.gz$/);
    assertStringIncludes(stderr, "snapshot written to out.pb.gz\n");
    assert(!stderr.includes("merged"), stderr);
    const kept = files.map((file) =>
      Snapshot.load(join(cwd, file))
        .statistics("lineno")
        .reduce((sum, { count }) => sum + count, 0),
    );
    assert(kept[0]! >= 1000 && kept[0]! < 2000 && kept[1]! >= 2000, `${kept}`);
  }));

test("tracemalloc run: where the last snapshot goes to a device, those that are asked for get files", () =>
  withFolder({ "app.mjs": APP }, (cwd) => {
    const { code, stderr } = tracemalloc(["run", "--runtime", "node", "-o", "/dev/null", "app.mjs", "self"], {
      cwd,
    });
    assertEquals(code, 0, stderr);
    const files = readdirSync(cwd).filter((name) => name.includes(".pb.gz"));
    assertMatch(files.join(" "), /^tracemalloc-app-\d+\.snapshot-1\.pb\.gz$/);
  }));

test("tracemalloc run --on-growth takes a percentage", () =>
  withFolder({ "app.mjs": "" }, (cwd) => {
    for (const word of ["20", "0%", "x"]) {
      const { code, stderr } = tracemalloc(["run", "--on-growth", word, "app.mjs"], { cwd });
      assertEquals(code, 2, word);
      assertMatch(stderr, /^tracemalloc: run: --on-growth must be a percentage from 1% to 10000%/);
    }
  }));

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";
import { COMMAND, tracemalloc, withFolder } from "./tracemalloc.ts";

const FULL = "/dev/full";
const full = { skip: existsSync(FULL) ? false : "only Linux has a device that is always full" };

test("a full disk is one line and exit code 1, in views, exports and reports", full, () =>
  withFolder({}, (cwd) => {
    Snapshot.fromTraces([[0, 1000, [["app.ts", 1]]]], 1).dump(join(cwd, "a.pb.gz"));
    const run = (words: string): [number | null, string] => {
      const command = `exec ${COMMAND.join(" ")} ${words}`;
      const { status, stderr } = spawnSync("sh", ["-c", command], { cwd, encoding: "utf8" });
      // Deno, which says it at once, knows which command it was.
      return [status, stderr.replace(/^tracemalloc: (?:top|export): /, "tracemalloc: ")];
    };
    const output: [number, string] = [
      1,
      "tracemalloc: cannot write to standard output: no space left on the device\n",
    ];
    assertEquals(run(`top a.pb.gz > ${FULL}`), output);
    assertEquals(run(`export a.pb.gz --format json > ${FULL}`), output);
    const report = "tracemalloc: report: cannot write /dev/full: no space left on the device\n";
    assertEquals(run(`report a.pb.gz -o ${FULL}`), [1, report]);
  }),
);

test("help is --help, of a command too", () => {
  for (const [words, same] of [
    [["help"], ["--help"]],
    [
      ["help", "top"],
      ["top", "--help"],
    ],
  ]) {
    const { code, stdout, stderr } = tracemalloc(words);
    assertEquals([code, stdout, stderr], [0, tracemalloc(same).stdout, ""]);
  }
  const { code, stderr } = tracemalloc(["help", "tpo"]);
  assertEquals([code, stderr.includes('unknown command "tpo" (did you mean top?)')], [2, true], stderr);
});

test("the exit code of run and check is what it is where nobody reads what they print: they end at once", () =>
  withFolder({ "app.mjs": "process.exitCode = 3;\n" }, (cwd) => {
    snapshotOf(blocksAt(10, 1024, "app.ts:1")).dump(join(cwd, "small.pb.gz"));
    snapshotOf(blocksAt(99, 1024, "app.ts:1")).dump(join(cwd, "large.pb.gz"));
    const unread = (...words: string[]): number | null => {
      const script = 'set -o pipefail; "$@" 2>&1 | true';
      const env = { ...process.env, NODE_OPTIONS: "" };
      return spawnSync("bash", ["-c", script, "bash", ...COMMAND, ...words], { cwd, env }).status;
    };
    assertEquals(unread("run", "--runtime", "node", "app.mjs"), 3);
    assertEquals(unread("check", "large.pb.gz", "--against", "small.pb.gz", "--max-growth", "5%"), 1);
    assertEquals(unread("top", "large.pb.gz"), 0);
  }));

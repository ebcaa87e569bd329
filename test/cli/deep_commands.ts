// Commands on a path far deeper than any engine recurses, and on more lines than can be the arguments of one call.
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { deepSnapshot } from "../report/deep_paths.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

export const DEPTH = 200_000;

/** Files by name, made when a test wants them. */
export const FILES: Readonly<Record<string, () => Uint8Array>> = {
  "deep.pb.gz": () => deepSnapshot(DEPTH).toBytes(),
  "wide.pb.gz": () =>
    Snapshot.fromTraces(
      Array.from({ length: DEPTH }, (_, line) => [0, 16, [["wide.js", line + 1]]]),
      1,
    ).toBytes(),
  "other.pb.gz": () => Snapshot.fromTraces([[0, 1, [["other.js", 1]]]], 1).toBytes(),
};

/** A test that a command does its work; `least`: lines that it prints at least, 0: it writes the file `out`. */
export function testCommand(command: string, least: number): void {
  test(`tracemalloc ${command}: no depth and no number of lines is too much`, () => {
    const words = command.split(" ");
    const used = Object.entries(FILES).filter(([name]) => words.includes(name));
    const files = Object.fromEntries(used.map(([name, make]) => [name, make()]));
    return withFolder(files, (cwd) => {
      const { code, stdout, stderr } = tracemalloc(words, { cwd });
      assertFalse(stderr.includes("internal error"), stderr);
      assertEquals(code, 0, stderr);
      if (least > 0) assert(stdout.split("\n").length > least, `${stdout.length} characters`);
      else assert(statSync(join(cwd, "out")).size > 0);
    });
  });
}

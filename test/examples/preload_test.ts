// The three uses that matter most, each run by the command that its README gives.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { buildOnce } from "../hosts/host.ts";
import { fencedBlocks, root, runCommand } from "./readme.ts";

const EXAMPLES = ["node-hook", "deno-import-map", "bun-preload"];

/** What does not depend on the size model: which line is first, how many blocks it holds. */
function essence(output: string, folder: string): string[] {
  const lines = output.trimEnd().replaceAll(`${folder}/`, "").split("\n");
  const first = lines.indexOf("[ Top 3 ]") + 1;
  return [...lines.slice(0, first), lines[first]!.replaceAll(/[\d.]+ [KM]?i?B\b/g, "SIZE"), lines.at(-1)!];
}

function runExample(name: string, folder: string): void {
  buildOnce();
  const [command] = fencedBlocks(`examples/${name}/README.md`, "sh");
  const [promised] = fencedBlocks(`examples/${name}/README.md`, "text");
  const { code, stdout, stderr } = runCommand(command!, folder);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(essence(stdout, folder), essence(promised!, `/home/you/${name}`));
  assertMatch(stdout, /history\.[jt]s:\d+: size=\d[\d.]* KiB, count=2500, average=\d+ B\n/);
  assertEquals(stdout.split("\n").length, promised!.split("\n").length);
}

for (const name of EXAMPLES) {
  test(`examples/${name}: the README's command does in this repository what the README says`, () => {
    runExample(name, join(root, "examples", name));
  });

  test(`examples/${name}: the README's command does so where the package is installed`, () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "tracemalloc-example-")));
    try {
      cpSync(join(root, "examples", name), folder, { recursive: true });
      mkdirSync(join(folder, "node_modules"), { recursive: true });
      symlinkSync(root, join(folder, "node_modules", "tracemalloc"), "junction");
      runExample(name, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

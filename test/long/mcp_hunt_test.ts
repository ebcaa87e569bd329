// The tool of `tracemalloc mcp` that starts programs.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { withServer } from "../cli/mcp_server.ts";
import { buildOnce } from "../hosts/host.ts";

const LEAKY = "const kept = [];\nexport default () => {\n  kept.push({ n: kept.length });\n};\n";

test("hunt drives a script below the folder and says what leaks", { timeout: 120_000 }, async () => {
  buildOnce();
  await withServer(async (ask, { folder }) => {
    writeFileSync(join(folder, "work.mjs"), LEAKY);
    const { text, isError } = await ask("hunt", { script: "work.mjs", requests: 40, rounds: 3, exact: true });
    assertEquals(isError, false, text);
    assertStringIncludes(text, "LEAKS: ");
    assertStringIncludes(text, `#1: ${folder}/work.mjs:3`);
    // What it has left is there for the other tools.
    const listed = (await ask("snapshots")).text;
    assertStringIncludes(listed, "tracemalloc-hunt-work/round-0.pb.gz");
  });
});

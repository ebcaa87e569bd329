import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { buildOnce } from "../hosts/host.ts";
import { root, runCommand } from "./readme.ts";

const SERVER = "examples/leaky-server/server.ts";

/** Each line below a mark, with the text that stands there. */
const leaks: [number, string][] = readFileSync(join(root, SERVER), "utf8")
  .split("\n")
  .flatMap((line, index, lines) =>
    line.includes("// LEAK:") ? [[index + 2, lines[index + 1]!.trim()]] : [],
  );

for (const runtime of ["node", "deno", "bun"]) {
  test(`the demonstration names the three leaking lines first on ${runtime}`, () => {
    buildOnce();
    const { code, stdout, stderr } = runCommand(
      `node examples/leaky-server/demo.ts --runtime ${runtime}`,
      root,
    );
    assertEquals([code, leaks.length], [0, 3], stdout + stderr);
    const [, top = ""] = /\nTop 10 lines\n(.*?)\n#4: /s.exec(stderr) ?? [];
    const [, diff = ""] = /\[ Top 5 differences \]\n(.*)\nTotal: /s.exec(stdout) ?? [];
    for (const [line, source] of leaks) {
      assertMatch(top, new RegExp(`^#[123]: \\S*${SERVER}:${line}: [\\d.]+ KiB$`, "m"));
      assertStringIncludes(top, `    ${source}`);
      // Each order and each watch leaves one closure; a page's strings may count with other lines that hold them.
      const count = source.includes("=>") ? "1500 \\(\\+1350\\)" : "\\d+ \\(\\+\\d+\\)";
      const figures = `size=[\\d.]+ KiB \\(\\+[\\d.]+ KiB\\), count=${count}, average=\\d+ B`;
      assertMatch(diff, new RegExp(`^\\S*${SERVER}:${line}: ${figures}$`, "m"));
    }
  });
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { buildOnce } from "../hosts/host.ts";
import { root, runCommand } from "./readme.ts";

const SERVER = "examples/leaky-server/server.ts";

/** Each line below a mark, with the text that stands there. */
const leaks: [number, string][] = readFileSync(join(root, SERVER), "utf8")
  .split("\n")
  .flatMap((line, index, lines) =>
    line.includes("// LEAK:") ? [[index + 2, lines[index + 1]!.trim()]] : [],
  );

/**
 * How often a line's `setInterval` and `on` count, with their functions. Timers are drawn from the 512th on. Deno's own are imported before
 * there is a tracker.
 */
const COUNTS: Readonly<Record<string, { readonly timers: number; readonly spread: number }>> = {
  node: { timers: 3000, spread: 90 },
  deno: { timers: 1500, spread: 0 },
  bun: { timers: 3000, spread: 90 },
};

for (const [runtime, { timers, spread }] of Object.entries(COUNTS)) {
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
      const figures = `size=[\\d.]+ KiB \\(\\+[\\d.]+ KiB\\), count=(\\d+) \\(\\+(\\d+)\\), average=\\d+ B`;
      const found = new RegExp(`^\\S*${SERVER}:${line}: ${figures}$`, "m").exec(diff);
      assert(found !== null, diff);
      const counts = found.slice(1).map(Number);
      // Each order and each watch leaves a closure, and the timer or listener that has it; a page's strings may count with other lines.
      if (source.startsWith("stock.on(")) assertEquals(counts, [3000, 2700]);
      else if (source.startsWith("setInterval(")) {
        assert(Math.abs(counts[0] - timers) <= spread, diff);
        assertEquals(counts[0] - counts[1], timers / 10);
      }
    }
  });
}

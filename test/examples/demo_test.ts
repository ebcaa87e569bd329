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
 * How many timers the line of `setInterval` has besides its 1,500 functions, and how far that may be off: timers are drawn from the 512th on. Deno's own
 * are imported before there is a tracker.
 */
const COUNTS: Readonly<Record<string, { readonly timers: number; readonly spread: number }>> = {
  node: { timers: 1500, spread: 90 },
  deno: { timers: 0, spread: 0 },
  bun: { timers: 1500, spread: 90 },
};

for (const [runtime, { timers, spread }] of Object.entries(COUNTS)) {
  test(`the demonstration names the three leaking lines first on ${runtime}`, () => {
    buildOnce();
    const { code, stdout, stderr } = runCommand(
      `node examples/leaky-server/demo.ts --runtime ${runtime}`,
      root,
    );
    assertEquals([code, leaks.length], [0, 3], stdout + stderr);
    // It runs for seconds: whatever the process has grown by says nothing.
    assert(!(stdout + stderr).includes("RSS grows"), stdout + stderr);
    const [, top = ""] = /\nTop 10 lines\n(.*?)\n#4: /s.exec(stderr) ?? [];
    const [, diff = ""] = /\[ Top 5 differences \]\n(.*)\nTotal: /s.exec(stdout) ?? [];
    for (const [line, source] of leaks) {
      const place = `\\S*${SERVER}:${line}`;
      const had = new RegExp(`^#[123]: ${place}: (.*?)[\\d.]+ KiB$`, "m").exec(top)?.[1];
      assertStringIncludes(top, `    ${source}`);
      const grown = new RegExp(
        `^${place}: size=[\\d.]+ KiB \\(\\+[\\d.]+ KiB\\), (.*), average=\\d+ B$`,
        "m",
      ).exec(diff)?.[1];
      // Each order and each watch leaves a function, and the timer or listener that has it; a page's strings may count with other lines.
      if (source.startsWith("stock.on(")) {
        assertEquals(had, "1,500 objects, 1,500 listeners, ");
        assertEquals(grown, "objects=1500 (+1350), listeners=1500 (+1350)");
      } else if (source.startsWith("setInterval(") && timers > 0) {
        assertMatch(had ?? top, /^1,500 objects, 1,[456]\d\d timers, $/);
        const counts = /^objects=1500 \(\+1350\), timers=(\d+) \(\+(\d+)\)$/.exec(grown ?? diff);
        assert(counts !== null, diff);
        const [all, more] = counts.slice(1).map(Number) as [number, number];
        assert(Math.abs(all - timers) <= spread, diff);
        assertEquals(all - more, timers / 10);
      } else {
        assertEquals(had, "", top);
        assertMatch(grown ?? diff, /^count=\d+ \(\+\d+\)$/);
        if (source.startsWith("setInterval(")) assertEquals(grown, "count=1500 (+1350)");
      }
    }
  });
}

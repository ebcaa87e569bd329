import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertRejects, assertStringIncludes } from "@std/assert";
import type { OutputStream } from "../../src/cli/output.ts";
import { progressText, withProgress } from "../../src/cli/progress.ts";
import { displayWidth } from "../../src/report/terminal/width.ts";

/** A stream that keeps what is written. */
function recorder(isTTY: boolean): { stream: OutputStream; text: () => string } {
  const written: string[] = [];
  const stream = {
    isTTY,
    columns: 40,
    write(text: string): boolean {
      written.push(text);
      return true;
    },
  };
  return { stream: stream as unknown as OutputStream, text: () => written.join("") };
}

/** Runs with a terminal that can move its cursor, whatever the tests run on. */
async function onTerminal<T>(work: () => Promise<T>): Promise<T> {
  const { TERM } = process.env;
  process.env.TERM = "xterm";
  try {
    return await work();
  } finally {
    if (TERM === undefined) delete process.env.TERM;
    else process.env.TERM = TERM;
  }
}

test("withProgress() shows its steps on a terminal, and takes its line away", () =>
  onTerminal(async () => {
    const { stream, text } = recorder(true);
    const result = await withProgress({ stream }, (progress) => {
      progress.step("reading a\x1b[2J", { long: true });
      progress.step("comparing");
      return 42;
    });
    assertEquals(result, 42);
    assertStringIncludes(text(), "reading a\\x1b[2J…");
    assertStringIncludes(text(), "comparing…");
    assert(text().endsWith("\x1b[1G\x1b[2K"), JSON.stringify(text()));
  }));

test("withProgress() takes its line away when the work fails", () =>
  onTerminal(async () => {
    const { stream, text } = recorder(true);
    const work = withProgress({ stream }, (progress) => {
      progress.step("reading", { long: true });
      throw new Error("no such file");
    });
    await assertRejects(() => work, Error, "no such file");
    assert(text().endsWith("\x1b[1G\x1b[2K"), JSON.stringify(text()));
  }));

test("withProgress() writes nothing to pipes, with --quiet, to a dumb terminal, and for short work", () =>
  onTerminal(async () => {
    const work = async (isTTY: boolean, options: { quiet?: boolean; long?: boolean; term?: string }) => {
      const { stream, text } = recorder(isTTY);
      process.env.TERM = options.term ?? "xterm";
      await withProgress({ stream, quiet: options.quiet ?? false }, (progress) => {
        progress.step("reading", { long: options.long ?? true });
        progress.advance(1, 2);
      });
      return text();
    };
    assertEquals(await work(false, {}), "");
    assertEquals(await work(true, { quiet: true }), "");
    assertEquals(await work(true, { term: "dumb" }), "");
    assertEquals(await work(true, { long: false }), "");
    assertFalse((await work(true, {})) === "", "the same work shows otherwise");
  }));

test("progressText() fits the terminal", () => {
  assertEquals(progressText("reading", { done: 0, total: 0 }, 80), "reading…");
  const half = `${"█".repeat(12)}${"░".repeat(12)}  50% reading`;
  assertEquals(progressText("reading", { done: 5, total: 10 }, 80), half);
  for (const done of [-1, 0, 7, 11]) {
    assert(displayWidth(progressText("읽는 중".repeat(40), { done, total: 10 }, 60)) < 60);
  }
});

test("nothing of the progress is loaded where none is shown", () => {
  const url = new URL("../../src/cli/progress.ts", import.meta.url).href;
  const program = `
    const { withProgress } = await import(${JSON.stringify(url)});
    await withProgress({}, (progress) => progress.step("reading", { long: true }));
    const { createRequire } = await import("node:module");
    const loaded = Object.keys(createRequire(${JSON.stringify(url)}).cache).filter((path) => /cli-progress/.test(path));
    console.log(loaded.length);`;
  const args = process.versions.deno === undefined ? ["-e", program] : ["eval", "--ext=ts", program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assertEquals([stdout, stderr], ["0\n", ""]);
});

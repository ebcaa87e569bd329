import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { markdown } from "../../../src/report/export/markdown.ts";
import { codeBlock, codeSpan } from "../../../src/report/text/markdown_text.ts";
import { blocksAt, snapshotOf } from "../fixtures.ts";
import { HOSTILE_NAMES, hostileSnapshot, SNAPSHOT, textOf } from "./exports_fixture.ts";

test("markdown() tells in short what a snapshot holds", () => {
  const sourceLine = (filename: string, lineno: number): string =>
    lineno === 41 ? `put(); // ${filename}` : "";
  assertEquals(textOf(markdown(SNAPSHOT, { sourceLine, directory: "/app", limit: 2 })).split("\n"), [
    "# Memory of `main.ts`",
    "",
    "`node 26.0.0`, `v8`, `2026-01-02T03:04:05.000Z`. Every block was followed until it died.",
    "",
    "Live: 4836 B in 12 blocks. Allocated since the start: 1764 B in 27 blocks.",
    "",
    "## The lines that hold the most memory",
    "",
    "| # | what | function | live | blocks | allocated | blocks allocated |",
    "| ---: | --- | --- | ---: | ---: | ---: | ---: |",
    "| 1 | `main.ts:10` | `<module>` | 4096 B | 1 | 64 B | 1 |",
    "| 2 | `cache.ts:41` | `Cache.put` | 640 B | 10 | 1280 B | 20 |",
    "",
    "Not shown: 1 more.",
    "",
    "## Suspects",
    "",
    "Rule: 100 blocks or more were allocated, 90 % or more of them are alive, and they are 1 % or more of the live " +
      "memory. A cache that is meant to fill looks the same.",
    "",
    "None.",
    "",
    "## Source and callers",
    "",
    "`cache.ts:41`, mostly called by `main (main.ts:3)`",
    "",
    "```js",
    "put(); // /app/cache.ts",
    "```",
    "",
    "",
  ]);
});

test("markdown() against an older snapshot tells what grew, and what of it was kept", () => {
  const old = snapshotOf(blocksAt(10, 1024, "kept.ts:1"), blocksAt(1, 8, "same.ts:1"));
  const now = snapshotOf(
    blocksAt(30, 1024, "kept.ts:1"),
    blocksAt(1, 8, "same.ts:1"),
    blocksAt(1, 9, "small.ts:1"),
  );
  const text = textOf(markdown(now, { older: old }));
  assertStringIncludes(text, "## Growth since the old snapshot\n\nIn all: +20.0 KiB.\n");
  assertStringIncludes(
    text,
    "| `kept.ts:1` |  | 30.0 KiB | +20.0 KiB | +20 |\n| `small.ts:1` |  | 9 B | +9 B | +1 |\n\n## Suspects",
  );
  const suspects = text.slice(text.indexOf("## Suspects"));
  assertStringIncludes(suspects, "kept.ts:1");
  assertFalse(suspects.includes("small.ts"), "it grew by less than the rule says");
});

/** The text outside of code spans and code blocks, by CommonMark's rules; a table's cells are split at pipes first. */
function outsideOfCode(text: string): string {
  const lines: string[] = [];
  let fence = "";
  for (const line of text.split("\n")) {
    const [mark] = /^`{3,}/.exec(line) ?? [""];
    if (fence === "" && mark !== "") fence = mark;
    else if (fence !== "" && line === fence) fence = "";
    else if (fence === "") lines.push(...(line.startsWith("|") ? line.split("|") : [line]));
  }
  assertEquals(fence, "");
  return lines.map((line) => line.replace(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g, "CODE")).join("\n");
}

test("no name gets out of its code span, its table cell or its code block", () => {
  const sourceLine = (_: string, lineno: number): string =>
    HOSTILE_NAMES[(lineno + 6) % HOSTILE_NAMES.length];
  for (const by of ["lineno", "function", "type", "traceback", "filename"] as const) {
    const text = textOf(markdown(hostileSnapshot(), { by, sourceLine, limit: 50, older: snapshotOf([]) }));
    assertFalse(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u.test(text));
    const outside = outsideOfCode(text);
    for (const trace of ["script", "alert", "HYPERLINK", "calc", "SUM", "<b>", "pwned", "gnp", "`"]) {
      assertFalse(outside.includes(trace), `${by}: ${trace} in ${outside}`);
    }
    const columns = text
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .map((line) => line.split("|").length);
    assertEquals(new Set(columns), new Set([9, 7]));
  }
});

test("codeSpan() and codeBlock() fence any text", () => {
  assertEquals(codeSpan("a.ts:1"), "`a.ts:1`");
  assertEquals(codeSpan("a`b``c"), "```a`b``c```");
  assertEquals(codeSpan("`"), "`` ` ``");
  assertEquals(codeSpan(" x "), "`  x  `");
  assertEquals(codeSpan("a|b\\|c\n"), "`a\\x7cb\\\\x7cc\\n`");
  assertEquals(codeSpan(""), "` `");
  assertEquals(codeBlock(["```", "x"], "js"), ["````js", "```", "x", "````"]);
  assert(HOSTILE_NAMES.map(codeSpan).every((span) => !span.includes("|")));
});

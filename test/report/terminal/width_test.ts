import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { cutEnd, cutStart, displayWidth, padLeft, padRight } from "../../../src/report/terminal/width.ts";

const FAMILY = "👨‍👩‍👧"; // three people and two joiners, drawn as one

test("displayWidth() counts the columns that a terminal uses", () => {
  const widths: [string, number][] = [
    ["app.ts", 6],
    ["예쁜 탑", 7],
    ["内存ﾒﾓﾘ", 7],
    ["e\u0301", 1],
    ["…🚀", 3],
    [FAMILY, 2],
    ["🇩🇪👍🏽1️⃣", 6],
    ["a\u200bb", 2],
    ["\u001b[33m탑\u001b[39m", 2],
  ];
  for (const [text, columns] of widths) assertEquals([text, displayWidth(text)], [text, columns]);
});

test("cutEnd() and cutStart() keep within the columns", () => {
  assertEquals(cutEnd("abcdef", 6), "abcdef");
  assertEquals(cutEnd("abcdefg", 6), "abcde…");
  assertEquals(cutStart("abcdefg", 6), "…cdefg");
  for (let columns = 2; columns < 12; columns++) {
    for (const cut of [cutEnd, cutStart]) assert(displayWidth(cut("한글 이름과 abc", columns)) <= columns);
  }
});

test("cutEnd() and cutStart() take characters whole", () => {
  assertEquals(cutEnd(`a${FAMILY}bc`, 4), `a${FAMILY}…`);
  assertEquals(cutEnd(`a${FAMILY}bc`, 3), "a…");
  assertEquals(cutStart(`abc${FAMILY}`, 3), `…${FAMILY}`);
  assertEquals(cutStart(`abc${FAMILY}`, 2), "…");
  assertEquals(cutStart("abe\u0301", 2), "…e\u0301");
});

test("padLeft() and padRight() fill up by columns, whatever the colour", () => {
  assertEquals(padRight("탑", 4), "탑  ");
  assertEquals(padLeft("탑", 4), "  탑");
  assertEquals(padLeft("abcde", 4), "abcde");
  assertEquals(padRight("\u001b[33m탑\u001b[39m", 4), "\u001b[33m탑\u001b[39m  ");
});

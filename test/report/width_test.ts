import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { cutEnd, cutStart, displayWidth, padLeft, padRight } from "../../src/report/width.ts";

test("displayWidth() counts columns", () => {
  assertEquals(displayWidth("app.ts"), 6);
  assertEquals(displayWidth("예쁜 탑"), 7);
  assertEquals(displayWidth("e\u0301"), 1);
  assertEquals(displayWidth("…🚀"), 3);
});

test("cutEnd() and cutStart() keep within the columns", () => {
  assertEquals(cutEnd("abcdef", 6), "abcdef");
  assertEquals(cutEnd("abcdefg", 6), "abcde…");
  assertEquals(cutStart("abcdefg", 6), "…cdefg");
  for (let columns = 2; columns < 12; columns++) {
    for (const cut of [cutEnd, cutStart]) assert(displayWidth(cut("한글 이름과 abc", columns)) <= columns);
  }
});

test("padLeft() and padRight() fill up by columns", () => {
  assertEquals(padRight("탑", 4), "탑  ");
  assertEquals(padLeft("탑", 4), "  탑");
  assertEquals(padLeft("abcde", 4), "abcde");
});

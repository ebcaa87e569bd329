import { test } from "node:test";
import { assertEquals, assertFalse } from "@std/assert";
import { jsonText } from "../../src/report/text/json_text.ts";
import { escapeText } from "../../src/vocabulary/escape_text.ts";

test("escapeText() leaves visible text as it is", () => {
  const text = "C:\\src\\앱.ts <anonymous> é “quoted” 🚀 …";
  assertEquals(escapeText(text), text);
});

// Node's type stripper refuses a lone surrogate that is written as an escape.
const lone = String.fromCharCode(0xd800);

test("escapeText() writes out everything else", () => {
  assertEquals(
    escapeText(`\0\t\n\r\x1b\x7f\x9b\u200b\u2028\u202e\ufeff${lone}\u{e0001}`),
    String.raw`\x00\t\n\r\x1b\x7f\x9b\u200b\u2028\u202e\ufeff\ud800\u{e0001}`,
  );
});

test("jsonText() gives the same data back, and nothing that is not visible", () => {
  const value = { name: `\x1b\x7f\x9b\u202e\u{e0001}${lone} 🚀 앱`, lines: ["a\nb", 1.5, null] };
  const text = jsonText(value);
  assertEquals(JSON.parse(text), value);
  assertFalse(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u.test(text), text);
});

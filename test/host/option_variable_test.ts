import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { quotedOption, withOption, withoutOption } from "../../src/host/option_variable.ts";

test("a word with blanks, quotes or backslashes stands in quotes", () => {
  assertEquals(quotedOption("--require"), "--require");
  assertEquals(quotedOption("/a b/c.js"), `"/a b/c.js"`);
  assertEquals(quotedOption('C:\\a"b'), `"C:\\\\a\\"b"`);
});

test("an option comes behind those that are there", () => {
  assertEquals(withOption(undefined, "-x"), "-x");
  assertEquals(withOption("", "-x"), "-x");
  assertEquals(withOption("--a --b", "-x"), "--a --b -x");
});

test("an option that was added is taken out again", () => {
  for (const before of ["", "-y", "--a '--b c'"])
    assertEquals(withoutOption(withOption(before, "--x /$&"), "--x /$&"), before);
  assertEquals(withoutOption(undefined, "-x"), "");
  assertEquals(withoutOption("-x --later", "-x"), "--later");
});

import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { didYouMean, nearest } from "../../src/cli/nearest.ts";

test("nearest() finds what was meant", () => {
  const words = ["runtime", "nframe", "include", "exclude", "limit"];
  for (const [typed, meant] of [
    ["nfrmae", "nframe"],
    ["frame", "nframe"],
    ["run-time", "runtime"],
    ["NFRAME", "nframe"],
    ["exlude", "exclude"],
    ["limits", "limit"],
  ]) {
    assertEquals(nearest(typed, words), meant);
  }
});

test("nearest() does not guess wildly", () => {
  for (const typed of ["", "x", "li", "banana", "z".repeat(10_000)]) {
    assertEquals(nearest(typed, ["runtime", "nframe", "limit"]), undefined);
  }
  assertEquals(didYouMean("banana", ["limit"]), "");
  assertEquals(didYouMean("limt", ["limit"], "--"), " (did you mean --limit?)");
});

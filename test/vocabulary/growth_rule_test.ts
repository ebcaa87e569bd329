import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { readGrowthRule } from "../../src/vocabulary/growth_rule.ts";

test("a growth is a percentage, and the seconds to look back", () => {
  assertEquals(readGrowthRule("20%"), { share: 0.2, window: 300 });
  assertEquals(readGrowthRule("150%/60"), { share: 1.5, window: 60 });
  assertEquals(readGrowthRule("12.5%/1.5"), { share: 0.125, window: 1.5 });
  for (const word of [
    "",
    "20",
    "%",
    "0%",
    "0.5%",
    "20000%",
    "-5%",
    "20%/",
    "20%/0",
    "20%/1e9",
    "20%/100000",
    "9".repeat(99),
    "20 %",
  ])
    assertEquals(readGrowthRule(word), null, word);
});

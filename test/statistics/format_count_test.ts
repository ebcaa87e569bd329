import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { formatCount } from "../../src/statistics/format_count.ts";

test("thousands are set apart, and estimates rounded", () => {
  const cases: [count: number, text: string][] = [
    [0, "0"],
    [999.4, "999"],
    [999.5, "1,000"],
    [39_328, "39,328"],
    [1_234_567.8, "1,234,568"],
  ];
  for (const [count, text] of cases) assertEquals(formatCount(count), text);
});

import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { formatSize, toFixedHalfEven } from "../../src/statistics/format_size.ts";
import { oracle } from "../cases/oracle.ts";

test("sizes read as Python's do", () => {
  for (const [size, sign, text] of oracle.sizes) assertEquals(formatSize(size, { sign }), text, String(size));
});

test("ties go to the even digit", () => {
  assertEquals(formatSize(10496), "10.2 KiB");
  assertEquals(formatSize(2.5), "2 B");
  assertEquals(
    [0.5, 1.5, 2.5, -0.5, -1.5].map((value) => toFixedHalfEven(value, 0)),
    ["0", "2", "2", "-0", "-2"],
  );
  assertEquals(
    [0.25, 0.75, 0.35, -0.25].map((value) => toFixedHalfEven(value, 1)),
    ["0.2", "0.8", "0.3", "-0.2"],
  );
  assertEquals(toFixedHalfEven(1e22, 0), "10000000000000000000000");
});

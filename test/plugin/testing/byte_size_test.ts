import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { parseBytes } from "../../../plugin/testing/byte_size.ts";

test("a size is a number of bytes, or a number with a unit", () => {
  const given = [0, 12.5, "7", "7 B", "1KiB", " 1.5 MiB ", "2 GiB", "1 kB", "1 KB", "3 MB", "1 GB"];
  const bytes = [0, 12.5, 7, 7, 1024, 1_572_864, 2 ** 31, 1000, 1000, 3e6, 1e9];
  assertEquals(
    given.map((value) => parseBytes(value, "max")),
    bytes,
  );
});

test("what is no size is refused by name", () => {
  for (const wrong of [
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    "MiB",
    "1 mib",
    "-1 B",
    "1e3 B",
    "1 toString",
  ])
    assertThrows(() => parseBytes(wrong, "max"), RangeError, "max must be a number of bytes");
  assertThrows(() => parseBytes(null as never, "max"), TypeError, "max must be a number of bytes");
});

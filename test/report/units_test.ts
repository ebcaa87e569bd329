import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { binarySize } from "../../src/report/units.ts";

test("sizes are in KiB as in the manual, and have at most five digits before the point", () => {
  const sizes: [number, string][] = [
    [0, "0.0 KiB"],
    [1075, "1.0 KiB"],
    [10 * 2 ** 20 - 1024, "10239.0 KiB"],
    [10 * 2 ** 20, "10.0 MiB"],
    [1564472.6 * 1024, "1527.8 MiB"],
    [10 * 2 ** 30, "10.0 GiB"],
    [50_000 * 2 ** 30, "50000.0 GiB"],
    [-20 * 2 ** 20, "-20.0 MiB"],
  ];
  for (const [bytes, text] of sizes) assertEquals(binarySize(bytes), text);
});

import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { costOfLook } from "../../../src/traces/growth/cost_of_look.ts";

test("a look that had to wait its turn counts for what looks take, and one that takes long each time for all of it", () => {
  assertEquals(costOfLook(0.004, 0.003, 10), 0.004);
  // 30 ms for ten small containers, once.
  assertEquals(costOfLook(30, 0.004, 9), 0.02);
  assertEquals(costOfLook(0.004, 30, 9), 0.004);
  // One with millions of keys: from the second look on.
  assertEquals(costOfLook(150, 0.001, 0), 0.002);
  assertEquals(costOfLook(200, 150, 0), 150);
  assertEquals(costOfLook(150, 200, 0), 150);
});

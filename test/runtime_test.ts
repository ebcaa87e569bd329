import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { currentRuntime } from "../src/host/capabilities.ts";

// `node`, `deno` and `bun` share a test syntax, so a leg that starts the wrong one would pass unnoticed.
test("the tests run on the runtime that the leg is named after", () => {
  const leg = globalThis.process.env.TRACEMALLOC_TEST_LEG ?? currentRuntime();
  assertEquals(currentRuntime(), leg);
});

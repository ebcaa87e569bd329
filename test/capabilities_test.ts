import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { hasReached } from "../src/capabilities.ts";

test("a version has what its release line, or an older one that was the last, has", () => {
  const since = ["22.22.3", "24.11.1"];
  const reached = [
    "22.22.3",
    "22.22.10",
    "22.23.0",
    "24.11.1",
    "24.12.0",
    "25.0.0",
    "26.1.0",
    "24.11.1-nightly",
  ];
  const missed = ["18.99.99", "22.18.0", "22.22.2", "23.11.0", "24.0.0", "24.11.0", "24.9.9", "", "x"];
  assertEquals(
    reached.filter((version) => !hasReached(since, version)),
    [],
  );
  assertEquals(
    missed.filter((version) => hasReached(since, version)),
    [],
  );
  assertEquals(hasReached([], "26.0.0"), false);
});

import { test } from "node:test";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { fnmatch } from "../../src/statistics/fnmatch.ts";
import { oracle } from "../cases/oracle.ts";

test("patterns match what Python's fnmatch matches", () => {
  for (const [pattern, name, expected] of oracle.matches) {
    assertEquals(
      fnmatch(pattern)(name),
      expected,
      `${JSON.stringify(pattern)} against ${JSON.stringify(name)}`,
    );
  }
});

test("hostile patterns end", () => {
  // A backtracking matcher would need longer than the universe is old.
  const name = "a".repeat(2000);
  assertFalse(fnmatch(`${"*a".repeat(500)}b`)(name));
  assertFalse(fnmatch(`${"*?[a-z]".repeat(200)}*b*`)(name));
  assert(fnmatch(`${"a*".repeat(1000)}`)(name));
  assert(fnmatch("*".repeat(100_000))(name));
});

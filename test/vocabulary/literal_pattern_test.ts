import { test } from "node:test";
import { assert, assertFalse } from "@std/assert";
import { fnmatch } from "../../src/statistics/fnmatch.ts";
import { literalPattern } from "../../src/vocabulary/literal_pattern.ts";

test("a literal pattern matches its own text, and nothing else", () => {
  const matches = fnmatch(literalPattern("/app/[id]*?.ts"));
  assert(matches("/app/[id]*?.ts"));
  for (const other of ["/app/i*?.ts", "/app/[id]x?.ts", "/app/[id]*x.ts", "/app/[id]*?.tsx"])
    assertFalse(matches(other), other);
});

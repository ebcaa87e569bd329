import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { sourcesFingerprint } from "../../../src/instrument/cache/fingerprint.ts";

test("the fingerprint changes with every file that can change the instrumented text, however deep it lies", () => {
  const root = mkdtempSync(join(tmpdir(), "tracemalloc-fingerprint-"));
  const write = (path: string, text: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return sourcesFingerprint(root)!;
  };
  try {
    const seen = [
      write("vocabulary/kinds.ts", "1"),
      write("sites/site.ts", "1"),
      write("instrument/plan/calls.ts", "1"),
      write("instrument/plan/calls.ts", "2"),
      write("instrument/plan/deep/calls.js", "1"),
      write("instrument/plan/deep/loops.js", "1"),
    ];
    assertEquals(new Set(seen).size, seen.length);
    assert(/^[0-9a-f]{24}$/.test(seen[0]!), seen[0]);
    const last = seen.at(-1);
    assertEquals(write("cli/run.ts", "1"), last);
    assertEquals(write("instrument/plan/calls.d.ts", "1"), last);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

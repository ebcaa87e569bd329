import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { readSources } from "../../src/heap/sources.ts";

test("sources are read wherever they are, or below one folder alone, links resolved", () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "tracemalloc-sources-")));
  try {
    const [inside, outside, link] = ["in/a.js", "in-not/b.js", "in/link.js"].map((name) => join(base, name));
    for (const folder of ["in", "in-not"]) mkdirSync(join(base, folder));
    writeFileSync(inside!, "a");
    writeFileSync(outside!, "b");
    symlinkSync(outside!, link!);
    const names = [inside!, outside!, link!, join(base, "gone.js"), "relative.js", base];
    assertEquals([...readSources(names)], ["a", "b", "b"]);
    assertEquals([...readSources(names, join(base, "in"))], ["a"]);
  } finally {
    rmSync(base, { recursive: true });
  }
});

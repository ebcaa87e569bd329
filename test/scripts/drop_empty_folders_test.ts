import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { dropEmptyFolders } from "../../scripts/drop_empty_folders.ts";

test("folders that hold nothing go, those with files stay", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-folders-"));
  try {
    for (const path of ["a/b/c", "d/e", "f"]) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, "d/e/file.js"), "");
    dropEmptyFolders(folder);
    assertEquals(readdirSync(folder, { recursive: true }).map(String).sort(), [
      "d",
      join("d", "e"),
      join("d", "e", "file.js"),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

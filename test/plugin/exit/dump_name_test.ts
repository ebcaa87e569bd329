import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { withDumpName } from "../../../plugin/exit/dump_name.ts";

test("a former run's file is replaced; one of this run, or one being written, is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-name-"));
  const out = join(folder, "a.pb.gz");
  const own = join(folder, "a.7.pb.gz");
  const owner = { id: "7", startedAt: Date.now() - 5000, worker: 0 };
  const chosen = (): string => withDumpName(out, owner, (name) => name);
  try {
    assertEquals(chosen(), out);
    assertEquals(
      withDumpName(out, { ...owner, worker: 1 }, (name) => name),
      join(folder, "a.7-1.pb.gz"),
    );
    writeFileSync(out, "");
    assertEquals(chosen(), own);
    const minuteAgo = Date.now() / 1000 - 60;
    utimesSync(out, minuteAgo, minuteAgo);
    assertEquals(chosen(), out);
    assertEquals(
      withDumpName(out, owner, () => chosen()),
      own,
      "the lock was not seen",
    );
    assertThrows(() => withDumpName(out, owner, () => assertEquals(1, 2, "thrown")), Error, "thrown");
    assert(!existsSync(`${out}.lock`));
    writeFileSync(`${out}.lock`, "");
    utimesSync(`${out}.lock`, minuteAgo, minuteAgo);
    assertEquals(chosen(), out, "a stale lock was not taken away");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

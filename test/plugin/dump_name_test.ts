import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { nameForChildren, nameWithId, withDumpName } from "../../plugin/dump_name.ts";

test("the id goes before the extension, or where %p stands", () => {
  assertEquals(nameWithId("a.pb.gz", "7"), "a.7.pb.gz");
  assertEquals(nameWithId("dump", "7"), "dump.7.pb.gz");
  assertEquals(nameWithId("/x/%p/a-%p.out", "7"), "/x/7/a-7.out");
  assertEquals(nameForChildren("a.pb.gz"), "a.%p.pb.gz");
  assertEquals(nameForChildren("a-%p"), "a-%p");
});

test("a former run's file is replaced; one of this run, or one being written, is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-name-"));
  const out = join(folder, "a.pb.gz");
  const own = join(folder, "a.7.pb.gz");
  const owner = { id: "7", startedAt: Date.now() - 5000, isWorker: false };
  const chosen = (): string => withDumpName(out, owner, (name) => name);
  try {
    assertEquals(chosen(), out);
    assertEquals(
      withDumpName(out, { ...owner, isWorker: true }, (name) => name),
      own,
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

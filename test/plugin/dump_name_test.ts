import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { nameForChildren, nameForWorker, nameWithId, withDumpName } from "../../plugin/dump_name.ts";

test("the id goes before the extension, or where %p stands", () => {
  assertEquals(nameWithId("a.pb.gz", "7"), "a.7.pb.gz");
  assertEquals(nameWithId("dump", "7"), "dump.7.pb.gz");
  assertEquals(nameWithId("/x/%p/a-%p.out", "7"), "/x/7/a-7.out");
  assertEquals(nameForChildren("a.pb.gz", "7"), "a.7.%p.pb.gz");
  assertEquals(nameForChildren("a-%p", "7"), "a-7.%p");
  assertEquals(nameWithId(nameForChildren("a.pb.gz", "7"), "8"), "a.7.8.pb.gz");
});

test("a worker's number follows the id of its process, whatever the name is that it sees", () => {
  const owner = { id: "7", worker: 2 };
  assertEquals(nameForWorker("a.pb.gz", owner), "a.7-2.pb.gz");
  assertEquals(nameForWorker(nameForChildren("a.pb.gz", "7"), owner), "a.7-2.pb.gz");
  assertEquals(nameForWorker("a-%p", owner), "a-7-2");
  assertEquals(nameForWorker("a.6.%p.pb.gz", owner), "a.6.7-2.pb.gz");
});

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

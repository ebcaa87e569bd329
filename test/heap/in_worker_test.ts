// The thread that reads a heap: what becomes of it when there is no memory for it, or nobody waits any more.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertRejects } from "@std/assert";
import { inWorker } from "../../src/heap/in_worker.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { FixtureHeap } from "./heap_fixture.ts";

const { columns, metadata } = Snapshot.fromTraces([[0, 8, [["app.ts", 1]]]], 1);
const dump = { columns, metadata: { ...metadata, marks: [1, 1, 1, 1] } };

/** A heap in a folder of its own. */
function heapFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "tracemalloc-worker-")), "made.heapsnapshot");
  writeFileSync(file, text);
  return file;
}

const { text } = new FixtureHeap().add("root", { kind: "synthetic", name: "(Global handles)" });

test("a temporary heap is gone once it is open, whatever comes of it", async () => {
  const file = heapFile(text);
  const job = { heapFile: file, isTemporary: true, dump };
  await assertRejects(() => inWorker(job), Error, "nothing is traced");
  assertEquals(existsSync(join(file, "..")), false);
});

test("whoever does not wait any more ends it", async () => {
  const end = new AbortController();
  const file = heapFile(text);
  const waiting = inWorker({ heapFile: file, dump }, { signal: end.signal });
  end.abort(new Error("enough"));
  await assertRejects(() => waiting, Error, "enough");
  rmSync(join(file, ".."), { recursive: true });
  await assertRejects(() => inWorker({ heapFile: "none", dump }, { signal: end.signal }), Error, "enough");
});

test("a thread that runs out of memory is an error that says what to do, and the program lives", {
  skip:
    (process.versions.bun !== undefined || process.versions.deno !== undefined) &&
    "only Node has limits for a thread of its own",
}, async () => {
  // Where functions stand is kept in a list of the engine's while it is read.
  const many = text.replace('"locations":[]', () => `"locations":[${"0,1,2,3,".repeat(1e6)}0,1,2,3]`);
  const job = { heapFile: heapFile(many), isTemporary: true, dump };
  const resourceLimits = { maxOldGenerationSizeMb: 16 };
  await assertRejects(
    () => inWorker(job, { resourceLimits }),
    Error,
    "the heap snapshot is too large for this machine's memory: read it with `tracemalloc why` on a larger one",
  );
});

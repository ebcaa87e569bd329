import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { memoryLimits, processMemory } from "../../src/host/process_memory.ts";

const MIB = 2 ** 20;

test("a process tells what it has, RSS as the system counts it", {
  skip: process.platform !== "linux" && "asks /proc",
}, () => {
  const { rss, heapUsed, heapTotal, external } = processMemory()!;
  const kib = Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]);
  assert(Math.abs(rss / 1024 - kib) < 16 * 1024, `${rss / 1024} KiB, and ${kib} by the system`);
  assert(heapUsed > 0 && heapTotal >= heapUsed && heapTotal < rss, `${[heapUsed, heapTotal, rss]}`);
  assert(external >= 0 && external < rss, `${external}`);
});

test("RSS goes down when memory is given back", {
  skip: process.platform !== "linux" && "asks /proc",
}, () => {
  // Of the runtimes, Bun alone has a collector that can always be asked. What other tests have left goes before, not while this measures.
  const { Bun } = globalThis as { Bun?: { gc(sync: boolean): void } };
  Bun?.gc(true);
  const before = processMemory()!.rss;
  // A mapping of its own, which goes back to the system as a whole.
  let buffer: Uint8Array | null = new Uint8Array(200 * MIB).fill(1);
  const during = processMemory()!.rss;
  assert(during - before > 150 * MIB, `${(during - before) / MIB} MiB more`);
  if (Bun === undefined) return;
  buffer = null;
  Bun.gc(true);
  assertEquals(buffer, null);
  const after = processMemory()!.rss;
  assert(during - after > 100 * MIB, `${(during - after) / MIB} MiB less`);
});

test("limits are numbers, or none", () => {
  const { heapLimit, memoryLimit } = memoryLimits();
  if (currentRuntime() === "bun") assertEquals(heapLimit, null);
  else assert(heapLimit! > 32 * MIB && heapLimit! < 2 ** 45, `${heapLimit}`);
  assert(memoryLimit === null || (memoryLimit > MIB && memoryLimit < 2 ** 53), `${memoryLimit}`);
});

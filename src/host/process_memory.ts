// Browser compatible.
import { hostModule } from "./built_in_modules.ts";
import { host } from "./host.ts";

/** What a process has of memory, in bytes. */
export interface ProcessMemory {
  /** What of it is in the machine's memory, as the system counts: engine, native code, stacks and the tracker with it. */
  readonly rss: number;
  /** JavaScript's objects, garbage among them, and what the engine has put aside for them. */
  readonly heapUsed: number;
  readonly heapTotal: number;
  /** What these hold outside the heap, as far as the engine counts it. */
  readonly external: number;
}

/** The most that a process may have; null: no limit, or not known. */
export interface MemoryLimits {
  /** V8's, of its heap. */
  readonly heapLimit: number | null;
  /** Of the container or another group of processes that it is in (cgroup), or what its user may have. */
  readonly memoryLimit: number | null;
}

/** What is used of `process` here. */
interface MeasuredProcess {
  memoryUsage(): ProcessMemory;
  constrainedMemory?(): number;
}

const { max } = Math;

// The host's own, whatever the program puts there later.
const measured = host.process as unknown as MeasuredProcess | undefined;
const memoryUsage: (() => ProcessMemory) | undefined = measured?.memoryUsage;
const constrainedMemory: (() => number) | undefined = measured?.constrainedMemory;

/** What this process has now; null where nobody tells. */
export function processMemory(): ProcessMemory | null {
  try {
    const told = memoryUsage?.call(measured);
    if (told === undefined) return null;
    const { rss, heapUsed, heapTotal, external } = told;
    if (host.Bun === undefined) return { rss, heapUsed, heapTotal, external };
    // Bun counts what is external into `heapUsed` as well, and not into `heapTotal` (1.4).
    const used = heapUsed > external ? heapUsed - external : heapUsed;
    return {
      rss: residentSize() ?? rss,
      heapUsed: used,
      heapTotal: max(heapTotal, used),
      external,
    };
  } catch {
    // The system may not let a process ask.
    return null;
  }
}

/** Bytes, as Linux has them: Bun's own figure does not go down again (1.4: the most that there was). Null elsewhere. */
function residentSize(): number | null {
  const fs = hostModule("node:fs");
  if (fs === undefined) return null;
  let descriptor = -1;
  try {
    descriptor = fs.openSync("/proc/self/status", "r");
    const buffer = new Uint8Array(4096);
    const length = fs.readSync(descriptor, buffer, 0, buffer.length, null);
    const text = new TextDecoder().decode(buffer.subarray(0, length));
    const kib = /^VmRSS:\s*(\d+) kB$/m.exec(text)?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  } catch {
    return null;
  } finally {
    if (descriptor !== -1) fs.closeSync(descriptor);
  }
}

/** The limits of this process. */
export function memoryLimits(): MemoryLimits {
  return { heapLimit: heapLimit(), memoryLimit: memoryLimit() };
}

function heapLimit(): number | null {
  // JavaScriptCore has none; what Bun tells in its place is a share of the machine's memory.
  if (host.Bun !== undefined) return null;
  try {
    return hostModule("node:v8")?.getHeapStatistics?.().heap_size_limit ?? null;
  } catch {
    return null;
  }
}

function memoryLimit(): number | null {
  try {
    const limit = constrainedMemory?.call(measured) ?? 0;
    const total = hostModule("node:os")?.totalmem() ?? Number.POSITIVE_INFINITY;
    // "None" is 0, a number near 2⁶³ or 2⁶⁴, or all that the machine has.
    return limit > 0 && limit < 2 ** 53 && limit < total ? limit : null;
  } catch {
    return null;
  }
}

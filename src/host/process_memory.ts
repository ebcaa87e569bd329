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
const { apply } = Reflect;

// The host's own, whatever the program puts there later.
const measured = host.process as unknown as MeasuredProcess | undefined;
const memoryUsage: (() => ProcessMemory) | undefined = measured?.memoryUsage;
const constrainedMemory: (() => number) | undefined = measured?.constrainedMemory;

/** What this process has now; null where nobody tells. */
export function processMemory(): ProcessMemory | null {
  try {
    const told = memoryUsage && apply(memoryUsage, measured, []);
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
    const bytes = new OwnUint8Array(STATUS_BYTES);
    return kibibytesAfter(NAME, bytes, fs.readSync(descriptor, bytes, 0, STATUS_BYTES, null));
  } catch {
    return null;
  } finally {
    if (descriptor !== -1) fs.closeSync(descriptor);
  }
}

// Byte by byte: what texts are searched with may be the program's.
const OwnUint8Array = Uint8Array;
const STATUS_BYTES = 4096;
/** `VmRSS:`. */
const NAME: readonly number[] = [0x56, 0x6d, 0x52, 0x53, 0x53, 0x3a];

/** The number behind a name, in bytes; null: it is not there. */
function kibibytesAfter(name: readonly number[], bytes: Uint8Array, end: number): number | null {
  for (let at = 0; at < end; at++) {
    let i = 0;
    while (i < name.length && bytes[at + i] === name[i]) i++;
    if (i < name.length) continue;
    at += i;
    while (bytes[at] === 0x20 || bytes[at] === 0x09) at++;
    let kibibytes = 0;
    for (; bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) kibibytes = kibibytes * 10 + bytes[at] - 0x30;
    return kibibytes * 1024;
  }
  return null;
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
    const limit = constrainedMemory === undefined ? 0 : apply(constrainedMemory, measured, []);
    const total = hostModule("node:os")?.totalmem() ?? Number.POSITIVE_INFINITY;
    // "None" is 0, a number near 2⁶³ or 2⁶⁴, or all that the machine has.
    return limit > 0 && limit < 2 ** 53 && limit < total ? limit : null;
  } catch {
    return null;
  }
}

import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { basename, dirname } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { getTracemallocMemory, isTracing, takeSnapshot } from "../../mod.ts";
import { writeHeapSnapshot } from "../../src/heap/write_heap_snapshot.ts";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { processMemory } from "../../src/host/process_memory.ts";
import { threadNumber } from "../../src/host/thread.ts";
import { quietly, registeredFiles, settleBlocks, writeFileAtomically } from "../../src/tracing.ts";
import type { HuntAnswer, HuntMemory, HuntRequest } from "../../src/vocabulary/hunt_messages.ts";
import { warn } from "../preload/warn.ts";

/** The host's own, whatever the program puts there later to fake the time. */
const { setImmediate } = globalThis;

/** Where `tracemalloc hunt` listens, and which script it calls; null: it calls none. */
export interface HuntAddress {
  readonly socket: string;
  readonly script: string | null;
}

/**
 * Does in this process or worker what `tracemalloc hunt` asks for. The connection does not keep the program from ending, unless it is a
 * script that has nothing to do but to be called.
 *
 * @returns Ends it.
 */
export function answerHunt({ socket: path, script }: HuntAddress): () => void {
  const socket = connect(path, () => send(socket, { id: 0, pid: process.pid }));
  let isOver = false;
  if (script === null) socket.unref();
  socket.on("error", (error) => {
    isOver = true;
    warn(`tracemalloc: hunt cannot be reached: ${error.message}`);
  });
  // One after the other: a snapshot has what was done before it was asked for.
  let last = Promise.resolve();
  createInterface({ input: socket }).on("line", (line) => {
    const request = JSON.parse(line) as HuntRequest;
    last = last.then(async () => send(socket, await answer(request, script)));
  });
  // Nobody would end a program whose hunter has died: it would keep its port.
  socket.on("close", () => {
    if (isOver) return;
    if (basename(dirname(path)).startsWith("tracemalloc-hunt-"))
      rmSync(dirname(path), { recursive: true, force: true });
    process.kill(process.pid, "SIGTERM");
  });
  return () => {
    isOver = true;
    socket.destroy();
  };
}

function send(socket: Socket, answer: HuntAnswer): void {
  if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
}

async function answer(request: HuntRequest, script: string | null): Promise<HuntAnswer> {
  const { id } = request;
  try {
    if (request.do === "snapshot") return { id, ...(await snapshot(request)) };
    if (request.do === "call") return { id, ...(await call(script ?? "", request)) };
    await new Promise<void>((resolve) => setImmediate(resolve));
    return { id, listeners: process.listenerCount(request.signal), pid: process.pid };
  } catch (error) {
    return { id, error: firstLine(error) };
  }
}

async function snapshot({
  file,
  heap,
}: {
  file: string;
  heap: string | null;
}): Promise<Omit<HuntAnswer, "id">> {
  if (!isTracing()) throw new Error("the program has stopped tracing (stop())");
  await settleBlocks();
  const heapError = heap === null || currentRuntime() === "bun" ? undefined : writeHeap(heap);
  const taken = takeSnapshot();
  taken.metadata.files = registeredFiles();
  if (threadNumber() > 0) taken.metadata.worker = threadNumber();
  quietly(() => writeFileAtomically(file, taken.toBytes()));
  const memory = memoryNow();
  return { ...(memory !== null && { memory }), ...(heapError !== undefined && { heapError }) };
}

/** Null: the system does not tell. */
function memoryNow(): HuntMemory | null {
  const now = processMemory();
  if (now === null) return null;
  const { rss, heapUsed, external } = now;
  return { rss, heapUsed, external, tracker: getTracemallocMemory() };
}

/** Gives why it was not written. */
function writeHeap(file: string): string | undefined {
  try {
    writeHeapSnapshot(file);
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

async function call(
  script: string,
  { times, concurrency }: { times: number; concurrency: number },
): Promise<Omit<HuntAnswer, "id">> {
  const target = await defaultExport(script);
  let left = times;
  let failed = 0;
  let failure: string | undefined;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      try {
        await target();
      } catch (error) {
        failed++;
        failure ??= firstLine(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return failure === undefined ? { failed } : { failed, failure };
}

/** The module that runs already: whoever imports it again gets the same one. */
async function defaultExport(script: string): Promise<() => unknown> {
  const module = (await import(pathToFileURL(script).href)) as { default?: unknown };
  const found = module.default;
  // What a compiler has made of an ES module hands its default export over as a property.
  const target =
    typeof found === "object" && found !== null ? (found as { default?: unknown }).default : found;
  if (typeof target !== "function") {
    const what =
      target === undefined ? "has no default export" : `has a ${typeof target} as its default export`;
    throw new TypeError(
      `the script ${what}: hunt calls a function that it exports as default, or drives a server (--url)`,
    );
  }
  return target as () => unknown;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.split("\n", 1)[0]!;
}

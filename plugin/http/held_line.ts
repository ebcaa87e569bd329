import { clearTimeout, setTimeout } from "node:timers";
import { isTracing } from "../../mod.ts";
import { tooLargeToWrite } from "../../src/heap/heap_size.ts";
import type { LineWithTexts } from "../../src/heap/hop_texts.ts";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { quietly } from "../../src/tracing.ts";
import { NOT_TRACING } from "./profiles.ts";
import { plainResponse, response } from "./responses.ts";

/** Answers who holds the objects of one line. */
export type HeldLineRoute = (request: Request, url: URL) => Promise<Response>;

/** Of larger heaps V8 writes for a minute, in which the program answers nobody. */
const MOST_HEAP = 512 * 2 ** 20;
/** Of the most that V8 may take: who clicks a button does not know the program's memory. */
const V8_TAKES = 10;
/** For what comes after V8 has written, in another thread. */
const MOST_MS = 120_000;
const OTHER_WAYS = "end it with `tracemalloc run --why`, or see docs/why.md for reading its heap elsewhere";

/** Whether the heap is being read, for whichever of the process's servers. */
let isBusy = false;

/**
 * Who holds the objects of a line of this process. The program stands still while V8 writes its heap to a temporary file, which nothing
 * but such a request brings about; one at a time.
 *
 * Errors that the heap's reader throws are its caller's to answer with.
 */
export const heldLineRoute: HeldLineRoute = async (request, { searchParams }) => {
  const line = lineOf(searchParams.get("line") ?? "");
  if (line === null)
    return plainResponse(400, "tracemalloc: line must be a file and a line, like /app/cache.ts:12\n");
  if (!isTracing()) return plainResponse(503, NOT_TRACING);
  if (currentRuntime() === "bun")
    return plainResponse(
      501,
      "tracemalloc: Bun has no heap snapshot that shows numbers, and so no marks: run the program on Node or Deno\n",
    );
  const reason = tooLargeToWrite({ times: V8_TAKES, most: MOST_HEAP });
  if (reason !== null) return plainResponse(507, `tracemalloc: ${reason}: ${OTHER_WAYS}\n`);
  if (isBusy)
    return plainResponse(503, "tracemalloc: the heap is being read for another request\n", {
      "retry-after": "10",
    });
  isBusy = true;
  try {
    const lines = await heldLines(line, request.signal);
    if (lines.length === 0)
      return plainResponse(404, `tracemalloc: no object of ${line.filename}:${line.lineno} is alive\n`);
    return response(200, JSON.stringify(lines), { "content-type": "application/json" });
  } finally {
    isBusy = false;
  }
};

/** @throws {Error} where it cannot be found out, takes too long, or is not wanted any more. */
async function heldLines(
  line: { filename: string; lineno: number },
  wanted: AbortSignal,
): Promise<readonly LineWithTexts[]> {
  // Nobody pays for it who does not ask.
  const [{ reportOwnHeap }, { withTexts }] = await Promise.all([
    import("../../src/heap/take_heap_report.ts"),
    import("../../src/heap/hop_texts.ts"),
  ]);
  const end = new AbortController();
  const leave = (): void => end.abort(new Error("the client has gone"));
  quietly(() => wanted.addEventListener("abort", leave));
  // Not `AbortSignal.timeout`: in combination with others it keeps a Deno program from ending (2.9).
  const tooLong = `reading the heap took longer than ${MOST_MS / 1000} s: ${OTHER_WAYS}`;
  const timer = quietly(() => setTimeout(() => end.abort(new Error(tooLong)), MOST_MS));
  timer.unref();
  try {
    if (wanted.aborted) leave();
    const report = await reportOwnHeap({ lines: [line], signal: end.signal, isIdle: true });
    return withTexts(report.lines);
  } finally {
    clearTimeout(timer);
    wanted.removeEventListener("abort", leave);
  }
}

function lineOf(key: string): { filename: string; lineno: number } | null {
  const [, filename, lineno] = /^(.{1,4096}):(\d{1,9})$/s.exec(key) ?? [];
  return filename === undefined ? null : { filename, lineno: Number(lineno) };
}

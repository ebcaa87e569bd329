import { isTracing, type Snapshot, takeSnapshot } from "../../mod.ts";
import { deltaProfile } from "../../src/delta.ts";
import { quietly, settleBlocks } from "../../src/tracing.ts";
import { escapeText } from "../../src/vocabulary/escape_text.ts";
import type { CheckedOptions } from "./options.ts";
import { plainResponse, response } from "./responses.ts";

/** Differences that may be waited for at once: each holds a snapshot. */
const MOST_WAITING = 8;
const MOST_SECONDS = 3600;

/** Answers requests for profiles, as Go's net/http/pprof does. */
export type Profiles = (request: Request, url: URL) => Promise<Response>;

/** The profiles of this process. */
export function createProfiles({ labels }: CheckedOptions): Profiles {
  let waiting = 0;
  return async (request, url) => {
    const { searchParams } = url;
    if (!isTracing()) return plainResponse(503, NOT_TRACING);
    const seconds = secondsOf(searchParams.get("seconds"));
    if (Number.isNaN(seconds))
      return plainResponse(400, `tracemalloc: seconds must be a whole number from 0 to ${MOST_SECONDS}\n`);
    if (isOn(searchParams.get("gc"))) await collectOnce();
    if (seconds > 0) {
      if (waiting >= MOST_WAITING)
        return plainResponse(503, "tracemalloc: too many differences are being waited for\n", RETRY);
      waiting++;
      try {
        const old = snapshotWith(labels);
        const isOver = await waitFor(seconds, request.signal);
        if (!isOver) return plainResponse(499, "tracemalloc: the client has gone\n");
        if (!isTracing()) return plainResponse(503, NOT_TRACING);
        return profile(deltaProfile({ old, now: snapshotWith(labels) }));
      } finally {
        waiting--;
      }
    }
    const snapshot = snapshotWith(labels);
    if (isOn(searchParams.get("debug"))) return plainResponse(200, asText(snapshot));
    return profile(snapshot.toBytes());
  };
}

/** Said where there is nothing to show. */
export const NOT_TRACING = "tracemalloc: not tracing: call start(), or set TRACEMALLOC=1\n";
const RETRY = { "retry-after": "10" };

function snapshotWith(labels: Readonly<Record<string, string>>): Snapshot {
  const snapshot = takeSnapshot();
  snapshot.metadata.labels = labels;
  // Whoever scrapes has a timeline of its own, and this one is most of a small profile.
  delete snapshot.metadata.timeline;
  return snapshot;
}

function profile(bytes: Uint8Array): Response {
  return response(200, bytes, {
    "content-type": "application/octet-stream",
    "content-disposition": 'attachment; filename="heap.pb.gz"',
    "content-length": String(bytes.length),
  });
}

/** The lines, largest first, for people with curl. */
function asText(snapshot: Snapshot): string {
  const lines = snapshot.statistics("lineno").slice(0, 100);
  return `${lines.map((line) => escapeText(String(line))).join("\n")}\n`;
}

function isOn(value: string | null): boolean {
  return value !== null && value !== "" && value !== "0";
}

function secondsOf(value: string | null): number {
  if (value === null || value === "") return 0;
  const seconds = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  return seconds <= MOST_SECONDS ? seconds : Number.NaN;
}

let collecting: Promise<void> | null = null;

/** Who asks while a collection is under way gets the same one. */
function collectOnce(): Promise<void> {
  collecting ??= settleBlocks().finally(() => {
    collecting = null;
  });
  return collecting;
}

/** Whether the client has stayed so long. */
function waitFor(seconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const timer = quietly(() => setTimeout(() => end(true), seconds * 1000));
    // A profile that somebody waits for must not keep the program from ending.
    (timer as { unref?: () => void }).unref?.();
    const leave = (): void => end(false);
    function end(isOver: boolean): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
      resolve(isOver);
    }
    quietly(() => signal.addEventListener("abort", leave));
  });
}

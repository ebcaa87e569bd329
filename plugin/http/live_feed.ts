import process from "node:process";
import {
  getTracedMemory,
  getTracemallocMemory,
  isTracing,
  type Snapshot,
  type Statistic,
  type Traceback,
  takeSnapshot,
} from "../../mod.ts";
import { heapToWrite } from "../../src/heap/heap_size.ts";
import { processMemory } from "../../src/host/process_memory.ts";
import { LIMITS } from "../../src/report/html/limits.ts";
import { MARK_RULES } from "../../src/report/html/marks.ts";
import {
  flameModel,
  kindsBetween,
  kindsGrowth,
  kindsOf,
  kindsText,
  marksByLine,
  processOf,
  resourceCounts,
} from "../../src/report/html/report_model.ts";
import { quietly } from "../../src/tracing.ts";
import type { LiveChange, LivePoint, LiveState } from "./live_state.ts";
import type { CheckedOptions } from "./options.ts";
import { plainResponse, response } from "./responses.ts";

/** The events of the page: one snapshot per turn, for however many pages are open. */
export interface LiveFeed {
  /** A stream of server-sent events; 503 when too many pages are open. */
  open(): Response;
  /** Takes what is alive now for what later states are compared with; null: forgets it. */
  mark(isOn: boolean): void;
}

type Client = ReadableStreamDefaultController<Uint8Array>;

const MOST_POINTS = 1200;
const SHOWN_LINES = 50;
const SHOWN_SUSPECTS = 10;
const SHOWN_SOURCES = 20;
/** Sent anew at each turn. */
const FLAME_LIMITS = { ...LIMITS, nodes: 2000, entries: 2000, name: 300 };
/** Of the program's time, snapshots may take this share. */
const SHARE = 1 / 20;
/** What a page may leave unread before it misses turns, and the turns that it may miss. */
const MOST_UNREAD = 4 * 2 ** 20;
const MOST_MISSED = 30;

const encoder = new TextEncoder();

/** The feed of this process. Nothing is done while no page is open. */
export function createLiveFeed({ interval, clients: mostClients }: CheckedOptions): LiveFeed {
  const clients = new Map<Client, { missed: number }>();
  const points: LivePoint[] = [];
  let marked: { snapshot: Snapshot; time: number } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last: Uint8Array | null = null;

  /** When the next snapshot may be taken, for the program's sake. */
  let notBefore = 0;

  function schedule(delay: number): void {
    if (timer !== null) clearTimeout(timer);
    timer = quietly(() => setTimeout(turn, delay));
    (timer as { unref?: () => void }).unref?.();
  }

  function turn(): void {
    timer = null;
    if (clients.size === 0) return;
    refresh();
    schedule(Math.max(interval, notBefore - performance.now()));
  }

  /** Sends the present state to all. */
  function refresh(): void {
    const begin = performance.now();
    last = quietly(() => event(stateOf(points, marked)));
    for (const [client, state] of clients) send(client, state, last);
    const end = performance.now();
    notBefore = end + (end - begin) / SHARE;
  }

  function send(client: Client, state: { missed: number }, data: Uint8Array): void {
    try {
      // A page that does not read misses turns, and is let go in the end: what it has not read is kept here.
      if ((client.desiredSize ?? 0) > 0) {
        client.enqueue(data);
        state.missed = 0;
      } else if (++state.missed > MOST_MISSED) {
        clients.delete(client);
        client.close();
      }
    } catch {
      clients.delete(client);
    }
  }

  return {
    open() {
      if (clients.size >= mostClients)
        return plainResponse(
          503,
          `tracemalloc: ${mostClients} pages are open, which is all that are allowed\n`,
          {
            "retry-after": "10",
          },
        );
      let own: Client | null = null;
      const stream = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            own = controller;
            clients.set(controller, { missed: 0 });
            // The first page wants a state of now, further ones get the one that the others have.
            if (clients.size === 1) schedule(Math.max(0, notBefore - performance.now()));
            else if (last !== null) controller.enqueue(last);
          },
          cancel() {
            clients.delete(own!);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: MOST_UNREAD }),
      );
      return response(200, stream, {
        "content-type": "text/event-stream; charset=utf-8",
        "x-accel-buffering": "no",
      });
    },

    mark(isOn) {
      marked = isOn && isTracing() ? { snapshot: takeSnapshot(), time: Date.now() } : null;
      if (clients.size > 0) refresh();
    },
  };
}

function event(state: LiveState): Uint8Array {
  return encoder.encode(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
}

function stateOf(points: LivePoint[], marked: { snapshot: Snapshot; time: number } | null): LiveState {
  const begin = performance.now();
  const time = Date.now();
  const rss = processMemory()?.rss ?? 0;
  const snapshot = isTracing() ? takeSnapshot() : null;
  const all = snapshot?.statistics("lineno") ?? [];
  // What the lines add up to. `getTracedMemory()` has no strings, and containers as they were when somebody looked last.
  const current = all.reduce((sum, { size }) => sum + size, 0);
  const peak = Math.max(getTracedMemory().peak, current);
  points.push([time, current, rss]);
  // The older half at half the resolution: a page that is open for days still shows them all.
  if (points.length > MOST_POINTS)
    points.splice(0, MOST_POINTS / 2, ...points.slice(0, MOST_POINTS / 2).filter((_, i) => i % 2 === 0));
  const lines = snapshot === null ? { top: [], suspects: [] } : linesOf(snapshot, all);
  const { program = "", runtime = "" } = (snapshot?.metadata ?? {}) as Record<string, string>;
  return {
    isTracing: snapshot !== null,
    time,
    program,
    runtime,
    pid: process.pid,
    current,
    peak,
    tracker: getTracemallocMemory(),
    heap: heapToWrite(),
    process: snapshot === null ? null : processOf(snapshot),
    ...lines,
    rules: MARK_RULES,
    flame: snapshot === null ? null : flameModel(snapshot, FLAME_LIMITS),
    mark:
      marked === null || snapshot === null
        ? null
        : { time: marked.time, changes: changesOf(snapshot, marked.snapshot) },
    points,
    cost: performance.now() - begin,
  };
}

const BY_LINE = { by: "lineno", cumulative: false, domain: undefined } as const;

function linesOf(snapshot: Snapshot, all: readonly Statistic[]): Pick<LiveState, "top" | "suspects"> {
  const marks = marksByLine(snapshot);
  const suspects = all
    .filter(({ key }) => marks.get(key)?.isSuspect === true)
    .slice(0, SHOWN_SUSPECTS)
    .map(({ key, size }) => ({ key, size, texts: marks.get(key)!.texts }));
  const resources = resourceCounts(snapshot, BY_LINE);
  const top = all
    .slice(0, SHOWN_LINES)
    .map(({ key, size, count, allocatedSize, allocatedCount, traceback }, index) => ({
      key,
      size,
      count,
      kinds: resources.has(key) ? kindsText(kindsOf(count, resources.get(key)!)) : "",
      allocatedSize,
      allocatedCount,
      marks: marks.get(key)?.texts ?? [],
      ...placeOf(traceback, index),
    }));
  return { top, suspects };
}

function changesOf(snapshot: Snapshot, before: Snapshot): LiveChange[] {
  const kindsAt = kindsBetween(snapshot, before, BY_LINE);
  return snapshot
    .compareTo(before, "lineno")
    .filter(({ sizeDiff, countDiff }) => sizeDiff !== 0 || countDiff !== 0)
    .slice(0, SHOWN_LINES)
    .map((one, index) => {
      const { key, size, sizeDiff, count, countDiff, traceback } = one;
      const kinds = kindsAt(one) ?? [];
      return {
        ...{ key, size, sizeDiff, count, countDiff },
        kinds: kindsText(kinds),
        kindsDiff: kindsGrowth(kinds),
        ...placeOf(traceback, index),
      };
    });
}

/** What a row shows of its place; reading sources takes its time. */
function placeOf(traceback: Traceback, row: number): { functionName: string; source: string } {
  return {
    functionName: traceback.at(-1)?.functionName ?? "",
    source: row < SHOWN_SOURCES ? sourceOf(traceback) : "",
  };
}

function sourceOf(traceback: Traceback): string {
  return (traceback.format({ limit: 1 })[1] ?? "").trim().slice(0, 200);
}

// Browser compatible.

/**
 * `tracemalloc/browser`: the API for pages. A page loads 1 KiB of it; what records allocations, what watches built-ins
 * and what makes snapshots is fetched when it is wanted. That is why `start` and `takeSnapshot` give promises here.
 *
 * @example
 * ```ts ignore
 * import { collect, downloadSnapshot, start } from "tracemalloc/browser";
 *
 * await start(25);
 * await import("./app.ts");
 * document.querySelector("button")!.onclick = async () => {
 *   await collect();
 *   await downloadSnapshot("leak.pb.gz");
 * };
 * ```
 *
 * @module
 */
import type { Snapshot } from "./snapshot/model/snapshot.ts";
import { loaded } from "./track/calls/file_registry.ts";
import type { StartOptions } from "./vocabulary/start_options.ts";

export type { StartOptions } from "./vocabulary/start_options.ts";

/** Calls of `stop`: one that comes while the recorder is being fetched must not be lost. */
let stops = 0;

/**
 * Starts tracing allocations; while tracing, does nothing. What the page allocates is recorded from when the promise is
 * there: import the application after that.
 *
 * @param options The most frames that a traceback keeps (1 to 65535, default 1), or all options.
 * @returns Rejects with a TypeError or RangeError when an option has the wrong type or is out of range, and when the rest
 *   of the program cannot be fetched.
 */
export async function start(options?: number | StartOptions): Promise<void> {
  const stopsBefore = stops;
  const { startInPage } = await import("./recording/page/start_recording.ts");
  await startInPage(options, () => stops === stopsBefore);
}

/** Stops tracing and drops all traces; does nothing when not tracing. */
export function stop(): void {
  stops++;
  loaded.recording?.stop();
}

/** Whether allocations are being traced. */
export function isTracing(): boolean {
  return loaded.recording?.isTracing() ?? false;
}

/** Bytes of the blocks that are alive, and the most there were at once; zeros when not tracing. */
export function getTracedMemory(): { current: number; peak: number } {
  return loaded.recording?.getTracedMemory() ?? { current: 0, peak: 0 };
}

/** Sets the peak to the current size; does nothing when not tracing. */
export function resetPeak(): void {
  loaded.recording?.resetPeak();
}

/** Drops all traces and goes on tracing. */
export function clearTraces(): void {
  loaded.recording?.clearTraces();
}

/**
 * Settles what is alive: yields to the event loop while finalizers run. Resolves after at most 12 rounds. Pages
 * cannot force a collection, unless the browser was started to let them (`--js-flags=--expose-gc`).
 */
export async function collect(): Promise<void> {
  if (!isTracing()) return;
  const extras = await import("./recording/page/extras.ts");
  await extras.collect();
}

/**
 * A snapshot of the traces of all live blocks, as `takeSnapshot` of `tracemalloc` gives it. It is taken when what makes
 * snapshots is there.
 *
 * @returns Rejects when not tracing.
 */
export async function takeSnapshot(options?: { at?: "now" | "peak" }): Promise<Snapshot> {
  const tracing = await import("./tracing.ts");
  return tracing.whenKnown(options);
}

/**
 * The bytes of a snapshot of all live blocks: `(await takeSnapshot()).toBytes()`, without what else a snapshot can do,
 * which is a third as much to fetch.
 *
 * @returns Rejects when not tracing.
 */
export async function snapshotBytes(): Promise<Uint8Array> {
  const { recordedBytes } = await import("./snapshot/take/recorded.ts");
  return recordedBytes();
}

/**
 * Has the browser download a snapshot, as `snapshot.dump()` writes it.
 *
 * @param filename The name that the browser proposes. Default `snapshot.pb.gz`.
 * @param snapshot Default: one taken now.
 * @returns Resolves when the download has begun. Rejects when there is no page, or no snapshot is given and nothing is
 *   traced.
 */
export async function downloadSnapshot(
  filename: string = "snapshot.pb.gz",
  snapshot?: { toBytes(): Uint8Array },
): Promise<void> {
  const extras = await import("./recording/page/extras.ts");
  await extras.download(filename, async () => snapshot?.toBytes() ?? (await snapshotBytes()));
}

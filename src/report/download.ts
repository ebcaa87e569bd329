// Browser compatible.

/**
 * `tracemalloc/browser`: what only a page needs.
 *
 * @module
 */
import { describe } from "../start_options.ts";
import { snapshotBytes } from "../tracing.ts";

export { snapshotBytes } from "../tracing.ts";

/** What is used of the DOM. Written out here because the core is checked without its types, too. */
interface Page {
  document?: { createElement(name: "a"): { href: string; download: string; click(): void } };
  URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
  Blob: new (parts: Uint8Array[], options: { type: string }) => object;
  setTimeout(run: () => void, ms: number): unknown;
}

/** Long enough for a browser that asks where to put the file. */
const KEEP_MS = 60_000;

/**
 * Has the browser download a snapshot, as `snapshot.dump()` writes it.
 *
 * @param filename The name that the browser proposes. Default `snapshot.pb.gz`.
 * @param snapshot Default: one taken now.
 * @throws {Error} when there is no page, or no snapshot is given and nothing is traced.
 * @example
 * ```ts ignore
 * import { start } from "tracemalloc";
 * import { downloadSnapshot } from "tracemalloc/browser";
 *
 * start(25);
 * document.querySelector("button")!.onclick = () => downloadSnapshot("leak.pb.gz");
 * ```
 */
export function downloadSnapshot(
  filename: string = "snapshot.pb.gz",
  snapshot: { toBytes(): Uint8Array } = { toBytes: snapshotBytes },
): void {
  if (typeof filename !== "string")
    throw new TypeError(`downloadSnapshot: filename must be a string, got ${describe(filename)}`);
  const { document, URL, Blob, setTimeout } = globalThis as unknown as Page;
  if (document === undefined)
    throw new Error("downloadSnapshot: there is no page here; use snapshot.dump() or snapshot.toBytes()");
  const url = URL.createObjectURL(new Blob([snapshot.toBytes()], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}

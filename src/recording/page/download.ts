// Browser compatible.

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
 * Has the browser download bytes.
 *
 * @param bytesOf Asked once it is known that they can be downloaded.
 */
export async function download(filename: string, bytesOf: () => Promise<Uint8Array>): Promise<void> {
  if (typeof filename !== "string")
    throw new TypeError(
      `downloadSnapshot: filename must be a string, got a value of type ${typeof filename}`,
    );
  const { document, URL, Blob, setTimeout } = globalThis as unknown as Page;
  if (document === undefined)
    throw new Error("downloadSnapshot: there is no page here; use snapshot.dump() or snapshot.toBytes()");
  const bytes = await bytesOf();
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}

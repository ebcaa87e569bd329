// Browser compatible.
// What Vite's development server has the page load: it sends a snapshot whenever the live page is looked at.
import { collect, isTracing, snapshotBytes } from "../../src/browser.ts";

interface Hot {
  on(event: string, listener: (data: { id: number }) => void): void;
}

// Vite gives this to modules whose text has `import.meta.hot` in it.
(import.meta as unknown as { hot?: Hot }).hot?.on("tracemalloc:ask", ({ id }) => void answer(id));

async function answer(id: number): Promise<void> {
  if (!isTracing()) {
    await post(`/__tracemalloc/not-tracing?id=${id}`, new Uint8Array());
    return;
  }
  await collect();
  if (isTracing()) await post(`/__tracemalloc/snapshot?id=${id}`, await snapshotBytes());
}

async function post(path: string, body: Uint8Array): Promise<void> {
  // Nobody waits for the answer; a server that is gone has nobody looking at its page either.
  await fetch(path, { method: "POST", body: body as Uint8Array<ArrayBuffer> }).catch(() => {});
}

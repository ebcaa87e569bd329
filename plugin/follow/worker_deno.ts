// Deno 2.9 runs no preload in workers: they start here (see `follow_workers.ts`), and go on to the program's own module.
import { fileURLToPath } from "node:url";
import { WORKER_NUMBER } from "../../src/host/thread.ts";
import { holdMessages } from "./hold_messages.ts";

const { searchParams } = new URL(import.meta.url);
const entry = searchParams.get("entry")!;
const number = searchParams.get("number");

if (number !== null) {
  (globalThis as { [WORKER_NUMBER]?: number })[WORKER_NUMBER] = Number(number);
  // As far as a program can see without its module being the first one: `import.meta.main` is false.
  Object.defineProperty(globalThis, "location", { value: new URL(entry), configurable: true });
} else if (entry.startsWith("file:")) process.argv[1] = fileURLToPath(entry);

const release = holdMessages();
// One after the other: what the entry imports has to be loaded through the hooks.
await import("../register_node.ts");
await import(entry);
release();

// Deno 2.9 runs no preload in workers: they start here (see `follow_workers.ts`), and go on to the program's own module.
import { fileURLToPath } from "node:url";
import { WORKER_NUMBER } from "../../src/host/thread.ts";
import { START } from "../control/worker_channel.ts";
import { holdMessages } from "./hold_messages.ts";

const { searchParams } = new URL(import.meta.url);
const entry = searchParams.get("entry")!;
const number = searchParams.get("number");
const start = searchParams.get("start");

if (number !== null) {
  (globalThis as { [WORKER_NUMBER]?: number })[WORKER_NUMBER] = Number(number);
  // As far as a program can see without its module being the first one: `import.meta.main` is false.
  Object.defineProperty(globalThis, "location", { value: new URL(entry), configurable: true });
} else if (entry.startsWith("file:")) process.argv[1] = fileURLToPath(entry);

if (start !== null) (globalThis as { [START]?: unknown })[START] = JSON.parse(start);

const release = holdMessages();
// One after the other: what the entry imports has to be loaded through the hooks.
await import("../register_node.ts");
await import(entry);
release();

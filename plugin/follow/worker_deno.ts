// Deno 2.9 runs no preload in workers: they start here (see `follow_workers.ts`), and go on to the program's own module.
import { fileURLToPath } from "node:url";
import { WORKER_NUMBER } from "../../src/host/thread.ts";
import { START } from "../preload/thread.ts";
import { holdMessages } from "./hold_messages.ts";

const host = globalThis as { location?: { readonly href: string }; [WORKER_NUMBER]?: number };
// Deno 2.9 takes the query from `import.meta.url` where a module lies in a folder `node_modules`.
const { searchParams } = new URL(host.location!.href);
const entry = searchParams.get("entry")!;
const number = searchParams.get("number");
const start = searchParams.get("start");

// As far as a program can see without its module being the first one: `import.meta.main` is false.
Object.defineProperty(globalThis, "location", { value: new URL(entry), configurable: true });
if (number !== null) host[WORKER_NUMBER] = Number(number);
else if (entry.startsWith("file:")) process.argv[1] = fileURLToPath(entry);

if (start !== null) (globalThis as { [START]?: unknown })[START] = JSON.parse(start);

const release = holdMessages();
// One after the other: what the entry imports has to be loaded through the hooks.
await import("../register_node.ts");
await import(entry);
release();

// Programs that run out of memory, each in its own way; the line that the dump must name bears a comment.
import { existsSync } from "node:fs";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { type Host, Project } from "./host.ts";

const ENDLESS = "for (let i = 0; ; i++)";

/** By what they leak. */
export const LEAKS: Readonly<Record<string, string>> = {
  "strings in a Map, from a timer": `const kept = new Map(); // named
let n = 0;
setInterval(() => { for (let i = 0; i < 2000; i++) kept.set("key " + n++, ${'`value ${n} ${"x".repeat(50)}`'}); }, 1);`,
  "a Map filled in one job": `const kept = new Map(); // named
${ENDLESS} kept.set(i, i);`,
  "numbers pushed to an array": `const kept = []; // named
${ENDLESS} kept.push(i + 0.5);`,
  "keys added to an object": `const kept = {}; // named
${ENDLESS} kept["k" + i] = i;`,
  "large arrays": `const kept = [];
${ENDLESS} kept.push(new Array(1e5).fill(i)); // named`,
  objects: `const kept = [];
${ENDLESS} kept.push({ i }); // named`,
  closures: `const kept = [];
${ENDLESS} kept.push(() => i); // named`,
  listeners: `import { EventEmitter } from "node:events";
const bus = new EventEmitter();
bus.setMaxListeners(0);
${ENDLESS} bus.on("x" + (i % 100), () => i); // named`,
  buffers: `const kept = [];
setInterval(() => { for (let i = 0; i < 500; i++) kept.push(Buffer.from("x".repeat(100) + i)); }, 1); // named`,
  // Strings count where they are held.
  "strings concatenated": `const kept = []; // named
let text = "";
${ENDLESS} { text += "line " + i; if (i % 100 === 0) { kept.push(text); text = ""; } }`,
  promises: `const kept = [];
${ENDLESS} kept.push(new Promise(() => {})); // named`,
  // Functions with a context of their own: V8's debugger cannot pause at their entry.
  "closures of a recursion": `const kept = [];
function tree(depth) {
  const left = depth ? tree(depth - 1) : null;
  const right = depth ? tree(depth - 1) : null;
  return () => [left, right]; // named
}
${ENDLESS} kept.push(tree(6));`,
};

/** Most of what is made is garbage, and no finalizer runs in the job. */
export const AMID_GARBAGE = `const kept = [];
function rows(i) { return Array.from({ length: 300 }, (_, j) => ({ i, j })); }
${ENDLESS} kept.push({ i, sums: new Array(rows(i).length / 10).fill(0.5) }); // named`;

/** Nothing that is counted is allocated while these leak: nothing of ours is called. */
export const QUIET: readonly string[] = ["a Map filled in one job", "numbers pushed to an array"];

/** Runs a leak until the heap is full, and looks at what its dump names first. */
export async function runOutOfMemory(host: Host, leak: string, megabytes: number): Promise<void> {
  return runProgramOutOfMemory(host, LEAKS[leak]!, megabytes);
}

/** The same for a program's text. */
export async function runProgramOutOfMemory(host: Host, text: string, megabytes: number): Promise<void> {
  using project = new Project({ "main.mjs": text });
  const flag = `--max-old-space-size=${megabytes}`;
  const env = {
    TRACEMALLOC: "25",
    TRACEMALLOC_SAMPLING: "adaptive",
    TRACEMALLOC_OUT: "app.pb.gz",
    ...(host === "node" ? { NODE_OPTIONS: flag } : { DENO_V8_FLAGS: flag }),
  };
  const result = await project.run(host, "main.mjs", { env, timeout: 300_000 });
  assert(result.signal !== null || result.code !== 0, "it was to run out of memory");
  assert(/out of memory|heap limit|table size/i.test(result.stderr), result.stderr.slice(0, 400));
  assert(existsSync(project.path("app.pb.gz")), `there is no dump: ${result.stderr.slice(0, 400)}`);
  const [top] = Snapshot.load(project.path("app.pb.gz")).statistics("lineno");
  const named = text.split("\n").findIndex((line) => line.includes("// named")) + 1;
  assertEquals(top?.traceback.at(-1)?.lineno, named);
  assert(top.size > megabytes * 2 ** 20 * 0.05, `${top.size} bytes`);
}

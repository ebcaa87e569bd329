// Small servers for `tracemalloc hunt`: leaks of the kinds that published packages have had, and what only looks like one.

import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { withFolder } from "./tracemalloc.ts";

/** A port that nobody has at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** A server whose answer is what `work(n)` gives; `top` stands before it. */
export function serverOf(top: string, work: string): string {
  return `import { createServer } from "node:http";
${top}
let n = 0;
createServer(async (request, response) => {
  const result = await work(n++, request, response);
  response.end(JSON.stringify({ result: String(result), parts: request.url.split("/") }));
}).listen(Number(process.argv[2]), "127.0.0.1");
async function work(n, request, response) {
  ${work}
}
`;
}

/** Calls `use` in a folder with these files, in folders of their own where their names have some. */
export function withFiles(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => void | Promise<void>,
): Promise<void> {
  return withFolder({}, async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    await use(folder);
  });
}

const esm = (name: string, code: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: `{"name":"${name}","type":"module","exports":"./index.js"}`,
  [`node_modules/${name}/index.js`]: code,
});

/** A leak, and the line that is to be named: the end of its file's name, and a text of the line. */
export interface LeakCase {
  readonly files: Readonly<Record<string, string>>;
  readonly culprit: readonly [file: string, text: string];
  /** What must stand on the way to it, where the heap is known. */
  readonly holder: RegExp;
}

export const LEAKS: Readonly<Record<string, LeakCase>> = {
  // As debug 4.1: each logger is kept in a list, to be switched on later.
  "a registry of instances in a dependency": {
    files: {
      "server.mjs": serverOf(
        `import { createLogger } from "loggers";`,
        "const log = createLogger(`request ${n}`); log.note(request.url); return n;",
      ),
      ...esm(
        "loggers",
        `const instances = [];
export function createLogger(name) {
  const logger = { name, notes: 0, note(text) { logger.notes += text.length; } };
  instances.push(logger);
  return logger;
}
`,
      ),
    },
    culprit: ["node_modules/loggers/index.js", "const logger ="],
    holder: /\.instances Array \{.*loggers\/index\.js:1 /,
  },
  // As p-map 7.0.2: a listener on a signal that outlives all calls.
  "listeners of a signal that lives on": {
    files: {
      "server.mjs": serverOf(
        `import { run } from "tasks";
const shutdown = new AbortController();`,
        "return await run([1, 2, 3], async (one) => one + n, { signal: shutdown.signal });",
      ),
      ...esm(
        "tasks",
        `export async function run(list, map, { signal }) {
  const results = [];
  signal.addEventListener("abort", () => { results.length = 0; });
  for (const one of list) results.push(await map(one));
  return results.length;
}
`,
      ),
    },
    culprit: ["node_modules/tasks/index.js", "signal.addEventListener"],
    holder: /AbortSignal/,
  },
  // As i18next-http-backend 2.6: a timer for each instance, that nobody clears.
  "timers that nobody clears": {
    files: {
      "server.mjs": serverOf(
        `class Backend {
  constructor(options) {
    this.options = options;
    this.rules = { one: [options.lng], other: [] };
    setInterval(() => this.reload(), 3_600_000).unref();
  }
  reload() { this.rules.other.push(1); }
}`,
        "const backend = new Backend({ lng: 'en' + n }); return backend.rules.one.length;",
      ),
    },
    culprit: ["server.mjs", "setInterval("],
    holder: /held by a timer that repeats\n/,
  },
  // As graphql-tag 2.12: documents by their text, which has the values of the request in it.
  "a cache by texts that are never the same": {
    files: {
      "server.mjs": serverOf(
        `import { gql } from "documents";`,
        "return gql(`query { user(id: ${n}) { name } }`).definitions.length;",
      ),
      ...esm(
        "documents",
        `const docCache = new Map();
export function gql(text) {
  if (docCache.has(text)) return docCache.get(text);
  const document = { kind: "Document", definitions: text.split(" ").map((word) => ({ word })) };
  docCache.set(text, document);
  return document;
}
`,
      ),
    },
    culprit: ["node_modules/documents/index.js", "const document ="],
    holder: /\.docCache Map \{.*documents\/index\.js:1 /,
  },
};

/** Where the work is done by others than the program's first thread: what they keep is on the second line. */
export const ELSEWHERE: Readonly<Record<"worker" | "cluster", string>> = {
  worker: `import { createServer } from "node:http"; import { isMainThread, parentPort, Worker } from "node:worker_threads"; const kept = [];
function answer({ id, url }) { kept.push({ url }); parentPort.postMessage({ id, url }); }
if (!isMainThread) parentPort.on("message", answer);
else {
  const worker = new Worker(new URL(import.meta.url));
  const waiting = new Map();
  let last = 0;
  worker.on("message", ({ id, url }) => { waiting.get(id).end(url); waiting.delete(id); });
  const server = createServer((request, response) => { waiting.set(++last, response); worker.postMessage({ id: last, url: request.url }); });
  server.listen(Number(process.argv[2]), "127.0.0.1");
}
`,
  cluster: `import cluster from "node:cluster"; import { createServer } from "node:http"; const kept = [];
function answer(request, response) { kept.push({ url: request.url }); response.end("x"); }
if (cluster.isPrimary) { cluster.fork(); cluster.fork(); } else createServer(answer).listen(Number(process.argv[2]), "127.0.0.1");
`,
};

/** A server that keeps what was asked for last, `bound` answers; each request asks for something else. */
export function cacheOf(bound: number): string {
  return serverOf(
    `class RecentlyUsed {
  entries = new Map();
  get(key, make) {
    const found = this.entries.get(key) ?? make(key);
    this.entries.delete(key);
    this.entries.set(key, found);
    if (this.entries.size > ${bound}) this.entries.delete(this.entries.keys().next().value);
    return found;
  }
}
const cache = new RecentlyUsed();`,
    "return cache.get(n, (key) => ({ key, at: [key] })).key;",
  );
}

/** Programs that only look as if they leaked, for a while. */
export const SOUND: Readonly<Record<string, string>> = {
  "a cache of 500 entries": cacheOf(500),
  "a cache of 5,000 entries": cacheOf(5000),
  "a cache of 20,000 entries": cacheOf(20_000),
  "a cache that fills up to its bound": serverOf(
    "const cache = new Map();",
    `cache.set(n, { n, at: [n] });
  if (cache.size > 100) cache.delete(cache.keys().next().value);
  return cache.size;`,
  ),
  "timers that run soon": serverOf(
    "",
    "const page = { n }; setTimeout(() => { page.n++; }, 1200).unref(); return n;",
  ),
  "much garbage, and things that are made when they are first needed": serverOf(
    "let table; const seen = new Set();",
    `if (n === 90) table = Array.from({ length: 5000 }, (_, id) => ({ id, on: () => id }));
  seen.add(n % 50);
  return JSON.parse(JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, words: ["a" + n, "b" + id] })))).length + (table?.length ?? 0);`,
  ),
};

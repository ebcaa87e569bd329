// How much of what an Express server adds to its heap under load has a line. The rest is printed by kind.
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import type { HeapReportData } from "../../src/heap/heap_report.ts";
import { engines, Project, root, whoami } from "../hosts/host.ts";

const REQUESTS = 2000;

/** Keeps sessions, pages, uploads, and listeners that hold requests and answers; four ways in which servers grow. */
const SERVER = `import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import express from "express";
import { takeHeapReport } from "tracemalloc/heap";
${whoami}
const app = express();
const sessions = new Map(), pages = new Map(), uploads = [], ticks = new EventEmitter().setMaxListeners(0);
app.use(express.json());
app.use((request, response, next) => {
  response.setHeader("x-id", createHash("sha1").update(request.url).digest("hex"));
  next();
});
app.post("/login/:user", (request, response) => {
  const { params: { user }, query, body } = request;
  sessions.set(user, { user, since: new Date(), cart: [], query, body });
  response.json({ count: sessions.size });
});
app.get("/page/:id", ({ url, params: { id } }, response) => {
  const rows = Array.from({ length: 30 }, (_, i) => ({ i, text: \`row \${i} of \${id}\` }));
  if (!pages.has(url)) pages.set(url, JSON.stringify({ id, rows }));
  response.type("json").send(pages.get(url));
});
app.get("/watch/:id", (request, response) => {
  ticks.on("tick", (id) => { if (id === request.params.id) response.locals.seen = true; });
  response.json({ watching: request.params.id });
});
app.get("/upload/:id", (_, response) => {
  uploads.push({ at: Date.now(), bytes: Buffer.alloc(2000, 1), copy: Uint8Array.from([1, 2, 3]) });
  response.json({ ok: true });
});
app.get("/report", async (_, response) => {
  console.log("report:" + JSON.stringify(await takeHeapReport({ limit: 3, pathsPerLine: 0 })));
  response.end();
});
const server = app.listen(0, "127.0.0.1", () => {
  const env = { PATH: process.env.PATH, PORT: String(server.address().port) };
  const client = spawn(process.env.CLIENT, ["client.mjs"], { env, stdio: "inherit" });
  client.on("exit", (code) => process.exit(code));
});
`;

const CLIENT = `import { Agent, request } from "node:http";
const agent = new Agent({ keepAlive: true, maxSockets: 20 });
const ask = (method, path, body) => new Promise((resolve, reject) => {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const asked = request({ port: process.env.PORT, host: "127.0.0.1", method, path, agent, headers }, (answer) => {
    if (answer.statusCode !== 200) reject(new Error(path + ": " + answer.statusCode));
    answer.resume().on("end", resolve);
  });
  asked.on("error", reject).end(body);
});
const ASKED = [
  (i) => ask("POST", "/login/user" + i + "?from=" + i, JSON.stringify({ name: "n" + i, tags: ["a", "b"] })),
  (i) => ask("GET", "/page/" + i),
  (i) => ask("GET", "/watch/" + i),
  (i) => ask("GET", "/upload/" + i),
];
let sent = 0;
async function load(count) {
  const end = sent + count;
  const one = async () => { while (sent < end) { const i = sent++; await ASKED[i % 4](i); } };
  await Promise.all(Array.from({ length: 20 }, one));
}
// By then caches are warm, and what is busy is compiled. The second report is the first one whose own traces are there.
await load(800);
await ask("GET", "/report");
await ask("GET", "/report");
await load(${REQUESTS});
await ask("GET", "/report");
`;

const sizeOf = (report: HeapReportData, kind: string): number =>
  report.otherKinds.find((other) => other.kind === kind)?.size ?? 0;

for (const { name, host, program } of engines) {
  // Under any load hook, Deno 2.9 finds no relative import of an ES module that is required, of which Express has one (async-function).
  if (host !== "node") continue;
  for (const sampling of ["exact", "adaptive"])
    test(`${name}: 80 % of what an Express server adds under load has a line, in ${sampling} mode`, {
      skip: program === null && "not installed",
    }, async () => {
      using project = new Project({ "package.json": "{}", "main.mjs": SERVER, "client.mjs": CLIENT });
      symlinkSync(join(root, "node_modules/express"), project.path("node_modules/express"), "dir");
      const env = {
        TRACEMALLOC: "5",
        TRACEMALLOC_SAMPLING: sampling,
        CLIENT: join(root, "node_modules/.bin/node"),
      };
      const result = await project.run(host, "main.mjs", { env, program: program!, timeout: 180_000 });
      assertEquals(result.code, 0, result.stderr);
      const [, before, after] = [...result.stdout.matchAll(/^report:(.*)$/gm)].map(
        ([, json]) => JSON.parse(json!) as HeapReportData,
      );
      // Of the server's own memory: what the tracker needs is none of it.
      const ownSize = (report: HeapReportData): number =>
        report.totals.heapSize - sizeOf(report, "the tracker itself");
      const withLine = ({ totals }: HeapReportData): number => totals.attributedSize + totals.engineSize;
      const added = ownSize(after!) - ownSize(before!);
      const share = (withLine(after!) - withLine(before!)) / added;
      const rest = after!.otherKinds
        .map(({ kind, size }) => [kind, size - sizeOf(before!, kind)] as const)
        .sort(([, a], [, b]) => b - a);
      const text = `${Math.round(added / REQUESTS)} bytes a request, ${(share * 100).toFixed(1)} % with a line; ${rest
        .slice(0, 5)
        .map(([kind, size]) => `${kind} ${size}`)
        .join(", ")}`;
      console.log(`${name}, ${sampling}: ${text}`);
      // Each of the four ways keeps at least 500 bytes of each of its requests.
      assert(added > REQUESTS * 500, text);
      assert(share > 0.8 && share < 1.1, text);
    });
}

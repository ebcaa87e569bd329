// Timers and listeners of event targets in pages: on the line that asks, until they have run, been cleared, removed, called once or aborted.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { build } from "esbuild";
import { Project } from "../hosts/host.ts";
import { plugin } from "../integrations/app.ts";
import { inFirefox, launchChromium, skipWithout } from "./browsers.ts";

const MAIN = `import { start, stop, takeSnapshot } from "tracemalloc/browser";
const own = [setTimeout, EventTarget.prototype.addEventListener];
globalThis.ownTimeout = setTimeout.bind(globalThis);
const send = (what) => fetch("/result", { method: "POST", body: JSON.stringify(what) });
addEventListener("error", ({ message }) => void send({ message }));
addEventListener("unhandledrejection", ({ reason }) => void send({ message: String(reason) }));
await start(5);
const app = await import("./app.ts");
const counts = async () => {
  const found = {};
  for (const { domain, traceback } of (await takeSnapshot()).traces) {
    const place = domain + ":" + traceback.at(-1).lineno;
    if (domain > 2) found[place] = (found[place] ?? 0) + 1;
  }
  return Object.entries(found).map(([place, count]) => place + "=" + count).sort().join(" ");
};
const results = await app.run(counts);
stop();
results.push(String(own[0] === setTimeout && own[1] === EventTarget.prototype.addEventListener));
await send(results);
`;

const APP = `export async function run(counts) {
  const results = [];
  await counts(); // what takes snapshots has been fetched then
  const note = async () => results.push(await counts());
  const wait = (ms) => new Promise((resolve) => { ownTimeout(resolve, ms); });
  let stack = "";
  const timer = setTimeout(() => {}, 1e6);
  setTimeout("globalThis.ran = true", 1);
  setTimeout(function (a, b) { stack = new Error().stack; results.push([typeof this, a, b, arguments.length].join()); }, 400, "a", "b");
  const interval = setInterval(() => {}, 1e6);
  const target = new EventTarget(); const calls = []; const listener = () => calls.push("called");
  target.addEventListener("a", listener);
  target.addEventListener("a", listener, true);
  target.addEventListener("b", listener, { once: true });
  const leave = new AbortController();
  document.addEventListener("click", listener, { signal: leave.signal });
  addEventListener("resize", listener);
  await note();
  while (results.length < 2) await wait(50);
  results.push(String(/Proxy|page_timers|track/.test(stack)), String(globalThis.ran));
  clearTimeout(timer); clearInterval(interval);
  target.dispatchEvent(new Event("b")); target.dispatchEvent(new Event("b"));
  target.removeEventListener("a", listener, true);
  leave.abort(); document.dispatchEvent(new Event("click"));
  removeEventListener("resize", listener);
  results.push(calls.join());
  await note();
  const many = [];
  for (let i = 0; i < 100_000; i++) many.push(setTimeout(() => {}, 1e6));
  for (let i = 0; i < 100_000; i++) target.addEventListener("n" + i, () => {});
  await note();
  for (const each of many) clearTimeout(each);
  await note();
  try { target.addEventListener("a", 5); } catch (error) { results.push(error.name); }
  return results;
}
const ownTimeout = globalThis.ownTimeout;
`;

const EXPECTED = [
  "3:10=1 3:7=1 3:9=1 4:12=1 4:13=1 4:14=1 4:16=1 4:17=1",
  "object,a,b,2",
  "false",
  "true",
  "called",
  "4:12=1",
  "3:29=100000 4:12=1 4:30=100000",
  "4:12=1 4:30=100000",
  "TypeError",
  "true",
];

/** A server of the page, and what the page sends. */
async function served(): Promise<{ url: string; answer: Promise<unknown> } & AsyncDisposable> {
  const project = new Project({ "main.js": MAIN, "app.ts": APP });
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/esbuild.ts")>("esbuild");
  const outdir = project.path("out");
  await build({
    ...{ entryPoints: [project.path("main.js")], outdir, bundle: true, splitting: true, format: "esm" },
    ...{ plugins: [tracemalloc()], logLevel: "error" },
  });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://localhost");
    if (pathname.endsWith(".js"))
      response
        .writeHead(200, { "content-type": "text/javascript" })
        .end(readFileSync(join(outdir, pathname)));
    else if (request.method === "POST") {
      let body = "";
      request.setEncoding("utf8").on("data", (part) => (body += part));
      request.on("end", () => resolve(JSON.parse(body)));
      response.end();
    } else {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<!doctype html><title>page</title><script type="module" src="main.js"></script>`);
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/`,
    answer: promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      project[Symbol.dispose]();
    },
  };
}

test("Chromium: timers and listeners by line", { skip: skipWithout("chromium") }, async () => {
  await using page = await served();
  const browser = await launchChromium();
  try {
    await (await browser.newPage()).goto(page.url);
    assertEquals(await page.answer, EXPECTED);
  } finally {
    await browser.close();
  }
});

test("Firefox: timers and listeners by line", { skip: skipWithout("firefox") }, async () => {
  await using page = await served();
  await inFirefox(page.url, async () => assertEquals(await page.answer, EXPECTED));
});

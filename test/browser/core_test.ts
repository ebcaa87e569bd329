// The tracker in real browsers: a bundled page takes a snapshot and sends it to a server on this machine.
import { readFileSync, realpathSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { build } from "esbuild";
import { Snapshot } from "../../mod.ts";
import { Project } from "../hosts/host.ts";
import { plugin } from "../integrations/app.ts";
import { type BrowserName, inFirefox, launchChromium, skipWithout } from "./browsers.ts";

const MAIN = `import { collect, getObjectTraceback, getTracedMemory, start, takeSnapshot } from "tracemalloc";
import { downloadSnapshot } from "tracemalloc/browser";
import { Store } from "./store.ts";

addEventListener("error", ({ message }) => void fetch("/error", { method: "POST", body: message }));
addEventListener("unhandledrejection", ({ reason }) => void fetch("/error", { method: "POST", body: String(reason) }));
start(5);
const store = new Store();
store.fill(2000);
const buffer = new Uint8Array(100_000);
await collect();
const snapshot = takeSnapshot();
const where = getObjectTraceback(store.rows[7]!);
const { current } = getTracedMemory();
Object.assign(globalThis, { buffer, download: () => downloadSnapshot("page.pb.gz") });
const facts = new URLSearchParams({ where: String(where!.at(-1)), current: String(current) });
await fetch("/result?" + facts, { method: "POST", body: snapshot.toBytes() });
`;
/** The same by `tracemalloc/browser`, which fetches what it needs. */
const LEAN_MAIN = `import { collect, downloadSnapshot, getTracedMemory, isTracing, snapshotBytes, start, stop, takeSnapshot } from "tracemalloc/browser";

addEventListener("error", ({ message }) => void fetch("/error", { method: "POST", body: message }));
addEventListener("unhandledrejection", ({ reason }) => void fetch("/error", { method: "POST", body: String(reason) }));
const own = performance.getEntriesByType("resource").length;
await start(5);
const { Store } = await import("./store.ts");
const store = new Store();
store.fill(2000);
const buffer = new Uint8Array(100_000);
const parsed = JSON.parse("[" + "{},".repeat(499) + "{}]");
await collect();
const { current } = getTracedMemory();
const where = (await takeSnapshot()).statistics("lineno").find(({ count }) => count >= 2000)!.traceback;
Object.assign(globalThis, { buffer, parsed, stopped: () => (stop(), isTracing()), download: () => downloadSnapshot("page.pb.gz") });
const facts = new URLSearchParams({ where: String(where), current: String(current), own: String(own) });
await fetch("/result?" + facts, { method: "POST", body: await snapshotBytes() });
`;
const STORE = `export class Store {
  readonly rows: object[] = [];
  fill(count: number): void {
    for (let id = 0; id < count; id++)
      this.rows.push({ id, name: String(id) });
  }
}
`;

interface Answer {
  facts: URLSearchParams;
  snapshot: Snapshot;
}

/** The page, and what it sends. */
class Page implements AsyncDisposable {
  readonly project: Project;
  readonly home: string;
  /** Scripts that the browser asked for, in that order. */
  readonly scripts: string[] = [];
  readonly answer: Promise<Answer>;
  readonly #server: Server;

  constructor(main: string = MAIN) {
    this.project = new Project({ "main.ts": main, "store.ts": STORE });
    this.home = realpathSync(this.project.folder);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.answer = promise;
    this.#server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, "http://localhost");
      if (pathname.endsWith(".js")) {
        this.scripts.push(pathname);
        response
          .writeHead(200, { "content-type": "text/javascript" })
          .end(readFileSync(join(this.home, "out", pathname)));
      } else if (request.method === "POST") {
        body(request)
          .then((bytes) => {
            if (pathname === "/error") throw new Error(`the page: ${bytes.toString()}`);
            resolve({ facts: searchParams, snapshot: Snapshot.fromBytes(bytes) });
          })
          .catch(reject);
        response.end();
      } else {
        response.writeHead(200, { "content-type": "text/html" });
        response.end(`<!doctype html><title>page</title><script type="module" src="main.js"></script>`);
      }
    });
  }

  async serve(): Promise<string> {
    const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/esbuild.ts")>("esbuild");
    await build({
      ...{ entryPoints: [join(this.home, "main.ts")], outdir: join(this.home, "out"), bundle: true },
      splitting: true,
      ...{ format: "esm", minify: true, plugins: [tracemalloc()], logLevel: "error" },
    });
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/`;
  }

  async check(engine: string): Promise<Answer> {
    const { facts, snapshot } = await this.answer;
    assertEquals(facts.get("where"), `${this.home}/store.ts:5`);
    assert(Number(facts.get("current")) > 100_000 + 2000 * 16, `${facts.get("current")} bytes`);
    assertEquals(snapshot.metadata.engine, engine);
    const lines = snapshot.statistics("lineno");
    const rows = lines.find(({ traceback }) => String(traceback) === `${this.home}/store.ts:5`);
    assert(rows !== undefined && rows.count >= 2000 && rows.count <= 4000, `${rows?.count} rows`);
    const path = snapshot.statistics("traceback").find(({ count }) => count >= 2000)!.traceback;
    assertEquals(
      [...path].map(({ functionName, lineno }) => `${functionName}:${lineno}`),
      ["<module>:9", "Store.fill:5"],
    );
    const external = [...snapshot.traces].filter(({ domain }) => domain === 1);
    assertEquals(
      external.map(({ size }) => size),
      [100_000],
    );
    return { facts, snapshot };
  }

  /** What holds for the page that fetches what it needs. */
  async checkLean(engine: string): Promise<void> {
    const { facts, snapshot } = await this.check(engine);
    // What was there before the start had been asked for: nothing that records.
    const first = this.scripts.slice(0, Number(facts.get("own")));
    const texts = first.map((name) => readFileSync(join(this.home, "out", name), "utf8"));
    assert(first.length > 0 && texts.some((text) => text.includes("tracemalloc")), `${first}`);
    assert(!texts.some((text) => text.includes("new FinalizationRegistry")), `${first} record already`);
    const parsed = snapshot
      .statistics("lineno")
      .find(({ traceback }) => String(traceback).endsWith("main.ts:11"));
    assert(parsed !== undefined && parsed.count >= 501, `built-ins: ${parsed}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.project[Symbol.dispose]();
  }
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const skip = (name: BrowserName): { skip: string | false } => ({ skip: skipWithout(name) });

test("Chromium: snapshot, traceback, figures, and a download", skip("chromium"), async () => {
  await using page = new Page();
  const url = await page.serve();
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(url);
    await page.check("v8-compressed");
    const [download] = await Promise.all([tab.waitForEvent("download"), tab.evaluate("download()")]);
    assertEquals(download.suggestedFilename(), "page.pb.gz");
    const loaded = Snapshot.load(await download.path());
    assert(
      loaded.statistics("lineno").some(({ traceback }) => String(traceback) === `${page.home}/store.ts:5`),
    );
  } finally {
    await browser.close();
  }
});

test("Chromium: the same by tracemalloc/browser", skip("chromium"), async () => {
  await using page = new Page(LEAN_MAIN);
  const url = await page.serve();
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(url);
    await page.checkLean("v8-compressed");
    const [download] = await Promise.all([tab.waitForEvent("download"), tab.evaluate("download()")]);
    assertEquals(download.suggestedFilename(), "page.pb.gz");
    assert(Snapshot.load(await download.path()).traces.length >= 2000);
    assertEquals(await tab.evaluate("stopped()"), false);
  } finally {
    await browser.close();
  }
});

test("Firefox: snapshot, traceback and figures", skip("firefox"), async () => {
  await using page = new Page();
  await inFirefox(await page.serve(), () => page.check("spidermonkey"));
});

test("Firefox: the same by tracemalloc/browser", skip("firefox"), async () => {
  await using page = new Page(LEAN_MAIN);
  await inFirefox(await page.serve(), () => page.checkLean("spidermonkey"));
});

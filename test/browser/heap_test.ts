// A page's heap, as DevTools takes it, joined with the page's own dump of the same moment.
import { once } from "node:events";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { build } from "esbuild";
import type { CDPSession } from "playwright-core";
import { DomainFilter, Snapshot } from "../../mod.ts";
import { type HeapLine, type HeapReport, readHeapReport } from "../../src/heap/mod.ts";
import { tracemalloc as runTracemalloc } from "../cli/tracemalloc.ts";
import { Project } from "../hosts/host.ts";
import { plugin } from "../integrations/app.ts";
import { launchChromium, skipWithout } from "./browsers.ts";

/** A page that keeps memory in seven ways, each on lines of its own. */
const MAIN = `import { collect, snapshotBytes, start } from "tracemalloc/browser";
await start(5);
await import("./app.ts");
async function dump(): Promise<string> {
  await collect();
  const bytes = await snapshotBytes();
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
Object.assign(globalThis, { dump });
document.title = "ready";
`;
const APP = `class Row { constructor(readonly id: number) {} }
const cache = new Map<string, Row>();
for (let id = 0; id < 300; id++) cache.set("alice" + id + "@example.com", new Row(id));
function open(id: number): void {
  const shown = { rows: [id] };
  addEventListener("resize", () => shown.rows.length);
}
for (let id = 0; id < 40; id++) open(id);
function poll(): void {
  const state = { waits: [1] };
  setInterval(() => state.waits.length, 1e6);
}
for (let id = 0; id < 30; id++) poll();
const detached = document.createElement("ul");
for (let id = 0; id < 20; id++) {
  const item = document.createElement("li");
  item.onclick = () => id;
  detached.append(item);
}
const button = document.createElement("button");
for (let id = 0; id < 10; id++) button.addEventListener("click", () => detached.hidden && id);
document.body.append(button);
globalThis.kept = { everywhere: [1] };
export const use = () => [cache, detached];
`;

/** The page as a user would bundle it, open in Chromium, with a session of the protocol that DevTools speaks. */
async function withPage(use: (page: { home: string; cdp: CDPSession }) => Promise<void>): Promise<void> {
  using project = new Project({ "main.ts": MAIN, "app.ts": APP });
  const home = realpathSync(project.folder);
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/esbuild.ts")>("esbuild");
  await build({
    ...{ entryPoints: [join(home, "main.ts")], outdir: join(home, "out"), bundle: true, splitting: true },
    ...{ format: "esm", minify: true, plugins: [tracemalloc()], logLevel: "error" },
  });
  const server = createServer(({ url }, response) => {
    if (url!.endsWith(".js"))
      response
        .writeHead(200, { "content-type": "text/javascript" })
        .end(readFileSync(join(home, "out", url!)));
    else
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(`<!doctype html><title>page</title><script type="module" src="main.js"></script>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
    const cdp = await tab.context().newCDPSession(tab);
    // By the protocol: what Playwright puts into a page would be in its heap.
    while ((await evaluated(cdp, "document.title")) !== "ready")
      await new Promise((resolve) => setTimeout(resolve, 20));
    await use({ home, cdp });
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

async function evaluated(cdp: CDPSession, expression: string): Promise<unknown> {
  const options = { expression, awaitPromise: true, returnByValue: true };
  const { result, exceptionDetails } = await cdp.send("Runtime.evaluate", options);
  assertEquals(exceptionDetails, undefined);
  return result.value;
}

/** Has Chromium write its heap to a file. */
async function takeHeap(cdp: CDPSession, file: string, options: object): Promise<void> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }): number => chunks.push(chunk);
  cdp.on("HeapProfiler.addHeapSnapshotChunk", take);
  await cdp.send("HeapProfiler.takeHeapSnapshot", options);
  cdp.off("HeapProfiler.addHeapSnapshotChunk", take);
  writeFileSync(file, chunks.join(""));
}

/** A line's ways in words, without what the bundler has made short. */
function waysOf({ paths }: HeapLine, home: string): string[] {
  return paths.map(({ count, root, hops }) => {
    const steps = hops.map(({ edge, type, filename, lineno, times }) => {
      const at = filename === null ? "" : ` ${filename.replace(`${home}/`, "")}:${lineno}`;
      return `${edge.replace(/^context \.\w+/, "context")} ${type}${at}${times > 1 ? ` × ${times}` : ""}`;
    });
    return [`${count}: ${root.replace(/ \(http.*/, "")}`, ...steps].join(" > ");
  });
}

test(
  "Chromium: DevTools' heap and the page's dump tell who holds what, as on Node",
  {
    skip: skipWithout("chromium"),
    timeout: 120_000,
  },
  () =>
    withPage(async ({ home, cdp }) => {
      // The button with the broom, twice: what has died in the first is let go of in the second.
      for (let i = 0; i < 2; i++) await cdp.send("HeapProfiler.collectGarbage");
      const dumpFile = join(home, "page.pb.gz");
      writeFileSync(dumpFile, Buffer.from((await evaluated(cdp, "dump()")) as string, "base64"));
      // As DevTools asks for it today, and as it did with "numerical values" alone. (Chromium 156 writes them even unasked.)
      const asked = {
        today: { reportProgress: true, captureNumericValue: true, exposeInternals: true },
        numbers: { captureNumericValue: true },
      };
      const heap = (name: string): string => join(home, `${name}.heapsnapshot`);
      for (const [name, options] of Object.entries(asked)) await takeHeap(cdp, heap(name), options);

      const report = await readHeapReport(heap("today"), dumpFile, { limit: 100 });
      checkReport(report, home);
      // The page says the same: each object of a line is found, and no other.
      const objects = Snapshot.load(dumpFile).filterTraces([new DomainFilter(true, 0)]);
      const statistics = objects.statistics("lineno");
      const counts = (lines: readonly (readonly [string, number])[]): Record<string, number> =>
        Object.fromEntries(lines.filter(([key]) => key.startsWith(`${home}/app.ts`)).sort());
      assertEquals(
        counts(report.lines.map(({ filename, lineno, count }) => [`${filename}:${lineno}`, count])),
        counts(statistics.filter(({ count }) => count > 0).map(({ key, count }) => [key, count])),
      );
      const again = await readHeapReport(heap("numbers"), dumpFile, { limit: 100 });
      assertEquals(
        again.lines.map((line) => [line.lineno, ...waysOf(line, home)]).sort(),
        report.lines.map((line) => [line.lineno, ...waysOf(line, home)]).sort(),
      );
      const words = ["why", "--limit", "100", heap("today"), dumpFile];
      assertEquals(runTracemalloc(words, { cwd: home }).stdout, `${report.format().join("\n")}\n`);
    }),
);

function checkReport(report: HeapReport, home: string): void {
  const ways = (lineno: number): string[] => {
    const line = report.lines.find((one) => one.lineno === lineno && one.filename === `${home}/app.ts`);
    assert(line !== undefined, `no line ${lineno}`);
    return waysOf(line, home);
  };
  assertEquals(ways(5), [
    "40: a listener of Window > [] closure app.ts:6 > context Object app.ts:5",
    "40: a listener of Window > [] closure app.ts:6 > context Object app.ts:5 > .rows Array app.ts:5",
  ]);
  assertEquals(ways(11), ["30: a timer > [] closure app.ts:11"]);
  assertMatch(ways(3)[0]!, /^300: a module's variable > context Map app\.ts:2 > \[key\] \w+ app\.ts:3$/);
  assertMatch(
    ways(17)[0]!,
    /^20: a module's variable > context <ul> > \[\] <li> × \d+ > \[\] closure app\.ts:17$/,
  );
  assertMatch(ways(21)[0]!, /^10: .*HTMLDocument > .*<button> > \[\] closure app\.ts:21$/);
  assertEquals(ways(23)[0], "1: a global variable > .kept Object app.ts:23");
  const text = JSON.stringify(report);
  for (const secret of ["alice", "example.com"]) assert(!text.includes(secret), secret);
}

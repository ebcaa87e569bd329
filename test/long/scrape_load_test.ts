// 10,000 requests to a server under `run --live`, with somebody scraping its profile and the page open: none fails. The
// figures are printed, for docs/live.md; they are the machine's, and nothing is asserted about them.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { startLive } from "../cli/live_program.ts";
import { withFolder } from "../cli/tracemalloc.ts";

const SERVER = `import { createServer } from "node:http";
const recent = [];
const server = createServer((request, response) => {
  const rows = Array.from({ length: 50 }, (_, id) => ({ id, name: "row " + id, url: request.url }));
  recent.push(rows);
  if (recent.length > 2000) recent.shift();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(rows));
});
server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
`;

const REQUESTS = 10_000;
const AT_ONCE = 16;

/** Sends the requests; gives the milliseconds that each took, sorted, and how many failed. */
async function load(url: string): Promise<{ times: number[]; failed: number }> {
  const times: number[] = [];
  let sent = 0;
  let failed = 0;
  const one = async (): Promise<void> => {
    while (sent++ < REQUESTS) {
      const begin = performance.now();
      try {
        const answer = await fetch(url);
        const rows = (await answer.json()) as unknown[];
        if (answer.status !== 200 || rows.length !== 50) failed++;
      } catch {
        failed++;
      }
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return { times: times.sort((a, b) => a - b), failed };
}

/** Whether a profile knows of the 100,000 rows that the server keeps; adaptive mode estimates their number. */
function showsServer(profile: Uint8Array): boolean {
  const lines = Snapshot.fromBytes(profile).statistics("lineno");
  return lines.some(({ key, count }) => key.endsWith("server.mjs:4") && count > 1000 * 50);
}

function quantiles(times: readonly number[]): string {
  const at = (share: number): string => times[Math.floor((times.length - 1) * share)]!.toFixed(1);
  return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, 99 % ${at(0.99)} ms, longest ${at(1)} ms`;
}

test("10,000 requests while the profile is scraped once a second and the page is open", {
  timeout: 120_000,
}, async () => {
  await withFolder({ "server.mjs": SERVER, "package.json": "{}" }, async (cwd) => {
    const { origin, child, said, ended } = await startLive(["run", "--live", "server.mjs"], { cwd });
    try {
      while (!/port \d+/.test(said.stdout)) await new Promise((resolve) => setTimeout(resolve, 20));
      const url = `http://127.0.0.1:${/port (\d+)/.exec(said.stdout)![1]}/`;
      await load(url);
      const without = await load(url);
      let isOver = false;
      let scrapes = 0;
      const wrong: number[] = [];
      const missing: number[] = [];
      const scraping = (async () => {
        while (!isOver) {
          const answer = await fetch(`${origin}/debug/pprof/heap`);
          const bytes = new Uint8Array(await answer.arrayBuffer());
          scrapes++;
          if (answer.status !== 200) wrong.push(answer.status);
          else if (!showsServer(bytes)) missing.push(scrapes);
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
      })();
      const page = await fetch(`${origin}/debug/tracemalloc/events`);
      const reader = page.body!.getReader();
      const reading = (async () => {
        while (!(await reader.read()).done);
      })();
      const during = await load(url);
      isOver = true;
      await scraping;
      await reader.cancel();
      await reading.catch(() => {});
      console.log(`not scraped:        ${quantiles(without.times)}`);
      console.log(`scraped (${scrapes} times), page open: ${quantiles(during.times)}`);
      assert(scrapes > 0);
      assertEquals([without.failed, during.failed, wrong, missing], [0, 0, [], []]);
    } finally {
      child.kill("SIGINT");
      await ended;
    }
  });
});

// What `tracemalloc report` costs for a million distinct tracebacks: the time and the size of the page, and how long
// Chromium takes until it is drawn, beside a page that holds one word. `node bench/report.ts [count]`; needs the build, and Chromium.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launchChromium } from "../test/browser/browsers.ts";
import { largeSnapshot } from "./large_snapshot.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const OPENINGS = 5;

/** Runs the command, and gives its CPU time in seconds: other programs of the machine do not change it much. */
function report(page: string, snapshots: readonly string[]): number {
  const told = `data:text/javascript,process.on("exit",()=>console.log(process.cpuUsage().user/1e6))`;
  const main = join(root, "dist/src/cli/main.js");
  const words = [`--import=${told}`, main, "report", ...snapshots, "-o", page];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`tracemalloc report ended with ${status}: ${stderr}`);
  return Number(stdout);
}

/** Milliseconds since the beginning of the navigation. */
interface Opening {
  /** When its first content was on the screen, as the browser notes it: the flame graph with all that has a label. */
  readonly drawn: number;
  /** When a driver that has waited for it to load can look at it: every box, and this program's own questions. */
  readonly ready: number;
}

/** How pages open, by turns: the medians. */
async function openings(pages: readonly string[]): Promise<Opening[]> {
  const browser = await launchChromium();
  try {
    const found: Opening[][] = pages.map(() => []);
    for (let i = 0; i < OPENINGS * pages.length; i++) {
      const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await tab.goto(pathToFileURL(pages[i % pages.length]!).href);
      await tab.waitForSelector(".box");
      found[i % pages.length]!.push(await tab.evaluate(timesOfPage));
      await tab.close();
    }
    const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[OPENINGS >> 1]!;
    return found.map((all) => ({
      drawn: median(all.map(({ drawn }) => drawn)),
      ready: median(all.map(({ ready }) => ready)),
    }));
  } finally {
    await browser.close();
  }
}

/** Runs within the page. */
async function timesOfPage(): Promise<Opening> {
  await new Promise(requestAnimationFrame);
  const ready = performance.now();
  for (;;) {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    if (paint !== undefined) return { drawn: paint.startTime, ready };
    await new Promise(requestAnimationFrame);
  }
}

const count = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), "tracemalloc-bench-"));
try {
  const [late, early] = [2, 1].map((growth) => {
    const file = join(folder, `${growth}.pb.gz`);
    largeSnapshot({ traces: count, growth }).dump(file);
    return file;
  }) as [string, string];
  console.log(`${count} tracebacks, ${(statSync(late).size / 1e6).toFixed(1)} MB of dump`);
  const empty = join(folder, "empty.html");
  writeFileSync(empty, `<!doctype html><title>-</title><p class="box">word</p>`);
  const pages = [["report FILE", [late]] as const, ["report FILE OLD", [late, early]] as const].map(
    ([name, files], index) => {
      const page = join(folder, `${index}.html`);
      const seconds = report(page, files);
      console.log(`${name}: ${seconds.toFixed(1)} s of CPU, ${(statSync(page).size / 1e6).toFixed(1)} MB`);
      return { name, page };
    },
  );
  const names = ["a page with one word", ...pages.map(({ name }) => name)];
  const times = await openings([empty, ...pages.map(({ page }) => page)]);
  for (const [index, { drawn, ready }] of times.entries()) {
    console.log(
      `${names[index]}: in Chromium drawn after ${Math.round(drawn)} ms, loaded, complete and looked at after ${Math.round(ready)} ms`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

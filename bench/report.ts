// What `tracemalloc report` costs for a million distinct tracebacks: the time and the size of the page, and how long
// Chromium takes until it is drawn. `node bench/report.ts [count]`; needs the build, and Chromium.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
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

/** Milliseconds from the beginning of the navigation until the page is drawn; the median. */
async function opening(page: string): Promise<number> {
  const browser = await launchChromium();
  try {
    const times: number[] = [];
    for (let i = 0; i < OPENINGS; i++) {
      const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await tab.goto(pathToFileURL(page).href);
      await tab.waitForSelector(".box");
      times.push(
        await tab.evaluate(
          () => new Promise<number>((resolve) => requestAnimationFrame(() => resolve(performance.now()))),
        ),
      );
      await tab.close();
    }
    return times.sort((a, b) => a - b)[OPENINGS >> 1]!;
  } finally {
    await browser.close();
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
  for (const [name, files] of [
    ["report FILE", [late]],
    ["report FILE OLD", [late, early]],
  ] as const) {
    const page = join(folder, "page.html");
    const seconds = report(page, files);
    const size = statSync(page).size / 1e6;
    const milliseconds = await opening(page);
    console.log(
      `${name}: ${seconds.toFixed(1)} s of CPU, ${size.toFixed(1)} MB; drawn in Chromium after ${Math.round(milliseconds)} ms`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

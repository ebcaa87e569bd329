// Makes the pictures in docs/images/: reports on the leaky server's snapshots, in headless Chromium. Needs the build, and
// Chromium (apt-get install chromium).
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { launchChromium } from "../test/browser/browsers.ts";
import { leakyDumps } from "./leaky_dumps.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const images = join(root, "docs", "images");
const VISITORS = [100, 2000] as const;
/** Pictures are looked at in a browser, on a page: they must not make it slow. */
const MAX_BYTES = 200_000;

const server = join(root, "examples", "leaky-server", "server.ts");
const row = encodeURIComponent(`${server}:32`);

/** Each picture: which report, where in it, and how large. */
const PICTURES = [
  { name: "report-flame", report: "late", hash: "measure=allocated" },
  { name: "report-difference", report: "difference", hash: "" },
  { name: "report-table", report: "difference", hash: `view=table&row=${row}` },
  { name: "report-timeline", report: "late", hash: "view=timeline", drag: true },
  { name: "report-source", report: "late", hash: "view=source" },
  { name: "report-dark", report: "late", hash: "measure=allocated&invert=true", dark: true },
] as const;

/** Makes a report and gives its address. */
function report(folder: string, name: string, ...snapshots: readonly string[]): string {
  const page = join(folder, `${name}.html`);
  const words = [join(root, "dist/src/cli/main.js"), "report", ...snapshots, "-o", page];
  const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
  if (status !== 0) throw new Error(`tracemalloc report ended with exit code ${status}`);
  return pathToFileURL(page).href;
}

/** Drags over the middle of the timeline. */
async function selectSpan(page: Page): Promise<void> {
  const chart = await page.locator(".u-over").boundingBox();
  if (chart === null) throw new Error("the timeline is not to be seen");
  const y = chart.y + chart.height / 2;
  await page.mouse.move(chart.x + chart.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(chart.x + chart.width * 0.62, y, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(10, 10);
}

async function main(folder: string): Promise<void> {
  mkdirSync(images, { recursive: true });
  const { early, late } = await leakyDumps(folder, VISITORS);
  const pages = {
    late: report(folder, "late", late),
    difference: report(folder, "difference", late, early),
  };
  const browser = await launchChromium();
  try {
    for (const picture of PICTURES) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        colorScheme: "dark" in picture ? "dark" : "light",
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "UTC",
      });
      const page = await context.newPage();
      await page.goto(`${pages[picture.report]}#${picture.hash}`);
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 200))),
      );
      if ("drag" in picture) await selectSpan(page);
      const path = join(images, `${picture.name}.png`);
      await page.screenshot({ path });
      const { size } = statSync(path);
      console.log(`${picture.name}.png ${size} bytes`);
      if (size > MAX_BYTES) throw new Error(`${path} has ${size} bytes; at most ${MAX_BYTES} are allowed`);
      await context.close();
    }
  } finally {
    await browser.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), "tracemalloc-screenshots-"));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// Makes the pictures in docs/images/: reports on the examples' snapshots, in headless Chromium. Needs the build, and
// Chromium (apt-get install chromium). With names of pictures, these alone.
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
const shop = join(root, "examples", "price-list");
const pageLine = encodeURIComponent(`${join(shop, "pages.mjs")}:5`);

/** Each picture: which report, where in it, and how large. */
const PICTURES = [
  { name: "report-flame", report: "late", hash: "measure=allocated" },
  { name: "report-difference", report: "difference", hash: "" },
  { name: "report-table", report: "difference", hash: `view=table&row=${row}` },
  { name: "report-timeline", report: "late", hash: "view=timeline", drag: true },
  { name: "report-source", report: "late", hash: "view=source" },
  { name: "report-dark", report: "late", hash: "measure=allocated&invert=true", dark: true },
  { name: "report-why", report: "shop", hash: `view=table&row=${pageLine}`, from: ".why" },
] as const;
type ReportName = (typeof PICTURES)[number]["report"];

/** Makes a report and gives its address. */
function report(folder: string, name: string, ...snapshots: readonly string[]): string {
  const page = join(folder, `${name}.html`);
  tracemalloc("report", ...snapshots, "-o", page);
  return pathToFileURL(page).href;
}

/** The snapshot that `run --why` takes of the shop with a price list. */
function shopDump(folder: string): string {
  const file = join(folder, "shop.pb.gz");
  tracemalloc("run", "--why", "--exact", "-o", file, join(shop, "shop.mjs"));
  return file;
}

function tracemalloc(...words: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [join(root, "dist/src/cli/main.js"), ...words], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`tracemalloc ${words[0]} ended with exit code ${status}`);
}

/** Shows a part of a row's details, below the bar that stays. */
async function scrollTo(page: Page, part: string): Promise<void> {
  await page.evaluate(`{
    const part = document.querySelector(${JSON.stringify(part)});
    part.scrollIntoView({ block: "start" });
    scrollTo(0, 0);
    scrollBy(0, part.closest(".details").getBoundingClientRect().top - 112);
  }`);
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

/** The reports that pictures are taken of. */
async function reports(
  folder: string,
  wanted: ReadonlySet<ReportName>,
): Promise<Partial<Record<ReportName, string>>> {
  const pages: Partial<Record<ReportName, string>> = {};
  if (wanted.has("shop")) pages.shop = report(folder, "shop", shopDump(folder));
  if (!wanted.has("late") && !wanted.has("difference")) return pages;
  const { early, late } = await leakyDumps(folder, VISITORS);
  pages.late = report(folder, "late", late);
  pages.difference = report(folder, "difference", late, early);
  return pages;
}

async function main(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(images, { recursive: true });
  const pictures = PICTURES.filter(({ name }) => names.length === 0 || names.includes(name));
  const pages = await reports(folder, new Set(pictures.map(({ report }) => report)));
  const browser = await launchChromium();
  try {
    for (const picture of pictures) {
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
      if ("from" in picture) await scrollTo(page, picture.from);
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
  await main(folder, process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

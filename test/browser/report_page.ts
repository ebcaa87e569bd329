// Reports on disk, opened in a browser as a user would open them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { pageAssets } from "../../src/report/html/assets.ts";
import type { ReportInput } from "../../src/report/html/report_model.ts";
import { readSources } from "../../src/report/html/sources.ts";
import { writeReport } from "../../src/report/html/write_report.ts";
import { withFolder } from "../cli/tracemalloc.ts";
import { launchChromium } from "./browsers.ts";

/** An open report. */
export interface Opened {
  readonly page: Page;
  readonly url: string;
  readonly folder: string;
}

export interface OpenOptions {
  /** Files beside the report. */
  readonly files?: Readonly<Record<string, string>>;
  /** What follows `#`. */
  readonly hash?: string;
  readonly dark?: boolean;
  readonly width?: number;
  /** The test tries what the page's policy forbids: the browser says so. */
  readonly mayBlock?: boolean;
}

let browser: Promise<Browser> | null = null;

/** One browser for all tests of a file. */
export function closeBrowser(): Promise<void> {
  return browser === null ? Promise.resolve() : browser.then((one) => one.close());
}

/**
 * Writes a report to a new folder, opens it from there, and lets `use` look at it. Whatever a page says on its console,
 * asks of the network or opens as a dialog is a failure.
 */
export async function withReport(
  input: (folder: string) => ReportInput,
  { files = {}, hash = "", dark = false, width = 1280, mayBlock = false }: OpenOptions,
  use: (opened: Opened) => Promise<void>,
): Promise<void> {
  await withFolder(files, async (folder) => {
    const file = join(folder, "report.html");
    writeFileSync(file, writeReport({ readSources, ...input(folder) }, pageAssets()).html);
    const url = pathToFileURL(file).href;
    browser ??= launchChromium();
    const context = await (await browser).newContext({
      viewport: { width, height: 800 },
      colorScheme: dark ? "dark" : "light",
    });
    const trouble: string[] = [];
    try {
      const page = await context.newPage();
      page.on("console", (message) => {
        if (!mayBlock || !message.text().includes("Content Security Policy"))
          trouble.push(`console: ${message.text()}`);
      });
      page.on("pageerror", (error) => trouble.push(`error: ${error.stack ?? error.message}`));
      page.on("dialog", (dialog) => {
        trouble.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        if (request.url().split("#")[0] !== url) trouble.push(`request: ${request.url()}`);
      });
      await page.goto(hash === "" ? url : `${url}#${hash}`);
      await use({ page, url, folder });
      assertEquals(trouble, []);
    } finally {
      await context.close();
    }
  });
}

/** The texts of all elements that a selector finds and that can be seen. */
export function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).filter({ visible: true }).allInnerTexts();
}

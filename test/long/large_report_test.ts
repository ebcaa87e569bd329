/// <reference lib="dom" />
// A report on very many tracebacks stays small and opens; how quickly is bench/report.ts's to tell.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assert, assertEquals } from "@std/assert";
import { largeSnapshot } from "../../bench/large_snapshot.ts";
import { pageAssets } from "../../src/report/html/assets.ts";
import { writeReport } from "../../src/report/html/write_report.ts";
import { launchChromium, skipWithout } from "../browser/browsers.ts";
import { withFolder } from "../cli/tracemalloc.ts";

const COUNT = 300_000;

test(
  "a report on very many tracebacks says what it left out, and opens",
  { skip: skipWithout("chromium") },
  () =>
    withFolder({}, async (folder) => {
      const [current, old] = [2, 1].map((growth) => ({
        name: `${growth}`,
        snapshot: largeSnapshot({ traces: COUNT, growth }),
      }));
      const { html, model } = writeReport({ current: current!, old }, pageAssets());
      assert(html.length < 5_000_000, `${html.length} bytes`);
      const blocks = current!.snapshot.columns.blocks.count.reduce((sum, count) => sum + count);
      assertEquals([model.totals[1], model.leftOut.tracebacks], [blocks, COUNT]);
      const file = join(folder, "report.html");
      writeFileSync(file, html);
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.message));
        await page.goto(pathToFileURL(file).href);
        assert((await page.locator(".box").count()) > 50);
        const notes = (await page.locator(".note").allInnerTexts()).join();
        assert(/of 300,000 tracebacks, in [\d,]+ frames of no more than 0\.\d+ %/.test(notes), notes);
        await page.getByRole("tab", { name: "Table" }).click();
        await page.locator(".rows .row").first().click();
        assert((await page.locator(".traceback").count()) > 0);
        assertEquals(errors, []);
      } finally {
        await browser.close();
      }
    }),
);

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The verdict of a hunt on the page of its report, in Chromium.
import { after, test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import type { ReportInput } from "../../src/report/html/report_model.ts";
import { snapshotOfRows } from "../report/html/models.ts";
import { skipWithout } from "./browsers.ts";
import { closeBrowser, withReport } from "./report_page.ts";

const skip = skipWithout("chromium");
after(closeBrowser);

const HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>";

const report = (hunt?: ReportInput["hunt"]) => (): ReportInput => ({
  current: { name: "app.pb.gz", snapshot: snapshotOfRows([{ at: ["main app.ts:1"], alive: 9 }]) },
  ...(hunt !== undefined && { hunt }),
});

test("the verdict stands on top of a hunt's report, with what the terminal says, as text", { skip }, () =>
  withReport(
    report({
      verdict: "leaks",
      text: [
        "LEAKS: after every round, 1 line held more",
        "node, exact: 5 rounds",
        "",
        `#1: ${HOSTILE}`,
        "    +8 B",
      ],
    }),
    { width: 400 },
    async ({ page }) => {
      const card = page.locator(".hunt");
      assertEquals(await card.locator("h2").textContent(), "LEAKS: after every round, 1 line held more");
      assertEquals(await card.locator("p").textContent(), "node, exact: 5 rounds");
      assertEquals(await card.locator("pre").textContent(), `#1: ${HOSTILE}\n    +8 B`);
      assertEquals(await card.getAttribute("class"), "card hunt leaks");
      const top = (selector: string): Promise<number> =>
        page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
      assert((await top(".hunt")) < (await top(".header")));
      // What is long scrolls within the card.
      assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      if (process.env.SCREENSHOTS)
        await page.screenshot({ path: `${process.env.SCREENSHOTS}/hunt_report.png`, fullPage: true });
    },
  ),
);

test("a report of no hunt has no verdict", { skip }, () =>
  withReport(report(), {}, async ({ page }) => assertEquals(await page.locator(".hunt").count(), 0)),
);

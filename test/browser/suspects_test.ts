/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Suspects in reports and on the live page, in Chromium.
import { after, test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ReportInput } from "../../src/report/html/report_model.ts";
import { startLive } from "../cli/live_program.ts";
import { withFolder } from "../cli/tracemalloc.ts";
import { snapshotOfRows } from "../report/html/models.ts";
import { launchChromium, skipWithout } from "./browsers.ts";
import { closeBrowser, texts, withReport } from "./report_page.ts";

const skip = skipWithout("chromium");
after(closeBrowser);

const timeline = Array.from({ length: 61 }, (_, second) => ({
  time: second * 1000,
  current: 9000,
  top: [
    ["app.ts:1", 7000],
    ["app.ts:2", 100 + second * 10],
  ],
}));

const HOSTILE = "<img src=x onerror=alert(1)>\u202e";

const report = (): ReportInput => ({
  current: {
    name: "app.pb.gz",
    snapshot: snapshotOfRows(
      [
        { at: ["main app.ts:1"], size: 7000, alive: 1 },
        { at: ["main app.ts:2"], size: 10, alive: 70 },
      ],
      {
        ...{ program: "/app/app.ts", runtime: "node 26.0.0", sampling: "exact", timeline },
        ages: [["app.ts:2", [1, 1, 2, 4, 8, 16, 32]]],
        containers: [
          { place: "app.ts:1", type: "Map", from: 0, to: 5000, keys: { strings: 5000, [HOSTILE]: 3 } },
        ],
      },
    ),
  },
});

test("a report has suspects first, with the rule beside them, and marks their rows", { skip }, () =>
  withReport(report, { width: 900 }, async ({ page }) => {
    const panel = page.locator(".suspects");
    assertEquals(await panel.locator("h2").textContent(), "A line that grew in every tenth of the run");
    assertStringIncludes(
      (await panel.locator(".rule").textContent())!,
      "the least that the line held in each tenth of the run is more than in the tenth before",
    );
    assertStringIncludes(
      (await panel.locator("li").textContent())!,
      "suspect: grew in every tenth of the run, and its blocks grow old: half are older than 16 s",
    );
    const above = (selector: string): Promise<number> =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => element.getBoundingClientRect().top);
    assert((await above(".suspects")) < (await above("main")));

    await panel.getByRole("button", { name: "app.ts:2" }).click();
    const details = page.locator(".details");
    await details
      .filter({ hasText: "Ages of its blocks: 2 % up to 1 s, 2 % up to 2 s, 3 % up to 4 s" })
      .waitFor();
    await details.getByText("Rules").click();
    assertStringIncludes(
      (await details.locator(".rule").textContent())!,
      "blocks grow old where a tenth or more",
    );
    assertEquals(await texts(page, ".rows .badge"), ["has grown", "suspect"]);
    await page.locator(".rows .row", { hasText: "app.ts:1" }).click();
    await details
      .filter({
        hasText:
          "a Map has grown from 0 to 5,000 entries; keys: 5,000 strings, 3 <img src=x onerror=alert(1)>",
      })
      .waitFor();
    if (process.env.SCREENSHOTS)
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/suspects_report.png`, fullPage: true });
  }),
);

test("a report without suspects says nothing of them", { skip }, () =>
  withReport(
    () => ({
      current: {
        name: "app.pb.gz",
        snapshot: snapshotOfRows([{ at: ["main app.ts:1"] }], {
          timeline: [5, null],
          ages: "x",
          containers: {},
        }),
      },
    }),
    {},
    async ({ page }) => assertEquals(await page.locator(".suspects, .badge").count(), 0),
  ),
);

const LEAK = `const cache = new Map();
let n = 0;
setInterval(() => {
  for (let i = 0; i < 200; i++) cache.set("key " + n, { n: n++ }); // the line
}, 10);
`;

test(
  "the live page has suspects first, and says which containers have grown",
  { skip, timeout: 60_000 },
  () =>
    withFolder({ "leak.mjs": LEAK, "package.json": "{}" }, async (cwd) => {
      const { origin, child, ended } = await startLive(["run", "--live", "-o", "end.pb.gz", "leak.mjs"], {
        cwd,
      });
      const browser = await launchChromium();
      try {
        const page = await browser.newPage({ viewport: { width: 700, height: 900 } });
        await page.goto(`${origin}/debug/tracemalloc/`);
        await page.locator("#suspects li", { hasText: "leak.mjs:4" }).waitFor();
        assertStringIncludes(
          (await page.locator("#suspects .rule").textContent())!,
          "Rule: the least that the line held",
        );
        await page
          .locator("#top .mark-text", {
            hasText: /^a Map has grown from 0 to [\d,]+ entries; keys: [\d,]+ strings$/,
          })
          .waitFor();
        if (process.env.SCREENSHOTS)
          await page.screenshot({ path: `${process.env.SCREENSHOTS}/suspects_live.png` });
      } finally {
        await browser.close();
        child.kill("SIGTERM");
        await ended;
      }
    }),
);

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The whole process in reports and on the live page, in Chromium.
import { after, test } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ReportInput } from "../../src/report/html/report_model.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { startLive } from "../cli/live_program.ts";
import { withFolder } from "../cli/tracemalloc.ts";
import { snapshotOfRows } from "../report/html/models.ts";
import { launchChromium, skipWithout } from "./browsers.ts";
import { closeBrowser, texts, withReport } from "./report_page.ts";

const skip = skipWithout("chromium");
after(closeBrowser);

const MIB = 2 ** 20;
const MEMORY = {
  ...{ rss: 1000 * MIB, heapUsed: 50 * MIB, heapTotal: 60 * MIB, external: 40 * MIB },
  ...{ heapLimit: 4096 * MIB, memoryLimit: 2048 * MIB, tracker: 2 * MIB },
};
const GROWN = Array.from({ length: 61 }, (_, i) => [i * 1000, (100 + 5 * i) * MIB, 60 * MIB, 40 * MIB]);

const report = (process: unknown) => (): ReportInput => ({
  current: {
    name: "app.pb.gz",
    snapshot: snapshotOfRows(
      [
        { at: ["main app.ts:1"], size: MIB, alive: 20, peak: 20 },
        { at: ["main app.ts:2"], size: MIB, alive: 30, peak: 30, domain: 1 },
      ],
      { program: "/app/app.ts", runtime: "node 26.0.0", sampling: "exact", process },
    ),
  },
});

/** The parts of the bar that can be seen: what they are, and their share of its width. */
function shares(panel: Element): [string, number][] {
  const bar = panel.querySelector(".process-bar")!;
  const { width } = bar.getBoundingClientRect();
  return [...bar.children].map((part) => [
    part.className,
    Math.round((part.getBoundingClientRect().width / width) * 100),
  ]);
}

test("a report shows what the whole process has, and opens that where something stands out", {
  skip,
}, async () => {
  await withReport(report(MEMORY), {}, async ({ page }) => {
    const panel = page.locator("details.whole");
    assertEquals(await panel.getAttribute("open"), null);
    assertEquals(
      await panel.locator("summary").textContent(),
      "The whole process: RSS 1000 MiB, heap 50.0 MiB, external 40.0 MiB, not JavaScript's 900 MiB",
    );
    await panel.locator("summary").click();
    assertEquals(await panel.evaluate(shares), [
      ["lines", 2],
      ["heap", 4],
      ["own", 0],
      ["outside", 3],
      ["external", 1],
      ["other", 90],
    ]);
    assertEquals(await texts(page, ".process dt"), ["RSS", "heap", "external", "not JavaScript's"]);
    const [rss, heap, external] = await texts(page, ".process dd");
    assertStringIncludes(rss!, "the system's limit is 2048 MiB");
    assertStringIncludes(heap!, "V8's limit is 4096 MiB; 20.0 MiB have a line (40 %)");
    assertStringIncludes(external!, "30.0 MiB have a line (75 %)");
    assertEquals(await texts(page, ".process .remark"), []);
  });
  await withReport(report({ ...MEMORY, points: GROWN }), { dark: true, width: 400 }, async ({ page }) => {
    assertEquals(await page.locator("details.whole").getAttribute("open"), "");
    assertMatch(
      (await texts(page, ".process .remark")).join(),
      /^RSS grows and the heap does not: .* 240 MiB are not JavaScript's$/,
    );
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "too wide");
    if (process.env.SCREENSHOTS)
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/process_report.png`, fullPage: true });
  });
  await withReport(report({ ...MEMORY, rss: "<b>much</b>" }), {}, async ({ page }) => {
    assertEquals(await page.locator("details.whole").count(), 0);
  });
});

test("the live page shows what the whole process has", { skip, timeout: 60_000 }, () =>
  withFolder(
    {
      "keeper.mjs": "const kept = [];\nsetInterval(() => kept.push(new Uint8Array(100_000)), 20);\n",
      "package.json": "{}",
    },
    async (cwd) => {
      const { origin, child, ended } = await startLive(["run", "--live", "-o", "end.pb.gz", "keeper.mjs"], {
        cwd,
      });
      const browser = await launchChromium();
      try {
        const page = await browser.newPage({ viewport: { width: 700, height: 700 } });
        await page.goto(`${origin}/debug/tracemalloc/`);
        const panel = page.locator("#process");
        await panel.locator(".process-bar .outside").waitFor();
        const sum = (await panel.evaluate(shares)).reduce((total, [, share]) => total + share, 0);
        assert(sum > 95 && sum < 105, `${sum} %`);
        assertMatch(
          (await panel.locator("dd").nth(2).textContent())!,
          /^[\d.]+ [KM]iB .* have a line \(\d+ %\)$/,
        );
        if (process.env.SCREENSHOTS)
          await page.screenshot({ path: `${process.env.SCREENSHOTS}/process_live.png` });
      } finally {
        await browser.close();
        child.kill("SIGTERM");
        await ended;
      }
    },
  ),
);

const HOSTILE = "<img src=x onerror=alert(1)>\u202e";

test("a report says what the values of labels hold", { skip }, () =>
  withReport(
    () => {
      const { current } = report(MEMORY)();
      const { columns, metadata } = current.snapshot;
      const processes = [
        { pid: "1", worker: "", labels: { route: "/orders" } },
        { pid: "1", worker: "", labels: { route: HOSTILE, tenant: "a" } },
      ];
      const blocks = { ...columns.blocks, process: Int32Array.of(0, 1) };
      return { current: { ...current, snapshot: new Snapshot({ ...columns, blocks, processes }, metadata) } };
    },
    { width: 700 },
    async ({ page }) => {
      const panel = page.locator("details.labels");
      assertEquals(await panel.locator("summary").textContent(), "By label: route, tenant");
      await panel.locator("summary").click();
      assertEquals(await texts(page, ".labels tbody th"), [
        "<img src=x onerror=alert(1)>\\u202e",
        "/orders",
        "a",
        "<none>",
      ]);
      assertEquals((await texts(page, ".labels tbody td")).slice(0, 6), [
        "30.0 MiB",
        "30",
        "30.0 MiB",
        "20.0 MiB",
        "20",
        "20.0 MiB",
      ]);
      if (process.env.SCREENSHOTS)
        await page.screenshot({ path: `${process.env.SCREENSHOTS}/labels_report.png` });
    },
  ),
);

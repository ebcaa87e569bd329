/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// Why lines are alive, as a report shows it: what runs within the page is written here, too.
import { join } from "node:path";
import { after, test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import type { HeapLine, Hop } from "../../src/heap/heap_report.ts";
import type { ReportInput } from "../../src/report/html/report_model.ts";
import { snapshotOfRows } from "../report/html/models.ts";
import { skipWithout } from "./browsers.ts";
import { closeBrowser, texts, withReport } from "./report_page.ts";

const skip = skipWithout("chromium");
after(closeBrowser);

const PAGES = "export function pageOf(id) {\n  return { id, rows: [{ id }] };\n}\n";
const SHOP =
  "const prices = new EventEmitter();\nfunction answer(id) {\n  const page = pageOf(id);\n  prices.on('change', () => page.rows);\n}\n";
const files = { "pages.mjs": PAGES, "shop.mjs": SHOP };

function hop(edge: string, type: string, at: string | null = null, name: string | null = null): Hop {
  const [filename, lineno] =
    at === null ? [null, null] : [at.slice(0, at.lastIndexOf(":")), Number(at.split(":").at(-1))];
  return { edge, type, filename, lineno, functionName: name, times: 1 };
}

/** Pages are made in one file, and held by a listener that another one adds. */
function input(folder: string, metadata: Record<string, unknown> = { runtime: "node 26.0.0" }): ReportInput {
  const [pages, shop] = [join(folder, "pages.mjs"), join(folder, "shop.mjs")];
  const listener = [
    hop("context .prices", "EventEmitter", `${shop}:1`, "<module>"),
    hop("._events", "Object"),
    hop(".change", "Array"),
    { ...hop("[]", "closure", `${shop}:4`, "answer"), times: 57 },
    hop("context .page", "Object", `${pages}:2`, "pageOf"),
  ];
  const line: HeapLine = {
    ...{ filename: pages, lineno: 2, functionName: "pageOf" },
    ...{ count: 4000, selfSize: 160_000, engineSize: 2048, retainedSize: 400_000 },
    paths: [
      { count: 3000, size: 120_000, root: "a module's variable (shop.mjs)", hops: listener },
      { count: 500, size: 20_000, root: "a timer", hops: [hop("._onTimeout", "closure", `${shop}:9`)] },
    ],
  };
  const totals = { heapSize: 5e6, attributedSize: 160_000, engineSize: 2048, otherSize: 4e6 };
  const why = { totals, lines: [line], lineCount: 1, notes: [] };
  const rows = [
    { at: [`answer ${shop}:3`, `pageOf ${pages}:2`], size: 40, alive: 4000 },
    { at: [`answer ${shop}:4`], size: 56, alive: 1000 },
  ];
  return { current: { name: "shop.pb.gz", snapshot: snapshotOfRows(rows, { why, ...metadata }) } };
}

/** The chain that is open, a text a step. */
async function chain(page: Page): Promise<string[]> {
  return (await texts(page, ".why .way[open] .holders li")).map((text) => text.split(/\s+/).join(" "));
}

const LISTENER = [
  "a module's variable (shop.mjs)",
  "context .prices EventEmitter shop.mjs:1 <module> const prices = new EventEmitter();",
  "._events Object",
  ".change Array",
  "[] closure × 57 shop.mjs:4 answer prices.on('change', () => page.rows);",
  "context .page Object pages.mjs:2 pageOf return { id, rows: [{ id }] };",
];

test(
  "a row tells why it is alive: sizes, how many go each way, and the chain of holders with their lines",
  { skip },
  () =>
    withReport(input, { files, hash: "view=table" }, async ({ page }) => {
      assertStringIncludes(
        (await texts(page, ".note")).join(),
        "Of one line it is known who holds the objects",
      );
      await page.locator(".rows .row", { hasText: "pages.mjs:2" }).click();
      assertEquals(await chain(page), LISTENER);
      const why = (await texts(page, ".why"))[0]!.split(/\s+/).join(" ");
      assertStringIncludes(
        why,
        "4,000 objects take 156 KiB, with 2048 B of the engine's, and retain 391 KiB.",
      );
      assertStringIncludes(
        why,
        "3,000 objects (117 KiB, 75.0 %) held by a module's variable a module's variable (shop.mjs) context",
      );
      assertStringIncludes(why, "500 objects (19.5 KiB, 12.5 %) held by a timer");
      assertStringIncludes(why, "500 objects are held in other ways.");
      // The culprit's line is to be seen, not only there; and it leads to the text.
      const culprit = page.locator(".why").getByRole("button", { name: "shop.mjs:4" });
      await culprit.scrollIntoViewIfNeeded();
      await culprit.click();
      assertStringIncludes((await texts(page, ".source .row.open")).join(), "prices.on('change'");
      await page.goBack();
      assertEquals(await chain(page), LISTENER);
    }),
);

test("the ways open and close by the keyboard, and have names for screen readers", { skip }, () =>
  withReport(input, { files, hash: "view=table" }, async ({ page }) => {
    await page.locator(".rows .row").first().focus();
    await page.keyboard.press("Enter");
    const section = page.getByRole("region", { name: "Why it is alive" });
    assertEquals(await section.locator("details[open]").count(), 1);
    assertEquals(
      await section.getByRole("list", { name: "Holders, from the root to the objects" }).count(),
      1,
    );
    await section.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    assertEquals(await chain(page), []);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assertEquals(await chain(page), ["a timer", "._onTimeout closure shop.mjs:9"]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assertEquals(await texts(page, "[role=tab][aria-selected=true]"), ["Source"]);
  }),
);

test("a frame of the graph tells it, and so do the function and the file of the line", { skip }, () =>
  withReport(input, { files }, async ({ page }) => {
    await page.locator('.box[aria-label^="answer  shop.mjs:3"]').click();
    assertEquals(await texts(page, ".why"), []);
    await page.locator('.box[aria-label^="pageOf"]').click();
    assertEquals(await chain(page), LISTENER);
    await page.evaluate(() => {
      location.hash = "view=table&table=file";
    });
    await page.locator(".rows .row", { hasText: "pages.mjs" }).click();
    assertEquals(await texts(page, ".held-line > summary"), ["pageOf pages.mjs:2"]);
    assertEquals(await chain(page), LISTENER);
    await page.evaluate(() => {
      location.hash = "view=table&table=function";
    });
    await page.locator(".rows .row", { hasText: "answer" }).click();
    assertEquals(await texts(page, ".why"), []);
    await page.locator(".rows .row", { hasText: "pageOf" }).click();
    assertEquals(await chain(page), LISTENER);
  }),
);

test("where nothing is known, nothing is shown but how to get it, and that only on V8", {
  skip,
}, async () => {
  const open = (metadata: Record<string, unknown>, hint: string, row = "pages.mjs:2"): Promise<void> =>
    withReport(
      (folder) => input(folder, metadata),
      { files, hash: "view=table" },
      async ({ page }) => {
        await page.locator(".rows .row", { hasText: row }).click();
        assertEquals(await texts(page, ".why"), []);
        assertStringIncludes((await texts(page, ".details .hint")).join(), hint);
        if (hint === "") assertEquals(await texts(page, ".details .hint"), []);
        assertFalse((await texts(page, ".note")).join().includes("who holds the objects"));
      },
    );
  await open({ runtime: "deno 2.9.6", why: undefined }, "tracemalloc run --why");
  await open({ runtime: "node 26.0.0", why: { lines: 3 } }, "tracemalloc run --why");
  await open({ runtime: "bun 1.4.5", why: undefined }, "");
  await open({ why: undefined }, "");
  await withReport(input, { files, hash: "view=table" }, async ({ page }) => {
    await page.locator(".rows .row", { hasText: "shop.mjs:4" }).click();
    assertEquals(await texts(page, ".why"), []);
    assertStringIncludes((await texts(page, ".details .hint")).join(), "this is none of them");
  });
});

for (const dark of [false, true])
  test(`on a narrow screen a chain is no wider than the screen, and can be read, ${dark ? "dark" : "light"}`, {
    skip,
  }, () => {
    const long = (folder: string): ReportInput => {
      const one = input(folder);
      const { lines } = one.current.snapshot.metadata.why as { lines: { paths: { hops: Hop[] }[] }[] };
      lines[0]!.paths[0]!.hops.splice(
        1,
        0,
        hop(`.${"property".repeat(30)}`, "Type".repeat(50), `/${"d/".repeat(80)}x.mjs:7`),
      );
      return one;
    };
    return withReport(long, { files, hash: "view=table", width: 400, dark }, async ({ page }) => {
      await page.locator(".rows .row", { hasText: "pages.mjs:2" }).click();
      await page.locator(".why").waitFor();
      const { wide, contrast } = await page.evaluate(() => {
        const luminance = (colour: string): number => {
          const [r, g, b] = colour.match(/[\d.]+/g)!.map((part) => {
            const value = Number(part) / 255;
            return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
        };
        const back = luminance(getComputedStyle(document.querySelector(".details")!).backgroundColor);
        const ratios = [
          ...document.querySelectorAll(".why .edge, .why b, .why .muted, .why .link, .why .made"),
        ].map((one) => {
          const own = luminance(getComputedStyle(one).color);
          return (Math.max(own, back) + 0.05) / (Math.min(own, back) + 0.05);
        });
        return { wide: document.documentElement.scrollWidth - innerWidth, contrast: Math.min(...ratios) };
      });
      assert(wide <= 0, `${wide} px too wide`);
      assert(contrast >= 4.5, `a contrast of ${contrast}`);
    });
  });

const HOSTILE = [
  `</script><script>window.hacked = 1</script>`,
  `<img src=x onerror="window.hacked = 2">`,
  `"><svg onload='window.hacked = 3'>`,
  "a\u0000\u001b[31m\u202e\u2028]]>--><!--",
  "__proto__",
];

test("hostile names in the paths are shown as text and run nothing", { skip }, () => {
  const hostile = (folder: string): ReportInput => {
    const one = input(folder);
    const hops = HOSTILE.map(
      (text): Hop => ({ edge: text, type: text, filename: text, lineno: 1, functionName: text, times: 3 }),
    );
    const { lines } = one.current.snapshot.metadata.why as { lines: HeapLine[] };
    const paths = HOSTILE.map((root) => ({ count: 1, size: 1, root, hops }));
    Object.assign(lines[0]!, { paths, functionName: HOSTILE[1] });
    return one;
  };
  return withReport(hostile, { files, hash: "view=table&table=file" }, async ({ page }) => {
    await page.locator(".rows .row", { hasText: "pages.mjs" }).click();
    await page.evaluate(() => {
      for (const way of document.querySelectorAll<HTMLDetailsElement>(".why .way")) way.open = true;
    });
    const shown = (await texts(page, ".why")).join();
    for (const text of HOSTILE.slice(0, 3)) assertStringIncludes(shown, text);
    assertStringIncludes(shown, "a\\x00\\x1b[31m\\u202e\\u2028]]>--><!--");
    await page.locator(".why .link").first().click();
    assertEquals(await page.evaluate(() => (window as { hacked?: number }).hacked), undefined);
    assertEquals(await page.locator("img, svg, iframe, object, embed, link, a").count(), 0);
    assertEquals(await page.locator("script").count(), 3);
  });
});

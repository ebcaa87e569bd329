/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// What runs within the page is written here, too.
import { join } from "node:path";
import { after, test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import type { ReportInput } from "../../src/report/html/report_model.ts";
import { type Row, snapshotOfRows } from "../report/html/models.ts";
import { skipWithout } from "./browsers.ts";
import { closeBrowser, texts, withReport } from "./report_page.ts";

const skip = skipWithout("chromium");
after(closeBrowser);

const SOURCE = "const cache = new Map();\nexport function put(key) {\n  cache.set(key, { key });\n}\n";

/** A program with a leak, a dependency, and garbage. */
function rows(folder: string, leaked: number): Row[] {
  const app = join(folder, "app.ts");
  return [
    { at: [`main ${app}:9`, `put ${app}:3`], size: 64, alive: leaked, allocated: leaked + 10, peak: leaked },
    {
      at: [`main ${app}:9`, `parse ${folder}/node_modules/lib/index.js:4`, `put ${app}:3`],
      size: 64,
      alive: 50,
      peak: 60,
    },
    { at: [`main ${app}:12`], type: "Map", size: 4096, alive: 1, peak: 1 },
    {
      at: [`main ${app}:9`, "read node:fs:1"],
      type: "Buffer",
      size: 100,
      alive: 0,
      allocated: 5000,
      peak: 900,
    },
  ];
}

const TIMELINE = [0, 1, 2, 3, 4, 5].map((i) => ({
  time: i * 1000,
  current: [1000, 9000, 4000, 20_000, 5000, 8000][i],
  top: [
    ["/app/app.ts:3", 500 + i * 1000],
    ["/app/app.ts:12", 400],
  ],
}));

const METADATA = {
  program: "/app/server.ts",
  runtime: "node 26.0.0",
  engine: "v8",
  time: "2100-01-01T00:00:00.000Z",
  sampling: "adaptive",
  peak: 21_000,
  timeline: TIMELINE,
};

const one = (folder: string): ReportInput => ({
  current: { name: "app.pb.gz", snapshot: snapshotOfRows(rows(folder, 100), METADATA) },
});
const two = (folder: string): ReportInput => ({
  ...one(folder),
  old: {
    name: "old.pb.gz",
    snapshot: snapshotOfRows([...rows(folder, 20), { at: ["gone.ts:1"], size: 3000 }]),
  },
});
const files = { "app.ts": SOURCE };
const box = (name: string): string => `.box[aria-label^=${JSON.stringify(name)}]`;

test("a report opens from a file and says what it shows", { skip }, () =>
  withReport(one, { files }, async ({ page }) => {
    assertEquals(await page.title(), "server.ts – tracemalloc");
    assertEquals(await texts(page, "h1"), ["server.ts"]);
    assertStringIncludes((await texts(page, ".run")).join(), "node 26.0.0");
    const [alive, peak] = await texts(page, ".figure-card");
    assertStringIncludes(alive!, "13.4 KiB");
    assertStringIncludes(peak!, "1,061 blocks");
    assertStringIncludes((await texts(page, ".note")).join(), "Adaptive sampling");
    assertEquals((await texts(page, ".box"))[0], "everything");
  }),
);

test("a report says where what is alive is no more than an upper bound", { skip }, () =>
  withReport(
    (folder) => {
      const metadata = { ...METADATA, unsettled: true, maxRss: 190 * 2 ** 20 };
      const { current } = one(folder);
      return { current: { name: current.name, snapshot: snapshotOfRows(rows(folder, 100), metadata) } };
    },
    { files },
    async ({ page }) => {
      const labels = await texts(page, ".figure-card .label");
      assertEquals(labels, ["Alive now, at most", "At the peak, at most", "Allocated in all", "Short-lived"]);
      const [note] = await texts(page, ".note");
      assertStringIncludes(note!, "Note: what died since finalizers ran last still counts as alive");
      assertStringIncludes(note!, "took 190 MiB at most");
    },
  ),
);

test("clicking a frame zooms, and the link to it and the way back work", { skip }, () =>
  withReport(one, { files }, async ({ page, url }) => {
    const frame = page.locator(box("parse  lib/index.js:4"));
    const before = (await frame.boundingBox())!.width;
    await frame.click();
    await page.waitForFunction(
      () => document.querySelector(".box.zoomed")!.getBoundingClientRect().width > 1000,
    );
    assert(before < 700);
    assertEquals(await texts(page, ".selection h2"), ["parse"]);
    assertStringIncludes((await texts(page, ".selection dl")).join(), "3200 B (23.4 %)");
    const link = page.url();
    assert(link.startsWith(`${url}#zoom=`), link);
    await page.goBack();
    assertEquals(await texts(page, ".selection h2"), ["Everything"]);
    await page.goto("about:blank");
    await page.goto(link);
    assertEquals(await texts(page, ".selection h2"), ["parse"]);
    await page.getByRole("button", { name: "Reset zoom" }).click();
    assertEquals(await page.locator(".box.zoomed").count(), 0);
  }),
);

test("the narrowest boxes follow the others, in their places", { skip }, () => {
  const narrow = Array.from(
    { length: 400 },
    (_, i): Row => ({ at: ["app.ts:1", `app.ts:${i + 2}`], size: 10 }),
  );
  const rows: Row[] = [
    ...narrow,
    { at: ["app.ts:1", "wide.ts:1"], size: 2000 },
    { at: ["b.ts:1"], size: 500 },
  ];
  const input = (): ReportInput => ({ current: { name: "x", snapshot: snapshotOfRows(rows) } });
  return withReport(input, {}, async ({ page }) => {
    await page.waitForFunction(() => document.querySelectorAll(".box").length === 404);
    const levels = await page
      .locator(".box")
      .evaluateAll((boxes) => boxes.map((box) => `${box.getAttribute("aria-level")}`).join(""));
    assertEquals(levels, `122${"3".repeat(401)}`);
    const lefts = await page
      .locator(".box[aria-level='3']")
      .evaluateAll((boxes) => boxes.map((box) => box.getBoundingClientRect().left));
    assertEquals(
      lefts,
      [...lefts].sort((a, b) => a - b),
    );
    assertEquals(new Set(lefts).size, 401);
  });
});

test("a search marks what it finds and adds it up", { skip }, () =>
  withReport(one, { files }, async ({ page }) => {
    await page.keyboard.press("/");
    await page.keyboard.type("PUT");
    await page.waitForSelector(".box.match");
    assertEquals(await page.locator(".box.match").count(), 2);
    assertEquals(await texts(page, ".found"), ["2 frames: 9600 B, 70.1 %"]);
    await page.keyboard.press("Control+A");
    await page.keyboard.type("[<nothing>");
    await page.getByText("nothing found").waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.waitForFunction(() => document.querySelector(".searched") === null);
  }),
);

test("measures and units change what is drawn", { skip }, () =>
  withReport(one, { files }, async ({ page }) => {
    const root = page.locator(".box.root");
    const label = (): Promise<string | null> => root.getAttribute("aria-label");
    assertEquals(await label(), "everything, 13.4 KiB, 100 % of all");
    for (const [name, text] of [
      ["At the peak", "102 KiB"],
      ["Allocated in all", "502 KiB"],
      ["Short-lived", "489 KiB"],
    ]) {
      await page.getByRole("radio", { name }).click();
      assertEquals(await label(), `everything, ${text}, 100 % of all`);
    }
    await page.getByRole("radio", { name: "Blocks" }).click();
    assertEquals(await label(), "everything, 5,010 blocks, 100 % of all");
    const labels = (await texts(page, ".box")).filter((text) => text !== "");
    assertEquals(labels, ["everything", "main  app.ts:9", "read  node:fs:1"]);
  }),
);

test("dependencies and the runtime can be hidden, and the graph turned round", { skip }, () =>
  withReport(one, { files, hash: "measure=allocated" }, async ({ page }) => {
    assertEquals((await texts(page, ".box")).length, 7);
    await page.getByLabel("Hide dependencies").check();
    await page.getByLabel("Hide runtime").check();
    const left = (await texts(page, ".box")).filter((text) => text !== "");
    assertEquals(left, ["everything", "main  app.ts:9", "put  app.ts:3"]);
    await page.getByLabel("Allocating lines first").check();
    assertEquals(await page.locator(box("put  app.ts:3")).getAttribute("aria-level"), "2");
    const top = async (): Promise<number> => (await page.locator(".box.root").boundingBox())!.y;
    const before = await top();
    await page.getByLabel("Grow upwards").check();
    assert((await top()) > before);
  }),
);

test("with an old snapshot the graph shows growth in red and shrinkage in blue", { skip }, () =>
  withReport(two, { files }, async ({ page }) => {
    assertEquals(await texts(page, ".box.grown"), ["everything", "main  app.ts:9", "put  app.ts:3"]);
    assertEquals(await texts(page, ".box.shrunk"), ["gone.ts:1"]);
    const colour = (name: string): Promise<string> =>
      page.locator(box(name)).evaluate((element) => getComputedStyle(element).backgroundColor);
    const channels = async (name: string): Promise<number[]> =>
      (await colour(name))
        .match(/[\d.]+/g)!
        .slice(0, 3)
        .map(Number);
    const [red, , blue] = await channels("put  app.ts:3");
    assert(red! > blue!);
    const [lessRed, , moreBlue] = await channels("gone.ts:1");
    assert(moreBlue! > lessRed!);
    assertStringIncludes((await page.locator(box("gone.ts:1")).getAttribute("aria-label"))!, "−3000 B");
    await page.getByRole("radio", { name: "Old" }).click();
    assertStringIncludes((await page.locator(".box.root").getAttribute("aria-label"))!, "11.3 KiB");
    await page.getByRole("radio", { name: "New" }).click();
    assertEquals(await page.locator(".box.grown").count(), 0);
  }),
);

test("the table sorts, filters, and opens a row's tracebacks and source line", { skip }, () =>
  withReport(one, { files, hash: "view=table" }, async ({ page }) => {
    const names = (): Promise<string[]> => texts(page, ".rows .name .text");
    assertEquals(await names(), ["app.ts:3", "app.ts:12", "node:fs:1"]);
    await page.getByRole("columnheader", { name: "Allocated in all" }).getByRole("button").click();
    assertEquals((await names())[0], "node:fs:1");
    const sorted = page.locator('[aria-sort="descending"]');
    assertStringIncludes((await sorted.textContent())!, "Allocated in all");
    await sorted.getByRole("button").click();
    assertEquals((await names())[0], "app.ts:12");
    await page.getByLabel("Filter rows").fill("PUT");
    await page.getByText("1 line", { exact: true }).waitFor();
    await page.locator(".rows .row").click();
    assertEquals(await texts(page, ".details h2"), ["app.ts:3"]);
    assertStringIncludes((await texts(page, ".line.current")).join(), "cache.set(key, { key });");
    const frames = (await texts(page, ".frames li")).map((text) => text.split(/\s+/).join(" "));
    assertEquals(frames, [
      "main app.ts:9",
      "put app.ts:3",
      "main app.ts:9",
      "parse lib/index.js:4",
      "put app.ts:3",
    ]);
    const link = page.url();
    await page.goto("about:blank");
    await page.goto(link);
    assertEquals(await texts(page, ".details h2"), ["app.ts:3"]);
    await page.getByRole("button", { name: "Close the details" }).click();
    assertEquals(await texts(page, ".details h2"), []);
    await page.getByRole("radio", { name: "Types" }).click();
    await page.getByLabel("Filter rows").fill("");
    await page.waitForFunction(() => document.querySelectorAll(".rows .row").length === 3);
    assertEquals(await names(), ["Object", "Map", "Buffer"]);
  }),
);

test("a table of ten thousand rows has only those in sight as elements", { skip }, () => {
  const many = Array.from(
    { length: 9000 },
    (_, i): Row => ({ at: [`f${i} app.ts:${i + 1}`], size: 9000 - i }),
  );
  const input = (): ReportInput => ({ current: { name: "x", snapshot: snapshotOfRows(many) } });
  return withReport(input, { hash: "view=table" }, async ({ page }) => {
    assert((await page.locator(".rows .row").count()) < 80);
    assertEquals(await page.locator('[role="table"]').first().getAttribute("aria-rowcount"), "9001");
    await page.locator(".rows .row").first().focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.activeElement?.textContent?.includes("app.ts:9000") === true);
    assert((await page.locator(".rows .row").count()) < 80);
  });
});

test("the source view has the file's text with figures in its margin", { skip }, () =>
  withReport(one, { files, hash: "view=source" }, async ({ page }) => {
    const lines = (await texts(page, ".source .rows .row")).map((text) => text.split("\n").filter(Boolean));
    assertEquals(lines.length, 5);
    assertEquals(lines[2], ["9600 B", "150", "3", "  cache.set(key, { key });"]);
    assertEquals(lines[0], ["1", "const cache = new Map();"]);
    await page.locator(".source .rows .row").nth(2).click();
    assertEquals(await texts(page, ".details h2"), ["app.ts:3"]);
    await page.getByRole("button", { name: "Show source" }).click();
    assertStringIncludes((await texts(page, ".source .row.open")).join(), "cache.set");
  }),
);

test("without source text the lines that have figures are listed", { skip }, () => {
  const input = (folder: string): ReportInput => ({ ...one(folder), readSources: undefined });
  return withReport(input, { files, hash: "view=source" }, async ({ page, folder }) => {
    assertStringIncludes((await texts(page, ".source-view")).join(), "made without source text");
    assertFalse((await page.content()).includes("cache.set"));
    assertStringIncludes((await texts(page, ".source .path")).join(), folder);
  });
});

test("on a phone no figure beside source text is cut off", { skip }, () => {
  const input = (folder: string): ReportInput => ({
    ...two(folder),
    current: { name: "app.pb.gz", snapshot: snapshotOfRows(rows(folder, 12_345), METADATA) },
  });
  return withReport(input, { files, hash: "view=source" }, async ({ page }) => {
    for (const width of [400, 800]) {
      await page.setViewportSize({ width, height: 800 });
      const cut = await page
        .locator(".source .cell:not(.code)")
        .evaluateAll((cells) =>
          cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
        );
      assertEquals(cut, [], `${width}`);
    }
  });
});

test("a span of the timeline shows what grew in it, by mouse and by keyboard", { skip }, () =>
  withReport(one, { files, hash: "view=timeline" }, async ({ page }) => {
    assertStringIncludes(
      (await page.locator(".chart").getAttribute("aria-label"))!,
      "peak of 20.5 KiB was at 3 s",
    );
    assertEquals(await texts(page, ".span"), ["0 ms to 5 s: 1000 B → 8000 B (+7000 B)"]);
    const over = (await page.locator(".u-over").boundingBox())!;
    await page.mouse.move(over.x + over.width * 0.22, over.y + 60);
    await page.mouse.down();
    await page.mouse.move(over.x + over.width * 0.61, over.y + 90, { steps: 4 });
    await page.mouse.up();
    assertEquals(await texts(page, ".span"), ["1 s to 3 s: 9000 B → 19.5 KiB (+10.7 KiB)"]);
    assertEquals(await texts(page, ".grown-list tbody tr"), ["/app/app.ts:3\t+2000 B\t3500 B"]);
    await page.getByLabel("End of the span").focus();
    await page.keyboard.press("ArrowRight");
    assertEquals(await texts(page, ".span"), ["1 s to 4 s: 9000 B → 5000 B (−4000 B)"]);
    const link = page.url();
    await page.goto("about:blank");
    await page.goto(link);
    assertStringIncludes((await texts(page, ".span"))[0]!, "1 s to 4 s");
  }),
);

test("a snapshot without timeline or peak says so", { skip }, () => {
  const input = (): ReportInput => ({
    current: { name: "x.pb.gz", snapshot: snapshotOfRows([{ at: ["a.go:1"] }]) },
  });
  return withReport(input, { hash: "view=timeline&measure=peak" }, async ({ page }) => {
    assertStringIncludes((await texts(page, ".empty")).join(), "no timeline");
    assertStringIncludes((await texts(page, ".note")).join(), "another tool wrote this profile");
    await page.getByRole("tab", { name: "Flame graph" }).click();
    assertEquals(await page.getByRole("radio", { name: "At the peak" }).count(), 0);
    assertEquals(await page.getByRole("radio", { name: "Alive now" }).getAttribute("aria-checked"), "true");
  });
});

test("an empty snapshot makes a page that says so", { skip }, () => {
  const input = (): ReportInput => ({ current: { name: "x.pb.gz", snapshot: snapshotOfRows([]) } });
  return withReport(input, {}, async ({ page }) => {
    assertStringIncludes((await texts(page, ".flame")).join(), "Nothing to show");
    for (const name of ["Table", "Timeline", "Source"]) await page.getByRole("tab", { name }).click();
    assertStringIncludes((await texts(page, ".source-view")).join(), "No file has anything to show");
  });
});

test("light and dark follow the system, until somebody chooses", { skip }, () =>
  withReport(one, { files, dark: true }, async ({ page }) => {
    const dark = (): Promise<boolean> =>
      page.evaluate(() => {
        const [red] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)!;
        return Number(red) < 100;
      });
    assert(await dark());
    await page.getByRole("button", { name: "Light colours" }).click();
    assertFalse(await dark());
    // The browser's store learns of the choice a moment after the page, on a busy machine after the page is loaded again.
    for (let reloads = 0; reloads < 5; reloads++) {
      await page.reload();
      if (!(await dark())) break;
    }
    assertFalse(await dark());
    await page.getByRole("button", { name: "Dark colours" }).click();
    assert(await dark());
  }),
);

test("everything can be reached by keyboard, and has a name for screen readers", { skip }, () =>
  withReport(one, { files }, async ({ page }) => {
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        return element.getAttribute("aria-label") ?? element.textContent ?? "";
      });
    await page.getByLabel("Grow upwards").focus();
    await page.keyboard.press("Tab");
    assertStringIncludes(await focused(), "everything");
    await page.keyboard.press("ArrowDown");
    assertStringIncludes(await focused(), "main  app.ts:9");
    await page.keyboard.press("ArrowRight");
    assertStringIncludes(await focused(), "main  app.ts:12");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    assertStringIncludes(await focused(), "put  app.ts:3");
    assertStringIncludes((await texts(page, ".tooltip")).join(), "6400 B");
    await page.keyboard.press("Enter");
    assertEquals(await texts(page, ".selection h2"), ["put"]);
    assertStringIncludes(await focused(), "put  app.ts:3");
    await page.keyboard.press("Escape");
    assertEquals(await texts(page, ".selection h2"), ["main"]);
    await page.getByRole("tab", { name: "Flame graph" }).focus();
    await page.keyboard.press("ArrowRight");
    assertEquals(await focused(), "Table");
    await page.locator(".rows .row").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assertEquals(await texts(page, ".details h2"), ["app.ts:12"]);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("button, input, select, [role=tree], [role=table]")]
        .filter((one) => one.closest("[hidden]") === null)
        .filter(
          (one) =>
            !(one.getAttribute("aria-label") ?? "") &&
            !one.textContent?.trim() &&
            one.closest("label") === null,
        )
        .map((one) => one.outerHTML),
    );
    assertEquals(nameless, []);
  }),
);

test("on a narrow screen nothing is wider than the screen", { skip }, () =>
  withReport(two, { files, width: 400 }, async ({ page }) => {
    for (const name of ["Flame graph", "Table", "Timeline", "Source"]) {
      await page.getByRole("tab", { name }).click();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(wide <= 0, `${name}: ${wide} px too wide`);
    }
  }),
);

/** Follows a link within the page. */
function goTo(page: Page, hash: string): Promise<void> {
  return page.evaluate((next) => {
    location.hash = next;
  }, hash);
}

const HOSTILE = [
  `</script><script>window.hacked = 1</script>`,
  `<img src=x onerror="window.hacked = 2">`,
  `"><svg onload='window.hacked = 3'>`,
  "javascript:window.hacked=4",
  "${window.hacked = 5}{{constructor.constructor('window.hacked=6')()}}",
  "a\u0000\u001b[31m\u202e\u2028]]>--><!--",
  "__proto__",
];

test("hostile names, metadata and source lines are shown as text and run nothing", { skip }, () => {
  const source = `${HOSTILE.filter((text) => !/[\0\u2028]/.test(text)).join("\n")}\n`;
  const input = (folder: string): ReportInput => {
    const evil = HOSTILE.map(
      (text, i): Row => ({
        at: [`f a.ts:1`, `f${i} ${text.replaceAll(" ", "_")}:${i + 1}`],
        type: text,
        size: 100,
      }),
    );
    const own = HOSTILE.map((_, i): Row => ({ at: [`f ${join(folder, "evil.js")}:${i + 1}`], size: 5000 }));
    const metadata = {
      program: HOSTILE[1],
      runtime: HOSTILE[0],
      engine: HOSTILE[2],
      platform: HOSTILE[3],
      time: HOSTILE[4],
      timeline: [0, 1].map((time) => ({ time, current: 5, top: HOSTILE.map((text) => [text, 10 + time]) })),
    };
    const snapshot = snapshotOfRows([...evil, ...own], metadata);
    const { frames } = snapshot.columns;
    // Function names with blanks, which the fixture cannot take.
    (frames.functionNames as string[]).push(...HOSTILE);
    for (const i of frames.functionName.keys())
      frames.functionName[i] = frames.functionNames.length - 1 - (i % HOSTILE.length);
    return { current: { name: HOSTILE[0]!, snapshot }, old: { name: HOSTILE[1]!, snapshot } };
  };
  return withReport(input, { files: { "evil.js": source }, hash: "side=new" }, async ({ page }) => {
    assertEquals(await texts(page, "h1"), [`<img src=x onerror="window.hacked = 2">`]);
    for (const view of ["flame", "table", "timeline", "source"]) {
      for (const table of ["line", "function", "file", "package", "type"]) {
        await goTo(page, `view=${view}&table=${table}&side=new`);
        const row = page.locator(".panel:not([hidden]) .row[tabindex]").first();
        if (view === "table") await row.click();
        if (view === "flame") await page.locator(".box").nth(2).click();
      }
    }
    const shown = (await texts(page, ".source .rows .row")).join("\n");
    assertStringIncludes(shown, `</script><script>window.hacked = 1</script>`);
    await goTo(page, "view=table&table=type&side=new");
    const types = (await texts(page, ".rows .name")).join("\n");
    assertStringIncludes(types, `<img src=x onerror="window.hacked = 2">`);
    assertStringIncludes(types, "a\\x00\\x1b[31m\\u202e\\u2028]]>--><!--");
    assertEquals(await page.evaluate(() => (window as { hacked?: number }).hacked), undefined);
    assertEquals(await page.locator("img, svg, iframe, object, embed, link, a").count(), 0);
    assertEquals(await page.locator("script").count(), 3);
  });
});

test("a hostile link shows the report as it is", { skip }, () => {
  const hash = `view=x&zoom=1e9.5&row=<img src=x onerror=alert(1)>&view=table&table=%00&search=(((&file=%FF&from=z`;
  return withReport(one, { files, hash }, async ({ page }) => {
    assertEquals((await texts(page, ".rows .name .text")).length, 3);
    assertEquals(await page.locator("img").count(), 0);
  });
});

test("the policy lets nothing in that is not the report's own", { skip }, () =>
  withReport(one, { files, mayBlock: true }, async ({ page }) => {
    const blocked = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener("securitypolicyviolation", (event) =>
        violations.push(event.effectiveDirective),
      );
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.append(script);
      const style = document.createElement("style");
      style.textContent = "body { display: none }";
      document.body.append(style);
      await fetch("https://example.org/").catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { violations: violations.sort(), hacked: (window as { hacked?: number }).hacked ?? 0 };
    });
    assertEquals(blocked, { violations: ["connect-src", "script-src-elem", "style-src-elem"], hacked: 0 });
  }),
);

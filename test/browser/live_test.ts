/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The live page in Chromium, while a second process keeps the server busy.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Locator } from "playwright-core";
import { startLive } from "../cli/live_program.ts";
import { withFolder } from "../cli/tracemalloc.ts";
import { launchChromium, skipWithout } from "./browsers.ts";

/** A server that leaks one object per request, with a name that would be markup if anybody let it. */
const SERVER = `import { createServer } from "node:http";
const kept = [];
const server = createServer((request, response) => {
  kept.push({ url: request.url, "<img src=x onerror=alert(1)>": 1 }); // <script>document.title = "broken"</script>
  response.end("ok");
});
server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
`;

const LOAD = `const [port] = process.argv.slice(2);
for (;;) await Promise.all(Array.from({ length: 10 }, () => fetch("http://127.0.0.1:" + port + "/x").then((r) => r.text())));
`;

test("the live page: timeline, top lines, flame graph, mark and difference, under load", {
  skip: skipWithout("chromium"),
  timeout: 110_000,
}, async () => {
  await withFolder({ "server.mjs": SERVER, "load.mjs": LOAD, "package.json": "{}" }, async (cwd) => {
    const { origin, child, said, ended } = await startLive(["run", "--live", "--exact", "server.mjs"], {
      cwd,
    });
    while (!/port \d+/.test(said.stdout)) await new Promise((resolve) => setTimeout(resolve, 20));
    const load = spawn(process.execPath, ["load.mjs", /port (\d+)/.exec(said.stdout)![1]!], {
      cwd,
      stdio: "ignore",
    });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const troubles: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
      });
      page.on("pageerror", (error) => troubles.push(String(error)));
      page.on("request", (request) => requests.push(new URL(request.url()).origin));
      page.on("dialog", (dialog) => {
        troubles.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });

      await page.goto(`${origin}/debug/tracemalloc/`);
      const top = page.locator("#top tbody tr").first();
      await top.locator("code", { hasText: "server.mjs:4" }).waitFor();
      const blocks = async (): Promise<number> =>
        Number((await top.locator("td").nth(2).textContent())!.replaceAll(",", ""));
      const before = await blocks();
      assert(before > 0, `${before} blocks`);
      assertMatch(
        (await top.locator("pre").textContent())!,
        /^kept\.push\(\{ url: request\.url, "<img src=x/,
      );

      await page.locator("#timeline canvas").first().waitFor();
      await page.locator(".box", { hasText: "server.mjs:4" }).waitFor();
      assertMatch((await page.locator("#status").textContent())!, /^live, snapshot in [\d.]+ ms$/);

      await page.locator("#mark").click();
      const change = page.locator("#diff tbody tr").first();
      await change.locator("code", { hasText: "server.mjs:4" }).waitFor();
      assertMatch((await change.locator("td").nth(4).textContent())!, /^\+[\d,]+$/);
      let now = before;
      for (let i = 0; i < 100 && now <= before; i++) {
        await page.waitForTimeout(100);
        now = await blocks();
      }
      assert(now > before, "the page does not move");
      await page.locator("#clear").click();
      await page.locator("#diff").waitFor({ state: "hidden" });
      assertEquals(troubles, []);
      assertEquals(
        [...new Set(requests)].filter((from) => from !== origin && from !== "null"),
        [],
      );
      assertEquals(await page.title(), "tracemalloc");
    } finally {
      await browser.close();
      load.kill("SIGKILL");
      child.kill("SIGINT");
      await ended;
    }
  });
});

/** A server of one path that holds three quarters, and one that holds a quarter; more with each request. */
const SHARES = `import { createServer } from "node:http";
const kept = [];
function large() {
  for (let i = 0; i < 300; i++) kept.push({ i });
}
function small() {
  for (let i = 0; i < 100; i++) kept.push({ i });
}
function route() {
  large();
  small();
}
const server = createServer((request, response) => {
  route();
  response.end("ok");
});
server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
`;

test("the live page's flame graph: names, widths, keys, search, and zoom and focus that stay while it moves", {
  skip: skipWithout("chromium"),
  timeout: 110_000,
}, async () => {
  await withFolder({ "server.mjs": SHARES, "package.json": "{}" }, async (cwd) => {
    const { origin, child, said, ended } = await startLive(["run", "--live", "--exact", "server.mjs"], {
      cwd,
    });
    while (!/port \d+/.test(said.stdout)) await new Promise((resolve) => setTimeout(resolve, 20));
    const port = /port (\d+)/.exec(said.stdout)![1]!;
    const request = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) await (await fetch(`http://127.0.0.1:${port}/`)).text();
    };
    await request(20);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ colorScheme: "dark" });
      await page.goto(`${origin}/debug/tracemalloc/`);
      const box = (name: string): Locator => page.locator(`#flame [role=treeitem][aria-label^="${name}"]`);
      const share = async (name: string): Promise<number> =>
        (await box(name).evaluate((one) => one.getBoundingClientRect().width)) /
        (await box("everything").evaluate((one) => one.getBoundingClientRect().width));
      await box("large").waitFor();
      for (const [name, level] of [
        ["everything", "1"],
        ["<anonymous>  server.mjs:14", "2"],
        ["route  server.mjs:10", "3"],
        ["large  server.mjs:4", "4"],
        ["small  server.mjs:7", "4"],
      ] as const) {
        assertEquals(await box(name).getAttribute("aria-level"), level, name);
      }
      // The array that both push to is its declaration's: what they hold themselves is as 3 to 1.
      const [large, small] = [await share("large"), await share("small")];
      assert(Math.abs(large / small - 3) < 0.05, `${large} and ${small} wide`);
      assertMatch((await box("large").getAttribute("aria-label"))!, /KiB, [\d.]+ % of all, .*server\.mjs:4$/);

      await box("everything").focus();
      for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
      const focused = (): Promise<string | null> =>
        page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
      assertMatch((await focused())!, /^small {2}server\.mjs:7/);
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        () => document.querySelector<HTMLElement>(".box.zoomed")?.style.width === "100%",
      );
      // Whoever listens must not be told again at each turn: the element is the same, and never left.
      await page.evaluate(() => {
        const element = document.activeElement!;
        element.addEventListener("blur", () => element.setAttribute("data-left", "yes"));
      });
      const before = await focused();
      await request(20);
      await page.waitForFunction(
        (text) => document.activeElement?.getAttribute("aria-label") !== text,
        before,
      );
      assertMatch((await focused())!, /^small {2}server\.mjs:7/);
      assertEquals(await page.locator(".box.zoomed").getAttribute("data-left"), null);
      assertEquals(await share("small"), 1);

      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.locator(".box.zoomed").waitFor({ state: "detached" });
      await page.keyboard.press("/");
      await page.keyboard.type("LARGE");
      await page.locator(".box.match").waitFor();
      assertMatch((await page.locator(".box.match").textContent())!, /^large/);
      const colour = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      assertEquals(colour, "rgb(25, 24, 23)");
    } finally {
      await browser.close();
      child.kill("SIGINT");
      await ended;
    }
  });
});

/** A listener for each request holds what another line makes. */
const HOLDER = `import { EventEmitter } from "node:events";
import { createServer } from "node:http";
const prices = new EventEmitter();
prices.setMaxListeners(0);
function render(url) {
  return { "<img src=x onerror=alert(1)>": 1, url };
}
const server = createServer((request, response) => {
  const page = render(request.url);
  prices.on("change", () => page.url);
  response.end("ok");
});
server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
`;

test("the live page asks why a line is alive when somebody wants that, and says first what it costs", {
  skip: skipWithout("chromium"),
  timeout: 110_000,
}, async () => {
  await withFolder({ "server.mjs": HOLDER, "package.json": "{}" }, async (cwd) => {
    mkdirSync(join(cwd, "tmp"));
    const { origin, child, said, ended } = await startLive(["run", "--live", "--exact", "server.mjs"], {
      cwd,
      env: { TMPDIR: join(cwd, "tmp") },
    });
    while (!/port \d+/.test(said.stdout)) await new Promise((resolve) => setTimeout(resolve, 20));
    const port = /port (\d+)/.exec(said.stdout)![1]!;
    const request = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) await (await fetch(`http://127.0.0.1:${port}/alice`)).text();
    };
    await request(40);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 400, height: 700 } });
      const asked: string[] = [];
      const troubles: string[] = [];
      page.on("request", (one) => one.url().includes("/why") && asked.push(`${one.method()} ${one.url()}`));
      page.on("pageerror", (error) => troubles.push(String(error)));
      page.on("dialog", (dialog) => {
        troubles.push(dialog.message());
        void dialog.dismiss();
      });
      await page.goto(`${origin}/debug/tracemalloc/`);
      const why = page.getByRole("button", { name: /^Why is .*server\.mjs:6 alive\?$/ });
      await why.focus();
      // States come and rows move: whoever is on a button stays there.
      const before = await page.locator("#top tr", { has: why }).locator("td").nth(2).textContent();
      await request(10);
      await page.waitForFunction(
        (text) => document.activeElement?.closest("tr")?.cells[2]?.textContent !== text,
        before,
      );
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Why it is alive" });
      assertMatch((await dialog.textContent())!, /the whole program stops .* The heap has [\d.]+ MiB now\./s);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      assertMatch(
        (await page.evaluate(() => document.activeElement?.getAttribute("aria-label")))!,
        /server\.mjs:6/,
      );
      await page.keyboard.press("Enter");
      assertEquals(asked, []);
      await page.getByRole("button", { name: "Stop the program and look" }).click();
      const culprit = dialog.locator(".holders li", { hasText: "server.mjs:10" });
      await culprit.scrollIntoViewIfNeeded();
      assertMatch((await culprit.textContent())!, /^\[\]closure.*server\.mjs:10.*prices\.on\("change"/s);
      const text = (await dialog.textContent())!;
      assertMatch(text, /5\d objects .* held by a module's variable/s);
      assert(!text.includes("alice"), text);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(wide <= 0, `${wide} px too wide`);
      assertEquals(asked.length, 1);
      assertMatch(asked[0]!, /^POST .*\/debug\/tracemalloc\/why\?line=.*server\.mjs%3A6$/);
      await page.getByRole("button", { name: "Close" }).click();
      // What the server says instead stands there as text.
      await page.route("**/why?*", (route) =>
        route.fulfill({ status: 501, body: "tracemalloc: <b>no</b>\n" }),
      );
      await why.click();
      await page.getByRole("button", { name: "Stop the program and look" }).click();
      assertEquals(await dialog.getByRole("alert").textContent(), "tracemalloc: <b>no</b>");
      assertEquals(troubles, []);
      assertEquals(
        readdirSync(join(cwd, "tmp")).filter((name) => name.includes("heap")),
        [],
      );
    } finally {
      await browser.close();
      child.kill("SIGINT");
      await ended;
    }
  });
});

test("a page that was opened with a token keeps it out of the address", {
  skip: skipWithout("chromium"),
  timeout: 60_000,
}, async () => {
  await withFolder({ "server.mjs": SERVER, "package.json": "{}" }, async (cwd) => {
    const token = "correct-horse-battery";
    const env = { TRACEMALLOC_LIVE_TOKEN: token };
    const { origin, child, ended } = await startLive(["run", "--live", "server.mjs"], { cwd, env });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      assertEquals((await page.goto(`${origin}/debug/tracemalloc/`))!.status(), 401);
      await page.goto(`${origin}/debug/tracemalloc/?token=${token}`);
      assertEquals(page.url(), `${origin}/debug/tracemalloc/`);
      await page.locator("#status", { hasText: "live" }).waitFor();
      await page.locator("#mark").click();
      await page.locator("#diff").waitFor();
    } finally {
      await browser.close();
      child.kill("SIGINT");
      await ended;
    }
  });
});

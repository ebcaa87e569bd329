// The live page in Chromium, while a second process keeps the server busy.
import { spawn } from "node:child_process";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
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
      await page.locator("#flame g.frame, #flame rect").first().waitFor();
      assertMatch((await page.locator("#flame").textContent())!, /server\.mjs/);
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

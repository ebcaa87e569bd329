/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
// The live page in Chromium stops and starts tracing, and has snapshots written.
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { startLive } from "../cli/live_program.ts";
import { withFolder } from "../cli/tracemalloc.ts";
import { launchChromium, skipWithout } from "./browsers.ts";

const KEEPER = `const kept = [];
for (let i = 0; i < 1000; i++) kept.push({ i });
setInterval(() => kept.push({ kept }), 20);
`;

test(
  "the live page's buttons stop tracing, start it, and have a snapshot written",
  {
    skip: skipWithout("chromium"),
    timeout: 110_000,
  },
  () =>
    withFolder({ "keeper.mjs": KEEPER, "package.json": "{}" }, async (cwd) => {
      const words = ["run", "--live", "-o", "end.pb.gz", "keeper.mjs"];
      const { origin, child, ended } = await startLive(words, { cwd });
      const browser = await launchChromium();
      try {
        const page = await browser.newPage({ viewport: { width: 400, height: 700 } });
        const troubles: string[] = [];
        page.on("pageerror", (error) => troubles.push(String(error)));
        const dialogs: string[] = [];
        page.on("dialog", (dialog) => {
          dialogs.push(dialog.message());
          void dialog.accept();
        });
        await page.goto(`${origin}/debug/tracemalloc/`);
        const said = page.locator("#said");
        await page.locator("#top tbody tr").first().locator("code", { hasText: "keeper.mjs:" }).waitFor();

        await page.locator("#snapshot").click();
        await said.filter({ hasText: "snapshot written to " }).waitFor();
        const [file] = readdirSync(cwd).filter((name) => name.includes("snapshot-1"));
        assertMatch((await said.textContent())!, /^snapshot written to .*end\.\d+\.snapshot-1\.pb\.gz$/);
        assert((await said.textContent())!.endsWith(file!));

        await page.getByRole("button", { name: "Stop tracing" }).click();
        await said.filter({ hasText: "tracing stopped" }).waitFor();
        await page.locator("#status", { hasText: "not tracing" }).waitFor();
        assertEquals(await page.locator("#snapshot").isDisabled(), true);
        assertEquals(dialogs, ["Stop tracing? All traces are dropped."]);

        await page.getByRole("button", { name: "Start tracing" }).click();
        await page.locator("#status", { hasText: "live, snapshot in" }).waitFor();
        // What was made before is not known any more, what is made from now on is.
        await page.locator("#top tbody tr").first().locator("code", { hasText: "keeper.mjs:3" }).waitFor();
        assertEquals(await page.locator("#snapshot").isDisabled(), false);
        assertEquals(await page.locator("#top code", { hasText: "keeper.mjs:2" }).count(), 0);
        assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "too wide");
        if (process.env.SCREENSHOTS)
          await page.screenshot({ path: `${process.env.SCREENSHOTS}/live_control.png` });
        assertEquals(troubles, []);
      } finally {
        await browser.close();
        child.kill("SIGTERM");
        await ended;
      }
    }),
);

// speedscope itself reads what is exported for it: the importer is only there inside of its page.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { collapsed } from "../../src/report/export/collapsed.ts";
import { heapprofile } from "../../src/report/export/heapprofile.ts";
import { speedscope } from "../../src/report/export/speedscope.ts";
import { hostileSnapshot, SNAPSHOT, textOf } from "../report/export/exports_fixture.ts";
import { launchChromium, skipWithout } from "./browsers.ts";

const page = pathToFileURL(createRequire(import.meta.url).resolve("speedscope/dist/release/index.html")).href;

/** Opens a file in speedscope, as its command line does, and gives what its page shows. */
async function opened(
  name: string,
  content: Uint8Array | string,
): Promise<{ text: string; mistakes: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-speedscope-"));
  const browser = await launchChromium();
  try {
    const base64 = Buffer.from(content).toString("base64");
    const script = join(folder, "profile.js");
    writeFileSync(script, `speedscope.loadFileFromBase64(${JSON.stringify(name)}, "${base64}")`);
    const tab = await browser.newPage();
    const mistakes: string[] = [];
    tab.on("pageerror", (error) => mistakes.push(error.message));
    tab.on("dialog", (dialog) => {
      mistakes.push(dialog.message());
      void dialog.dismiss();
    });
    await tab.goto(`${page}#localProfilePath=${script}`);
    // The views appear when a profile is there.
    await tab.waitForSelector("text=Sandwich", { timeout: 30_000 });
    return { text: (await tab.textContent("body")) ?? "", mistakes };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const FILES: readonly (readonly [name: string, content: Uint8Array | string, shown: string])[] = [
  ["app.speedscope.json", textOf(speedscope(SNAPSHOT)), "memory (1/2)"],
  ["hostile.speedscope.json", textOf(speedscope(hostileSnapshot())), "memory (1/2)"],
  ["app.heapprofile", textOf(heapprofile(SNAPSHOT)), "app.heapprofile"],
  ["hostile.heapprofile", textOf(heapprofile(hostileSnapshot())), "hostile.heapprofile"],
  ["app.collapsed.txt", textOf(collapsed(SNAPSHOT)), "app.collapsed.txt"],
  ["hostile.collapsed.txt", textOf(collapsed(hostileSnapshot())), "hostile.collapsed.txt"],
  ["app.pb.gz", SNAPSHOT.toBytes(), "app.pb.gz"],
];

for (const [name, content, shown] of FILES) {
  test(`speedscope opens ${name}`, { skip: skipWithout("chromium") }, async () => {
    const { text, mistakes } = await opened(name, content);
    assertEquals(mistakes, []);
    assertStringIncludes(text, shown);
  });
}

// Components of Vue and Svelte on Vite's development server, in Chromium: lines are those of the files that people wrote.
import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "@vitejs/plugin-vue";
import { createServer } from "vite";
import { Snapshot } from "../../mod.ts";
import { Project, root } from "../hosts/host.ts";
import { plugin } from "../integrations/app.ts";
import { launchChromium, skipWithout } from "./browsers.ts";
import { checkLines, EXPECTED, FILES } from "./components_app.ts";

test("Vue and Svelte: lines are those of the components, whichever block they stand in", {
  skip: skipWithout("chromium"),
}, async () => {
  using project = new Project({ "package.json": `{"type":"module"}`, ...FILES });
  const folder = realpathSync(project.folder);
  for (const name of ["vue", "svelte"]) {
    const target = join(folder, "node_modules", name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(root, "node_modules", name), target, "dir");
  }
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/vite.ts")>("vite");
  const server = await createServer({
    ...{ root: folder, logLevel: "error", configFile: false },
    // Before and after the others: ours has to come last wherever it stands.
    plugins: [tracemalloc({ include: [folder], start: { nframe: 5, sampling: "exact" } }), vue(), svelte()],
    server: { port: 0, host: "127.0.0.1", fs: { strict: false } },
  });
  const browser = await launchChromium();
  try {
    await server.listen();
    const { port } = server.httpServer!.address() as { port: number };
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.getByText("vue 1").click();
    await page.getByText("svelte 700").click();
    const response = await fetch(`http://127.0.0.1:${port}/__tracemalloc/snapshot.pb.gz`);
    assertEquals(response.status, 200);
    const snapshot = Snapshot.fromBytes(new Uint8Array(await response.arrayBuffer()));
    assertEquals(EXPECTED.length, 7);
    checkLines(snapshot, folder);
    assertEquals(
      errors.filter((text) => !text.includes("favicon") && !text.includes("404")),
      [],
    );
  } finally {
    await browser.close();
    await server.close();
  }
});

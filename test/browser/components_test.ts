// Components of Vue and Svelte on Vite's development server, in Chromium: lines are those of the files that people wrote, and wrote anew.
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "@vitejs/plugin-vue";
import type { Page } from "playwright-core";
import { createServer } from "vite";
import { Snapshot } from "../../mod.ts";
import { Project, root } from "../hosts/host.ts";
import { plugin } from "../integrations/app.ts";
import { launchChromium, skipWithout } from "./browsers.ts";
import { checkLines, EXPECTED, FILES } from "./components_app.ts";

interface Opened {
  readonly folder: string;
  readonly page: Page;
  readonly url: string;
  readonly snapshot: () => Promise<Snapshot>;
}

/** The page on Vite's development server; none of its errors is passed over. */
async function withPage(use: (opened: Opened) => Promise<void>): Promise<void> {
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
    const url = `http://127.0.0.1:${port}`;
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(`${url}/`);
    const snapshot = async (): Promise<Snapshot> => {
      const response = await fetch(`${url}/__tracemalloc/snapshot.pb.gz`);
      assertEquals(response.status, 200);
      return Snapshot.fromBytes(new Uint8Array(await response.arrayBuffer()));
    };
    await use({ folder, page, url, snapshot });
    assertEquals(
      errors.filter((text) => !text.includes("favicon") && !text.includes("404")),
      [],
    );
  } finally {
    await browser.close();
    await server.close();
  }
}

test(
  "Vue and Svelte: lines are those of the components, whichever block they stand in",
  {
    skip: skipWithout("chromium"),
  },
  () =>
    withPage(async ({ folder, page, snapshot }) => {
      await page.getByText("vue 1").click();
      await page.getByText("svelte 700").click();
      assertEquals(EXPECTED.length, 7);
      checkLines(await snapshot(), folder);
    }),
);

/** So many lines that no line of the new text has the number of one that is looked at in the old text. */
const MORE = 20;

/** Writes a component anew, with more lines at the top of its script, and other numbers. */
function edit(file: string, before: string, changes: Readonly<Record<string, string>>): void {
  let text = readFileSync(file, "utf8");
  for (const [from, to] of Object.entries({
    [before]: `${"// edited\n".repeat(MORE)}${before}`,
    ...changes,
  })) {
    assert(text.includes(from), from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

test(
  "Vue and Svelte, edited while the page is open: lines are the new text's, nothing is counted twice",
  {
    skip: skipWithout("chromium"),
  },
  () =>
    withPage(async ({ folder, page, url, snapshot }) => {
      await page.getByText("vue 1").click();
      await page.evaluate("globalThis.isOpen = true");
      edit(join(folder, "Rows.vue"), "import { onMounted", {
        "i < 200": "i < 250",
        "vue {{ row.id }}": "new vue {{ row.id }}",
      });
      await page.getByText("new vue 1").click();
      edit(join(folder, "Counter.svelte"), "let { count }", {
        "i < 600": "i < 650",
        "svelte {": "new svelte {",
      });
      await page.getByText("new svelte 700").click();
      // The page was not loaded anew: what the old text made is there, by its lines.
      assertEquals(await page.evaluate("globalThis.isOpen"), true);
      const at = (name: string, text: string): number =>
        FILES[name]!.split("\n").findIndex((line) => line.includes(text)) + 1;
      const [kept, made, effect, add] = [
        at("Rows.vue", "i < 200"),
        at("Rows.vue", "const row: Row"),
        at("Counter.svelte", "remember({ id })"),
        at("Counter.svelte", "i < 600"),
      ];
      checkLines(await snapshot(), folder, [
        [`Rows.vue:${kept}`, 200],
        [`Rows.vue:${kept + MORE}`, 250],
        [`Rows.vue:${made}`, 300],
        [`Rows.vue:${made + MORE}`, 300],
        [`Counter.svelte:${effect}`, 500],
        [`Counter.svelte:${effect + MORE}`, 500],
        [`Counter.svelte:${add + MORE}`, 650],
      ]);
      for (const name of ["Rows.vue", "Counter.svelte"]) {
        const served = await (await fetch(`${url}/${name}`, { headers: { accept: "*/*" } })).text();
        assertEquals(
          served.match(/import"tracemalloc\/tracker"|install\.[jt]s/g)?.length,
          1,
          served.slice(0, 600),
        );
      }
    }),
);

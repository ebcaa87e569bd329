// Pages whose code does not record its calls: call paths from the stacks of Chromium and Firefox, led back by the bundle's source maps.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { Snapshot } from "../../mod.ts";
import { plugin } from "../integrations/app.ts";
import { inChromium, inFirefox, launchChromium, skipWithout } from "./browsers.ts";
import { check, checkAll, Page } from "./paths_page.ts";

/** Its call of `run` stands where the other one's does. */
const VITE_MAIN = `import { run } from "./app.ts";${"\n".repeat(9)}  const kept = await run(100);
Object.assign(globalThis, { kept });
`;

async function bundle(page: Page): Promise<void> {
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/esbuild.ts")>("esbuild");
  await build({
    ...{ entryPoints: [join(page.home, "main.ts")], outdir: page.out, bundle: true, splitting: true },
    ...{ format: "esm", minify: true, sourcemap: true, logLevel: "error" },
    plugins: [tracemalloc({ calls: false })],
  });
}

for (const name of ["chromium", "firefox"] as const) {
  test(`${name}: call paths of the engine's stacks, in a minified bundle`, {
    skip: skipWithout(name),
  }, async () => {
    await using page = new Page();
    await bundle(page);
    await (name === "chromium" ? inChromium : inFirefox)(await page.serve(), () => checkAll(page));
  });
}

test("chromium: the same of Vite's development server, which traces the page from its start", {
  skip: skipWithout("chromium"),
}, async () => {
  await using page = new Page();
  const { createServer } = await import("vite");
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/vite.ts")>("vite");
  writeFileSync(join(page.home, "main.ts"), VITE_MAIN);
  writeFileSync(join(page.home, "index.html"), `<script type="module" src="./main.ts"></script>`);
  const server = await createServer({
    ...{ root: page.home, configFile: false, logLevel: "error", plugins: [tracemalloc({ calls: false })] },
    server: { host: "127.0.0.1", port: 0, fs: { strict: false } },
    cacheDir: join(page.home, "cache"),
  });
  try {
    await server.listen();
    const { port } = server.httpServer!.address() as { port: number };
    const url = `http://127.0.0.1:${port}/`;
    const browser = await launchChromium();
    try {
      const tab = await browser.newPage();
      await tab.goto(url);
      await tab.waitForFunction("globalThis.kept !== undefined");
      const answer = await fetch(`${url}__tracemalloc/snapshot.pb.gz`);
      const snapshot = Snapshot.fromBytes(new Uint8Array(await answer.arrayBuffer()));
      check({ own: "1the program's own", snapshot }, page.home);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
});

// Pages without recorded calls, from every bundler, in Chromium: `test/browser/native_paths_test.ts` has esbuild's.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { rspack } from "@rspack/core";
import { assertEquals } from "@std/assert";
import { rolldown } from "rolldown";
import { build as vite } from "vite";
import webpack from "webpack";
import { inChromium, skipWithout } from "../browser/browsers.ts";
import { checkAll, Page } from "../browser/paths_page.ts";
import { root } from "../hosts/host.ts";
import { plugin } from "../integrations/app.ts";
import { TYPESCRIPT_LOADER } from "../integrations/typescript_loader.ts";

/** What webpack and Rspack are both told. */
function configuration(page: Page) {
  return {
    mode: "production",
    devtool: "source-map",
    entry: join(page.home, "main.ts"),
    context: page.home,
    output: { path: page.out, filename: "main.js", publicPath: "/assets/" },
  } as const;
}

type Finished = (error: Error | null, stats?: { hasErrors(): boolean; toString(): string }) => void;

function finished(resolve: () => void, reject: (reason: unknown) => void): Finished {
  return (error, stats) =>
    error !== null || stats?.hasErrors() ? reject(error ?? new Error(String(stats))) : resolve();
}

/** All make it short. */
const BUNDLERS: Record<string, (page: Page) => Promise<void>> = {
  async vite(page) {
    const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/vite.ts")>("vite");
    await vite({
      ...{ root: page.home, base: "./", logLevel: "error", configFile: false },
      plugins: [tracemalloc({ calls: false })],
      build: {
        ...{ outDir: page.out, sourcemap: true, target: "es2023", assetsDir: "" },
        rolldownOptions: { input: join(page.home, "main.ts"), output: { entryFileNames: "main.js" } },
      },
    });
  },
  async rolldown(page) {
    const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/rolldown.ts")>("rolldown");
    const plugins = [tracemalloc({ calls: false })];
    const bundle = await rolldown({ input: join(page.home, "main.ts"), plugins, platform: "browser" });
    await bundle.write({ dir: page.out, format: "esm", sourcemap: true, minify: true });
    await bundle.close();
  },
  async webpack(page) {
    const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/webpack.ts")>("webpack");
    const loader = join(page.home, "typescript.cjs");
    writeFileSync(loader, TYPESCRIPT_LOADER);
    await new Promise<void>((resolve, reject) => {
      const rules = [{ test: /\.ts$/, use: loader }];
      webpack(
        { ...configuration(page), module: { rules }, plugins: [tracemalloc({ calls: false })] },
        finished(resolve, reject),
      );
    });
  },
  async rspack(page) {
    const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/rspack.ts")>("rspack");
    const options = { jsc: { parser: { syntax: "typescript" }, target: "es2022" } };
    const rules = [{ test: /\.ts$/, loader: "builtin:swc-loader", options, type: "javascript/auto" }];
    await new Promise<void>((resolve, reject) => {
      rspack(
        { ...configuration(page), module: { rules }, plugins: [tracemalloc({ calls: false })] },
        finished(resolve, reject),
      );
    });
  },
  async bun(page) {
    const script = join(page.home, "build.mjs");
    writeFileSync(
      script,
      `import { tracemalloc } from "tracemalloc/bun";
const { success, logs } = await Bun.build({
  entrypoints: ["main.ts"], outdir: "out/assets", target: "browser", splitting: true, format: "esm",
  minify: true, sourcemap: "linked", plugins: [tracemalloc({ calls: false })],
});
if (!success) throw new Error(logs.join());
`,
    );
    const bun = join(root, "node_modules/.bin/bun");
    const { status, stderr } = spawnSync(bun, [script], { cwd: page.home, encoding: "utf8" });
    assertEquals(status, 0, stderr);
  },
};

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  test(`${name}: call paths of Chromium's stacks, in a minified bundle`, {
    skip: skipWithout("chromium"),
  }, async () => {
    await using page = new Page();
    await bundle(page);
    await inChromium(await page.serve(), () => checkAll(page));
  });
}

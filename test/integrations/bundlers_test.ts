import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { rspack } from "@rspack/core";
import { build as esbuild, transform } from "esbuild";
import { rolldown } from "rolldown";
import { type Plugin, rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";
import { App, plugin } from "./app.ts";

test("esbuild", async () => {
  using app = new App();
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/esbuild.ts")>("esbuild");
  await esbuild({
    ...{ entryPoints: [app.entry], outdir: app.out, bundle: true, format: "esm", platform: "node" },
    ...{ sourcemap: true, minify: true, plugins: [tracemalloc()], logLevel: "error" },
  });
  app.check();
});

test("Rollup, with a plugin that compiles TypeScript", async () => {
  using app = new App({ commonJs: false });
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/rollup.ts")>("rollup");
  const require = (await import("node:module")).createRequire(app.entry);
  const typescript: Plugin = {
    name: "typescript",
    resolveId: (id, importer) => {
      if (/^[./]/.test(id)) return importer === undefined ? id : join(importer, "..", id);
      return id.startsWith("tracemalloc/") ? null : require.resolve(id);
    },
    async transform(code, id) {
      const loader = /\.(tsx?)$/.exec(id)?.[1] as "ts" | "tsx" | undefined;
      if (loader === undefined) return null;
      return await transform(code, { loader, sourcemap: true, sourcefile: id });
    },
  };
  // Ours has to come first wherever it stands in the list.
  const bundle = await rollup({ input: app.entry, plugins: [typescript, tracemalloc()] });
  await bundle.write({ dir: app.out, format: "es", sourcemap: true });
  await bundle.close();
  app.check();
});

test("Rolldown", async () => {
  using app = new App();
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/rolldown.ts")>("rolldown");
  const bundle = await rolldown({ input: app.entry, plugins: [tracemalloc()], platform: "node" });
  await bundle.write({ dir: app.out, format: "esm", sourcemap: true, minify: true });
  await bundle.close();
  app.check();
});

test("Vite, with the packages in a chunk of their own, started by the plugin", async () => {
  using app = new App({ start: false });
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/vite.ts")>("vite");
  await vite({
    ...{ root: app.home, logLevel: "error", configFile: false, plugins: [tracemalloc({ start: 5 })] },
    build: {
      ...{ outDir: app.out, sourcemap: true, target: "es2023", minify: false },
      lib: { entry: app.entry, formats: ["es"], fileName: "main" },
      rolldownOptions: {
        output: {
          codeSplitting: { groups: [{ name: "vendor", test: /-store[\\/]|node_modules[\\/]legacy[\\/]/ }] },
        },
      },
    },
  });
  app.check();
});

/** webpack compiles no TypeScript itself. */
const TYPESCRIPT_LOADER = `
const { transform } = require(${JSON.stringify(join(import.meta.dirname, "../../node_modules/esbuild"))});
module.exports = function (source, map) {
  const callback = this.async();
  const { resourcePath } = this;
  const inline = map ? "\\n//# sourceMappingURL=data:application/json;base64," + Buffer.from(JSON.stringify(map)).toString("base64") : "";
  transform(source + inline, { loader: resourcePath.split(".").pop(), sourcemap: true, sourcefile: resourcePath })
    .then(({ code, map }) => callback(null, code, map), callback);
};`;

/** What webpack and Rspack are both told. */
function configuration(app: App) {
  return {
    mode: "production",
    target: "node",
    devtool: "source-map",
    entry: app.entry,
    context: app.home,
    output: {
      path: app.out,
      filename: "main.mjs",
      module: true,
      devtoolModuleFilenameTemplate: "[absolute-resource-path]",
    },
    resolve: { extensions: [".ts", ".tsx", ".js"] as string[] },
  } as const;
}

test("webpack", async () => {
  using app = new App();
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/webpack.ts")>("webpack");
  const loader = app.path("typescript.cjs");
  writeFileSync(loader, TYPESCRIPT_LOADER);
  await new Promise<void>((resolve, reject) => {
    webpack(
      {
        ...configuration(app),
        ...{ experiments: { outputModule: true } },
        module: { rules: [{ test: /\.tsx?$/, use: loader }] },
        plugins: [tracemalloc()],
      },
      (error, stats) => {
        if (error !== null || stats?.hasErrors()) reject(error ?? new Error(stats?.toString("errors-only")));
        else resolve();
      },
    );
  });
  app.check("main.mjs");
});

test("Rspack", async () => {
  using app = new App();
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/rspack.ts")>("rspack");
  const pragma = { react: { runtime: "classic" as const, pragma: "h" } };
  const compiler = rspack({
    ...configuration(app),
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          loader: "builtin:swc-loader",
          options: {
            jsc: { parser: { syntax: "typescript", tsx: true }, target: "es2022", transform: pragma },
          },
          type: "javascript/auto",
        },
      ],
    },
    plugins: [tracemalloc()],
  });
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString("errors-only")));
      else compiler.close(() => resolve());
    });
  });
  app.check("main.mjs");
});

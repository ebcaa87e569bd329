import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { rspack } from "@rspack/core";
import webpack from "webpack";
import { App, plugin } from "./app.ts";
import { TYPESCRIPT_LOADER } from "./typescript_loader.ts";

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

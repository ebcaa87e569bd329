// Node program: `compile.ts FOLDER NAME…` makes what compilers and bundlers make of each `FOLDER/NAME/src/main.ts`, as `FOLDER/NAME/out/main.js`.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "@swc/core";
import { build } from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const [, , base = ".", ...names] = process.argv;
const main = (name: string): string => join(base, name, "src/main.ts");
const out = (name: string): string => join(base, name, "out");

function tsc(name: string, folder: string, ...flags: string[]): void {
  const options = [
    "--target",
    "es2022",
    "--module",
    "es2022",
    "--moduleResolution",
    "bundler",
    "--types",
    "",
    "--ignoreConfig",
  ];
  const { status, stdout } = spawnSync(
    join(root, "node_modules/.bin/tsc"),
    [...options, ...flags, "--rootDir", join(base, name, "src"), "--outDir", folder, main(name)],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stdout);
}

function swc(text: string, filename: string, sourceMaps: "inline" | true): { code: string; map?: string } {
  return transformSync(text, {
    filename,
    sourceMaps,
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "es6" },
    swcrc: false,
  });
}

async function webpackOf(entry: string, name: string, minimize: boolean): Promise<void> {
  const loader = join(base, "swc_loader.cjs");
  writeFileSync(
    loader,
    `const { transformSync } = require(${JSON.stringify(join(root, "node_modules/@swc/core"))});
module.exports = function (text) {
  const { code, map } = transformSync(text, { filename: this.resourcePath, sourceMaps: true, sourceFileName: this.resourcePath,
    jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "es6" }, swcrc: false });
  this.callback(null, code, JSON.parse(map));
};`,
  );
  const compiler = webpack({
    context: join(base, name),
    entry,
    mode: "production",
    optimization: { minimize },
    target: "node22",
    devtool: "source-map",
    experiments: { outputModule: true },
    resolve: { extensionAlias: { ".js": [".js", ".ts"] } },
    module: { rules: [{ test: /\.ts$/, loader }] },
    output: { path: out(name), filename: "main.js", module: true, chunkFormat: "module" },
  });
  await new Promise<void>((resolve, reject) => {
    compiler!.run((error, stats) => {
      if (error || stats?.hasErrors()) reject(error ?? new Error(stats!.toString()));
      else compiler!.close(() => resolve());
    });
  });
}

const makers: Record<string, () => void | Promise<unknown>> = {
  tsc: () => tsc("tsc", out("tsc"), "--sourceMap"),
  tsc_inline: () =>
    tsc("tsc_inline", out("tsc_inline"), "--inlineSourceMap", "--inlineSources", "--sourceRoot", "../src"),
  swc: () => {
    mkdirSync(out("swc"), { recursive: true });
    for (const file of readdirSync(dirname(main("swc")))) {
      const path = join(dirname(main("swc")), file);
      const { code } = swc(readFileSync(path, "utf8"), path, "inline");
      writeFileSync(join(out("swc"), file.replace(/ts$/, "js")), code);
    }
  },
  esbuild: () =>
    build({
      entryPoints: [main("esbuild")],
      outdir: out("esbuild"),
      bundle: true,
      minify: true,
      format: "esm",
      sourcemap: "linked",
      logLevel: "error",
    }),
  rollup: async () => {
    const bundle = await rollup({
      input: main("rollup"),
      plugins: [
        {
          name: "swc",
          resolveId: (id, importer) =>
            importer && id.startsWith(".") ? join(dirname(importer), id.replace(/js$/, "ts")) : null,
          transform: (text, id) => {
            const { code, map } = swc(text, id, true);
            return { code, map: map! };
          },
        },
      ],
    });
    await bundle.write({ file: join(out("rollup"), "main.js"), format: "es", sourcemap: "inline" });
  },
  webpack: () => webpackOf("./src/main.ts", "webpack", true),
  // Of what tsc made, whose maps webpack does not read: maps of maps.
  webpack_of_tsc: async () => {
    tsc("webpack_of_tsc", join(base, "webpack_of_tsc/lib"), "--sourceMap");
    await webpackOf("./lib/main.js", "webpack_of_tsc", false);
  },
};

for (const name of names) await makers[name]!();

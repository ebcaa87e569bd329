import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { build as esbuild, transform } from "esbuild";
import { rolldown } from "rolldown";
import { type Plugin, rollup } from "rollup";
import { build as vite } from "vite";
import { buildOnce, root } from "../hosts/host.ts";
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

async function bundled<Module>(file: string): Promise<Module> {
  buildOnce();
  const bundle = await rollup({ input: join(root, "dist/src/track/resources", file) });
  const { 0: chunk } = (await bundle.generate({ format: "es" })).output;
  await bundle.close();
  return (await import(`data:text/javascript,${encodeURIComponent(chunk.code)}`)) as Module;
}

test("Rollup keeps what puts an owner's listeners on it", async () => {
  const targets = await bundled<typeof import("../../src/track/resources/listeners.ts")>("listeners.js");
  const owner = {};
  const listener = () => {};
  targets.listenersFrom(owner).add("message", listener, listener, 1);
  assertEquals(targets.listenersOf(owner)?.length, 1);
  const emitters =
    await bundled<typeof import("../../src/track/resources/emitter_listeners.ts")>("emitter_listeners.js");
  emitters.newListenersOf(owner).add("message", listener, listener, 1);
  assertEquals(emitters.listenersOfEmitter(owner)?.take("message", listener), 1);
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

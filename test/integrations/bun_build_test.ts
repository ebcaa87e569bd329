import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { root } from "../hosts/host.ts";
import { App } from "./app.ts";

const BUN = join(root, "node_modules/.bin/bun");

function bun(app: App, script: string, flags: string[] = []): string {
  app.write("script.ts", script);
  const { status, stdout, stderr } = spawnSync(BUN, [...flags, app.path("script.ts")], {
    encoding: "utf8",
    cwd: app.home,
  });
  assertEquals([status, stderr], [0, ""]);
  return stdout;
}

const BUILD = `
import { tracemalloc } from "tracemalloc/bun";
const { success } = await Bun.build({
  entrypoints: ["./src/main.ts"], outdir: "./out", target: TARGET, sourcemap: "linked", minify: true,
  plugins: [tracemalloc(OPTIONS)],
});
console.log(success);
`;

// Bun 1.4 reads no source map of what a plugin gives it: lines hold, as no edit moves them, columns do not.

test("Bun.build for Bun", () => {
  using app = new App();
  assertEquals(bun(app, BUILD.replace("TARGET", `"bun"`).replace("OPTIONS", "")), "true\n");
  app.check("main.js", { runtime: "bun", mapsColumns: false });
});

test("Bun.build for Node, started by the plugin", () => {
  using app = new App({ start: false });
  assertEquals(bun(app, BUILD.replace("TARGET", `"node"`).replace("OPTIONS", "{ start: 5 }")), "true\n");
  app.check("main.js", { mapsColumns: false });
});

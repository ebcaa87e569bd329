// What a page's snapshot says within the page. Built as for a page, and run by this runtime: what pages have instead comes with the build.
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { build } from "esbuild";
import { Project } from "../hosts/host.ts";
import { plugin } from "./app.ts";

const APP = `export function fill(n) {
  const map = new Map(), lists = [];
  for (let i = 0; i < n; i++) map.set("key" + i, String(i * 1.5));
  for (let i = 0; i < n; i++) {
    const list = [];
    for (let k = 0; k < i % 9; k++) list.push(k + 0.5, "of " + i);
    lists.push(list);
  }
  return { map, lists };
}
`;

/** What asks for the snapshot, by the name of what it imports it from. */
const MAINS = {
  "tracemalloc/browser": `import { start, takeSnapshot } from "tracemalloc/browser";
await start({ sampling: SAMPLING, nframe: NFRAME });
const { fill } = await import("./app.mjs");
const kept = fill(20_000);
report(await takeSnapshot(), kept);`,
  tracemalloc: `import { start, takeSnapshot } from "tracemalloc";
import { fill } from "./app.mjs";
start({ sampling: SAMPLING, nframe: NFRAME });
const kept = fill(20_000);
report(takeSnapshot(), kept);`,
};
const REPORT = `
function report(snapshot, kept) {
  const wrong = [];
  let seen = 0;
  for (const by of ["lineno", "filename", "function", "traceback", "type"])
    for (const cumulative of by === "traceback" || by === "type" ? [false] : [false, true])
      for (const one of snapshot.statistics(by, cumulative)) {
        seen++;
        if (one.count > one.allocatedCount || one.size > one.allocatedSize)
          wrong.push(by + " " + one + ", of " + one.allocatedSize + " B, " + one.allocatedCount);
      }
  console.log(JSON.stringify({ wrong, seen, size: snapshot.statistics("filename")[0].size, kept: kept.lists.length }));
}
`;

for (const [name, main] of Object.entries(MAINS)) {
  for (const [sampling, nframe] of [
    ["exact", 1],
    ["adaptive", 25],
  ] as const) {
    test(`${name} in a page, ${sampling}: what lives was allocated`, async () => {
      const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/esbuild.ts")>("esbuild");
      using project = new Project({ "main.mjs": main + REPORT, "app.mjs": APP });
      await build({
        ...{
          entryPoints: [project.path("main.mjs")],
          outdir: project.path("out"),
          bundle: true,
          splitting: true,
        },
        ...{ format: "esm", platform: "browser", outExtension: { ".js": ".mjs" }, logLevel: "error" },
        define: { SAMPLING: JSON.stringify(sampling), NFRAME: String(nframe) },
        plugins: [tracemalloc()],
      });
      const { stdout, stderr } = await project.run("node", join("out", "main.mjs"), { preload: null });
      assert(stdout !== "", stderr);
      const { wrong, seen, size } = JSON.parse(stdout) as { wrong: string[]; seen: number; size: number };
      assertEquals(wrong, []);
      assert(seen > 10 && size > 2_000_000, stdout);
    });
  }
}

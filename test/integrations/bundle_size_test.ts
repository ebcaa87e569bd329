// What the package adds to a bundle: budgets, and that a bundle holds what it uses and no more.
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { assert, assertEquals } from "@std/assert";
import { build } from "esbuild";
import { buildOnce, root } from "../hosts/host.ts";

interface Bundle {
  kib: number;
  text: string;
}

async function bundle(source: string): Promise<Bundle> {
  buildOnce();
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: join(root, "examples") },
    ...{ bundle: true, minify: true, format: "esm", target: "es2022", write: false, logLevel: "error" },
  });
  const { contents, text } = outputFiles[0]!;
  return { kib: gzipSync(contents, { level: 9 }).length / 1024, text };
}

// gzipped KiB, some room above what was measured.
const BUDGETS: [source: string, kib: number][] = [
  ['import "tracemalloc/tracker";', 4],
  ['import { start } from "tracemalloc"; start();', 17],
  [
    'import { start } from "tracemalloc"; import { downloadSnapshot } from "tracemalloc/browser"; start(); downloadSnapshot();',
    24,
  ],
  ['export * from "tracemalloc";', 42],
];

for (const [source, budget] of BUDGETS) {
  test(`${source} takes no more than ${budget} KiB, gzipped`, async () => {
    const { kib } = await bundle(source);
    assert(kib > 0.5 && kib < budget, `${kib.toFixed(2)} KiB`);
  });
}

test("what is not used is not in the bundle", async () => {
  const all = (await bundle(`export * from "tracemalloc";`)).text;
  const started = (await bundle(`import { start } from "tracemalloc"; start();`)).text;
  const downloads = `import { start } from "tracemalloc"; import { snapshotBytes } from "tracemalloc/browser"; start(); snapshotBytes();`;
  const written = (await bundle(downloads)).text;
  // Words of what writes profiles, and of statistics.
  const has = (text: string): boolean[] => ["inuse_space", "average="].map((word) => text.includes(word));
  assertEquals(
    [has(started), has(written), has(all)],
    [
      [false, false],
      [true, false],
      [true, true],
    ],
  );
  assertEquals((await bundle(`import "tracemalloc";`)).text.trim(), "");
});

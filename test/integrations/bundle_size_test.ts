// What the package adds to a bundle: budgets, and that a bundle holds what it uses and no more.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { assert, assertEquals } from "@std/assert";
import { build } from "esbuild";
import { buildOnce, root } from "../hosts/host.ts";

/** A file of a bundle. */
interface Output {
  readonly kib: number;
  readonly text: string;
  /** The module that it stands for where something imports that one dynamically. */
  readonly entry: string | undefined;
  /** Names of the files that it cannot do without. */
  readonly imports: readonly string[];
}

/** By name. The first is what the page loads. */
async function bundle(source: string): Promise<Map<string, Output>> {
  buildOnce();
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: join(root, "examples") },
    ...{ bundle: true, splitting: true, outdir: "out", metafile: true, absWorkingDir: root },
    ...{ minify: true, format: "esm", target: "es2022", write: false, logLevel: "error" },
  });
  const outputs = Object.entries(metafile.outputs).map(
    ([path, { entryPoint, imports }]): [string, Output] => {
      const file = outputFiles.find((output) => basename(output.path) === basename(path))!;
      const needed = imports.filter(({ kind }) => kind === "import-statement");
      return [
        basename(path),
        {
          kib: gzipSync(file.contents, { level: 9 }).length / 1024,
          text: file.text,
          entry: entryPoint?.replace(/^dist.src./, ""),
          imports: needed.map((one) => basename(one.path)),
        },
      ];
    },
  );
  return new Map(outputs.sort(([a], [b]) => Number(b === "stdin.js") - Number(a === "stdin.js")));
}

/** The files that come with one of them. */
function closure(
  files: ReadonlyMap<string, Output>,
  name: string,
  found: Set<string> = new Set(),
): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const next of files.get(name)!.imports) closure(files, next, found);
  return found;
}

function sizeOf(files: ReadonlyMap<string, Output>, names: Iterable<string>): number {
  return [...names].reduce((sum, name) => sum + files.get(name)!.kib, 0);
}

/** What a page loads of a bundle, and the text of that. */
async function loaded(source: string): Promise<{ kib: number; text: string }> {
  const files = await bundle(source);
  const names = [...closure(files, "stdin.js")];
  return { kib: sizeOf(files, names), text: names.map((name) => files.get(name)!.text).join("\n") };
}

const LEAN = `import "tracemalloc/tracker"; export * from "tracemalloc/browser";`;

/** What a page fetches of `tracemalloc/browser` from one step to the next, when each has what came before. */
async function steps(): Promise<Map<string, number>> {
  const files = await bundle(LEAN);
  const have = new Set<string>();
  const found = new Map<string, number>();
  const chunk = (entry: string): string => [...files].find(([, file]) => file.entry === entry)![0];
  /** @param isOnTheWay What comes later does without it. */
  const step = (label: string, name: string, isOnTheWay = true): void => {
    const names = [...closure(files, name)].filter((one) => !have.has(one));
    if (isOnTheWay) for (const one of names) have.add(one);
    found.set(label, sizeOf(files, names));
  };
  step("page", "stdin.js");
  step("start", chunk("recording/page/start_recording.js"));
  step("timeline", chunk("recording/page/add_timeline.js"));
  step("text", chunk("track/texts/page/restore_function_text.js"));
  step("modes", chunk("recording/page/other_modes.js"), false);
  step("sizes", chunk("recording/page/sizes_of_engine.js"), false);
  step("extras", chunk("recording/page/extras.js"), false);
  step("builtins", chunk("recording/page/watch_builtins.js"));
  step("bytes", chunk("snapshot/take/recorded.js"));
  step("snapshot", chunk("tracing.js"));
  return found;
}

// gzipped KiB, some room above what was measured.
const BUDGETS: [source: string, kib: number][] = [
  ['import "tracemalloc/tracker";', 4],
  ['import { start } from "tracemalloc"; start();', 19.5],
  [`export * from "tracemalloc";`, 46],
];

for (const [source, budget] of BUDGETS) {
  test(`${source} takes no more than ${budget} KiB, gzipped`, async () => {
    const { kib } = await loaded(source);
    assert(kib > 0.5 && kib < budget, `${kib.toFixed(2)} KiB`);
  });
}

test("tracemalloc/browser: a page has fetched less than 12 KiB when it records, and its own start takes 4", async () => {
  const found = await steps();
  const page = found.get("page")!;
  const core = page + found.get("start")!;
  assert(page > 2 && page < 4, `page: ${page}`);
  assert(core > 8 && core < 12, `page and recorder: ${core}`);
  assert(found.get("timeline")! < 0.8, `timeline: ${found.get("timeline")}`);
  for (const label of ["text", "modes", "sizes", "extras", "builtins", "bytes"]) {
    const kib = found.get(label)!;
    assert(kib > 0.5 && kib < 8.5, `${label}: ${kib.toFixed(2)} KiB`);
  }
  assert(found.get("snapshot")! < 26, `snapshot: ${found.get("snapshot")}`);
});

test("the figures of docs/browsers.md are these", async () => {
  const text = readFileSync(join(root, "docs/browsers.md"), "utf8");
  const written = [...text.matchAll(/^\| (.*?) +\| +([\d.]+) +\|$/gm)].map(([, , kib]) => Number(kib));
  const measured = [...(await steps()).values()];
  for (const source of BUDGETS.slice(1)) measured.push((await loaded(source[0])).kib);
  assertEquals(written.length, measured.length);
  const apart = measured.map((kib, i) => [kib.toFixed(1), written[i]]);
  assert(
    measured.every((kib, i) => Math.abs(kib - written[i]!) < 0.6),
    `measured and written: ${JSON.stringify(apart)}`,
  );
});

test("what is not used is not in the bundle", async () => {
  const all = (await loaded(`export * from "tracemalloc";`)).text;
  const started = (await loaded(`import { start } from "tracemalloc"; start();`)).text;
  const lean = (await loaded(LEAN)).text;
  // Words of what records, of what writes profiles, and of statistics.
  const has = (text: string): boolean[] =>
    ["FinalizationRegistry", "inuse_space", "average="].map((word) => text.includes(word));
  assertEquals(
    [has(lean), has(started), has(all)],
    [
      [false, false, false],
      [true, false, false],
      [true, true, true],
    ],
  );
  assertEquals((await loaded(`import "tracemalloc";`)).text.trim(), "");
});

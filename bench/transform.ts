// What instrumenting costs per megabyte of source, beside istanbul's and a pass of Babel that changes nothing, and what
// the same files cost from the cache. Every file under every mode in turn, in rounds. For the least, that of each file's rounds
// counts, as what the machine does meanwhile only ever adds; mean and median are of whole rounds.
//
//     node bench/transform.ts [--modes "cold;cached"] [--rounds 3] [--files regexp] [--each] [--cpu] [--json FILE]
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse } from "@babel/parser";
import { createCache } from "../src/instrument/cache/cache.ts";
import { createFileInstrumenter, type FileFormat } from "../src/instrument/instrument_file.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const { values } = parseArgs({
  options: {
    modes: { type: "string" },
    rounds: { type: "string", default: "3" },
    files: { type: "string", default: "" },
    each: { type: "boolean", default: false },
    // CPU time of all threads, where others take the processors away.
    cpu: { type: "boolean", default: false },
    json: { type: "string" },
    // Another build of this package to measure as well, under the mode `other`.
    other: { type: "string" },
  },
});

/** As they are published: large and small files, modules and CommonJS, written by hand, compiled, and minified. */
const CORPUS: readonly string[] = [
  "lodash/lodash.js",
  "lodash/fp/*.js",
  "acorn/dist/acorn.js",
  "acorn/dist/acorn.mjs",
  "marked/lib/marked.esm.js",
  "postcss/lib/*.js",
  "prettier/index.mjs",
  "prettier/plugins/{babel,estree,markdown,postcss}.mjs",
  "terser/dist/bundle.min.js",
  "terser/lib/**/*.js",
  "fastify/lib/*.js",
  "webpack/lib/*.js",
  "@babel/core/lib/**/*.js",
  "@babel/parser/lib/*.js",
  "@babel/traverse/lib/**/*.js",
  "react-dom/cjs/*.production.js",
  "typescript-js/lib/typescript.js",
];

interface SourceFile {
  readonly name: string;
  readonly source: string;
  readonly bytes: number;
  readonly format: FileFormat;
}

const files: SourceFile[] = CORPUS.flatMap((pattern) =>
  globSync(pattern, { cwd: join(root, "node_modules") }).sort(),
)
  .filter((path) => new RegExp(values.files).test(path))
  .map((path) => {
    const name = join(root, "node_modules", path);
    const source = readFileSync(name, "utf8");
    const isModule =
      /\b(?:import|export)\b/.test(source) &&
      parse(source, { sourceType: "unambiguous", errorRecovery: true }).program.sourceType === "module";
    return { name, source, bytes: Buffer.byteLength(source), format: isModule ? "module" : "commonjs" };
  });

interface Istanbul {
  createInstrumenter(options: object): { instrumentSync(code: string, filename: string): string };
}
interface BabelCore {
  transformSync(code: string, options: object): { code: string };
}
interface Build {
  readonly instrument: typeof import("../src/instrument/instrument.ts").instrument;
}

const require = createRequire(import.meta.url);
const istanbul = require("istanbul-lib-instrument") as Istanbul;
const babel = require("@babel/core") as BabelCore;
const scratch = mkdtempSync(join(tmpdir(), "tracemalloc-bench-"));

/** The transform as preloads have it: its parser keeps less than the library's. */
const buildAt = (folder: string): Build => require(`${folder}/plugin/transform.cjs`) as Build;

/** The loaders' whole step, over a cache that is filled in the first round. */
function fromCache({ instrument }: Build): (file: SourceFile) => string {
  return createFileInstrumenter({
    selected: () => true,
    wantsSourceMap: () => false,
    calls: true,
    cache: createCache({ folder: join(scratch, "cache"), fingerprint: "bench" }),
    warn: (message) => console.error(message),
    loadInstrument: () => instrument,
  });
}

const ours = buildAt(join(root, "dist"));
const instrumentWith =
  (build: Build, calls = true) =>
  (file: SourceFile): string =>
    build.instrument(file.source, { filename: file.name, sourceType: file.format, calls }).code;

const MODES: Record<string, (file: SourceFile) => string> = {
  cold: instrumentWith(ours),
  "cold, no calls": instrumentWith(ours, false),
  "cold, with a map": ({ name, source, format }) =>
    ours.instrument(source, { filename: name, sourceType: format, sourceMap: true }).code,
  cached: fromCache(ours),
  "parser alone": ({ source, format }) => {
    parse(source, { sourceType: format === "module" ? "module" : "commonjs" });
    return source;
  },
  "Babel, no plugins": ({ name, source, format }) =>
    babel.transformSync(source, {
      ...{ filename: name, configFile: false, babelrc: false, compact: false },
      sourceType: format === "module" ? "module" : "script",
      parserOpts: { allowReturnOutsideFunction: true },
    }).code,
  istanbul: ({ name, source, format }) =>
    istanbul
      .createInstrumenter({ esModules: format === "module", compact: false, autoWrap: true })
      .instrumentSync(source, name),
};
if (values.other !== undefined) {
  const other = buildAt(values.other);
  MODES.other = instrumentWith(other);
  MODES["other, no calls"] = instrumentWith(other, false);
}

const modes = Object.keys(MODES).filter(
  (mode) => values.modes === undefined || values.modes.split(";").includes(mode),
);
const clock = (): number => {
  if (!values.cpu) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const rounds = new Map(modes.map((mode) => [mode, [] as number[]]));
const best = new Map(modes.map((mode) => [mode, files.map(() => Number.POSITIVE_INFINITY)]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const mode of modes) rounds.get(mode)!.push(0);
  for (const [i, file] of files.entries()) {
    for (const mode of modes) {
      const start = clock();
      MODES[mode](file);
      const ms = clock() - start;
      rounds.get(mode)![round] += ms;
      const times = best.get(mode)!;
      if (ms < times[i]) times[i] = ms;
    }
  }
}
rmSync(scratch, { recursive: true, force: true });

const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
console.log(`${files.length} files, ${megabytes.toFixed(1)} MB; Node ${process.versions.node}`);
if (values.each) {
  for (const [i, { name, bytes }] of files.entries()) {
    const speeds = modes.map((mode) => `${mode} ${(bytes / 1e3 / best.get(mode)![i]).toFixed(1)}`);
    console.log(
      `${name.slice(root.length + 13)} (${(bytes / 1e3).toFixed(0)} kB): ${speeds.join(", ")} MB/s`,
    );
  }
}
const results = modes.map((mode) => {
  const ms = best.get(mode)!.reduce((sum, time) => sum + time, 0);
  const speeds = files.map(({ bytes }, i) => Math.log(bytes / 1e3 / best.get(mode)![i]));
  const mean = Math.exp(speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length);
  const whole = rounds.get(mode)!.toSorted((a, b) => a - b);
  const average = whole.reduce((sum, time) => sum + time, 0) / whole.length;
  const speed = (time: number): number => (megabytes * 1e3) / time;
  return {
    ...{ mode, megabytesPerSecond: speed(ms), meanOfFiles: mean },
    ...{ mean: speed(average), median: speed(whole[whole.length >> 1]) },
  };
});
console.log(
  `MB/s${values.cpu ? " of CPU time" : ""}: least of each file, mean of the rounds, median, geometric mean of the files`,
);
for (const { mode, megabytesPerSecond, mean, median, meanOfFiles } of results) {
  const cells = [megabytesPerSecond, mean, median, meanOfFiles].map((value) => value.toFixed(2).padStart(8));
  console.log(`${mode.padEnd(20)} ${cells.join(" ")}`);
}
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ node: process.versions.node, megabytes, results }, null, 2)}\n`,
  );

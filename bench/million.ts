// A dump with a million distinct tracebacks, and what each command takes on it: CPU seconds, peak memory, bytes written.
//   node bench/million.ts [--traces 1000000] [--depth 12] [--folder DIR] [command ...]
// Commands are `top`, `tree`, `stats`, `diff`, `check`, `merge`, and `export-<format>`; all of them unless told otherwise.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { SnapshotColumns } from "../src/snapshot/columns.ts";
import { Snapshot } from "../src/snapshot/snapshot.ts";

const CLI = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));
const FILES = 500;
const LINES = 200;
const TYPES = ["Object", "Array", "closure", "Map", "string", "ArrayBuffer"];

/** Numbers from 0 to 1 that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * A program of 500 files with 200 allocating lines each, in which every line calls one of five others, some more often:
 * no two tracebacks are the same, and most have most of their callers in common. `growth` multiplies the live counts
 * of every tenth traceback.
 */
export function millionTraces(traces: number, depth: number, growth: number): Snapshot {
  const random = randomNumbers(1);
  const frameCount = FILES * LINES;
  const frames = new Int32Array(traces * depth);
  for (let trace = 0; trace < traces; trace++) {
    // The leaf and its caller spell the number of the trace: distinct whatever the rest is.
    const at = trace * depth;
    for (let level = 0, frame = 7; level < depth - 2; level++) {
      frame = (Math.imul(frame, 31) + Math.floor(random() ** 3 * 5) * 7919) % frameCount;
      frames[at + level] = Math.abs(frame);
    }
    frames[at + depth - 2] = Math.floor(trace / frameCount);
    frames[at + depth - 1] = trace % frameCount;
  }
  const counts = Float64Array.from({ length: traces }, (_, trace) => {
    const count = Math.floor(random() ** 8 * 100);
    return trace % 10 === 0 ? count * growth : count;
  });
  const sizes = Float64Array.from({ length: traces }, () => 16 + 8 * Math.floor(random() ** 6 * 512));
  const columns: SnapshotColumns = {
    frames: {
      filenames: Array.from(
        { length: FILES },
        (_, file) => `/srv/app/packages/package-${file % 20}/src/module-${file}.ts`,
      ),
      functionNames: Array.from({ length: 3000 }, (_, name) => `method${name}`),
      filename: Int32Array.from({ length: frameCount }, (_, frame) => Math.floor(frame / LINES)),
      lineno: Int32Array.from({ length: frameCount }, (_, frame) => (frame % LINES) * 3 + 1),
      column: Int32Array.from({ length: frameCount }, (_, frame) => 1 + (frame % 80)),
      functionName: Int32Array.from({ length: frameCount }, (_, frame) => Math.floor(frame / 7) % 3000),
      functionLine: Int32Array.from(
        { length: frameCount },
        (_, frame) => Math.floor((frame % LINES) / 7) * 21 + 1,
      ),
    },
    tracebacks: {
      offset: Int32Array.from({ length: traces + 1 }, (_, trace) => trace * depth),
      frames,
      totalNframe: new Int32Array(traces).fill(depth),
    },
    blocks: {
      traceback: Int32Array.from({ length: traces }, (_, trace) => trace),
      type: Int32Array.from({ length: traces }, (_, trace) => trace % TYPES.length),
      domain: Int32Array.from({ length: traces }, (_, trace) => (trace % TYPES.length === 5 ? 1 : 0)),
      size: sizes,
      count: counts,
      allocatedCount: counts.map((count) => count * 3 + 1),
      allocatedSize: counts.map((count, trace) => (count * 3 + 1) * sizes[trace]),
    },
    types: TYPES,
    tracebackLimit: depth,
  };
  return new Snapshot(columns, { program: "/srv/app/main.ts", pid: 100 + growth, sampling: "exact" });
}

function commandsIn(folder: string): Record<string, readonly string[]> {
  const file = (name: string): string => join(folder, name);
  const formats = ["heapprofile", "speedscope", "collapsed", "csv", "json", "markdown"];
  return {
    top: ["top", file("new.pb.gz")],
    "top-traceback": ["top", "--by", "traceback", file("new.pb.gz")],
    tree: ["tree", file("new.pb.gz")],
    stats: ["stats", file("new.pb.gz")],
    diff: ["diff", file("old.pb.gz"), file("new.pb.gz")],
    "diff-three": ["diff", file("old.pb.gz"), file("old.pb.gz"), file("new.pb.gz")],
    check: [
      "check",
      file("new.pb.gz"),
      "--against",
      file("old.pb.gz"),
      "--max-growth",
      "5%",
      "--by",
      "lineno",
    ],
    merge: ["merge", file("old.pb.gz"), file("new.pb.gz"), "-o", file("merged.pb.gz")],
    ...Object.fromEntries(
      formats.map((format) => [
        `export-${format}`,
        ["export", file("new.pb.gz"), "--format", format, "-o", file(`new.${format}`)],
      ]),
    ),
  };
}

/** Runs a command under GNU time, which also tells of the memory. */
function measure(name: string, words: readonly string[]): void {
  const args = ["-f", "%U %S %M", process.execPath, CLI, ...words];
  const { status, stderr, stdout } = spawnSync("/usr/bin/time", args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const [user, system, kilobytes] = stderr.trim().split("\n").at(-1)!.split(" ").map(Number);
  const output = words[words.indexOf("-o") + 1];
  const bytes = words.includes("-o") ? statSync(output).size : stdout.length;
  const figures = [(user + system).toFixed(2), (kilobytes / 1024).toFixed(0), (bytes / 1e6).toFixed(1)];
  console.log(`| ${[name, ...figures, status].join(" | ")} |`);
}

function main(): void {
  const { values, positionals } = parseArgs({
    options: {
      traces: { type: "string", default: "1000000" },
      depth: { type: "string", default: "12" },
      folder: { type: "string", default: join(tmpdir(), "tracemalloc-million") },
    },
    allowPositionals: true,
  });
  const { folder, traces, depth } = values;
  mkdirSync(folder, { recursive: true });
  for (const [name, growth] of [
    ["old", 1],
    ["new", 2],
  ] as const) {
    const path = join(folder, `${name}.pb.gz`);
    if (!existsSync(path)) millionTraces(Number(traces), Number(depth), growth).dump(path);
    console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
  }
  const commands = commandsIn(folder);
  console.log(
    "\n| command | CPU seconds | peak MB | output MB | exit code |\n| --- | ---: | ---: | ---: | ---: |",
  );
  for (const name of positionals.length > 0 ? positionals : Object.keys(commands))
    measure(name, commands[name]);
}

if (import.meta.main) main();

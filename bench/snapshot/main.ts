// What is done with snapshots of 1.75 million live blocks, beside CPython's tracemalloc on the same program on the same machine:
// a process for each side and number of frames, one at a time.
//
//     nice node bench/snapshot/main.ts [--blocks 1750000] [--paths 15000] [--repetitions 5] [--python-repetitions 1]
//         [--frames 1,25] [--json FILE]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pythonProgram } from "./program.ts";
import type { SideResult } from "./side.ts";

const { values } = parseArgs({
  options: {
    blocks: { type: "string", default: "1750000" },
    paths: { type: "string", default: "15000" },
    repetitions: { type: "string", default: "5" },
    "python-repetitions": { type: "string", default: "1" },
    frames: { type: "string", default: "1,25" },
    json: { type: "string" },
  },
});

function run(command: string, args: readonly string[]): SideResult | null {
  const { stdout, stderr, status, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout) as SideResult;
  console.error(`${command}: ${error?.message ?? stderr}`);
  return null;
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1];
const shown = (list: readonly number[] | undefined): string =>
  list === undefined ? "" : `${Math.min(...list).toFixed(3)} / ${median(list).toFixed(3)}`;

const folder = mkdtempSync(join(tmpdir(), "tracemalloc-snapshots-"));
const results: Record<string, { ours: SideResult; cpython: SideResult | null }> = {};
try {
  const program = join(folder, "program.py");
  writeFileSync(program, pythonProgram());
  for (const frames of values.frames.split(",")) {
    const size = [frames, values.blocks, values.paths];
    const ours = run(process.execPath, [join(import.meta.dirname, "side.ts"), ...size, values.repetitions]);
    if (ours === null) process.exit(1);
    const side = join(import.meta.dirname, "side.py");
    const cpython = run("python3", [side, program, ...size, values["python-repetitions"]]);
    results[frames] = { ours, cpython };
    console.log(
      `\n${frames} frames: ${ours.blocks} blocks, ${ours.tracebacks} tracebacks, dump of ${ours.bytes} bytes, made in ` +
        `${ours.setUp.toFixed(1)} s, peak RSS ${(ours.peakRss / 1e6).toFixed(0)} MB`,
    );
    if (cpython !== null) {
      console.log(
        `CPython: ${cpython.blocks} blocks, ${cpython.tracebacks} tracebacks, dump of ${cpython.bytes} bytes, made in ` +
          `${cpython.setUp.toFixed(1)} s, peak RSS ${(cpython.peakRss / 1e6).toFixed(0)} MB`,
      );
    }
    console.log(
      "\n| seconds, minimum / median | wall | CPU | CPython wall | CPython CPU | CPython ÷ ours (CPU) |",
    );
    console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (const [name, { wall, cpu }] of Object.entries(ours.times)) {
      const theirs = cpython?.times[name];
      const ratio = theirs === undefined ? "" : (Math.min(...theirs.cpu) / Math.min(...cpu)).toFixed(1);
      console.log(
        `| ${[name, shown(wall), shown(cpu), shown(theirs?.wall), shown(theirs?.cpu), ratio].join(" | ")} |`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);

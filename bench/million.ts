// A dump with a million distinct tracebacks, and what each command takes on it: CPU seconds, peak memory, bytes written.
//   node bench/million.ts [--traces 1000000] [--depth 12] [--folder DIR] [command ...]
// Commands are `top`, `tree`, `stats`, `diff`, `check`, `merge`, and `export-<format>`; all of them unless told otherwise.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { largeSnapshot } from "./large_snapshot.ts";

const CLI = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));
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
    if (!existsSync(path)) largeSnapshot({ traces: Number(traces), depth: Number(depth), growth }).dump(path);
    console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
  }
  const commands = commandsIn(folder);
  console.log(
    "\n| command | CPU seconds | peak MB | output MB | exit code |\n| --- | ---: | ---: | ---: | ---: |",
  );
  for (const name of positionals.length > 0 ? positionals : Object.keys(commands))
    measure(name, commands[name]);
}

main();

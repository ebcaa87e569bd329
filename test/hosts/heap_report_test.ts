import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import type { HeapReportData, RetainingPath } from "../../src/heap/heap_report.ts";
import { engines, type Host, hosts, Project, root, whoami } from "./host.ts";

/** Six ways to hold memory, each on a line of its own. */
const PROGRAM = `import { EventEmitter } from "node:events";
import { takeHeapReport } from "tracemalloc/heap";
class Item { constructor(next) { this.next = next; this.data = { payload: 1 }; } }
let list = null;
for (let i = 0; i < 50; i++) list = new Item(list);
const sessions = new Map();
for (let i = 0; i < 60; i++) sessions.set("alice" + i + "@example.com", { token: "secret-value-" + i });
const table = {};
for (let i = 0; i < 70; i++) table["bob" + i] = [i];
function hidden() { const caught = { caught: [1] }; setTimeout(() => caught, 1e6); }
for (let i = 0; i < 40; i++) hidden();
const emitter = new EventEmitter();
for (let i = 0; i < 5; i++) emitter.on("change", () => sessions.size);
globalThis.everywhere = { global: [{}] };
async function waits() { const local = { local: [] }; await new Promise((never) => { globalThis.never = never; }); return local; }
waits();
export const use = () => [list, sessions, table, emitter];
globalThis.use = use;
${whoami}
const report = await takeHeapReport({ limit: 100, pathsPerLine: 9 });
console.log("report:" + JSON.stringify(report));
console.log("text:" + report.format().length);
process.exit();
`;

const ENV = { TRACEMALLOC: "5" };

function reportOf(stdout: string): HeapReportData {
  const line = stdout.split("\n").find((text) => text.startsWith("report:"));
  assert(line !== undefined, stdout);
  return JSON.parse(line.slice(7)) as HeapReportData;
}

/** The hops of a path, in words. */
function words({ root, hops }: RetainingPath): string {
  const hop = (edge: string, type: string, line: number | null, times: number): string =>
    `${edge} ${type}${line === null ? "" : `:${line}`}${times > 1 ? ` × ${times}` : ""}`.trim();
  const path = hops.map(({ edge, type, lineno, times }) => hop(edge, type, lineno, times));
  return [root.replace(/ \(.*/, ""), ...path].join(" > ");
}

function held(report: HeapReportData, lineno: number): string[] {
  const line = report.lines.find((each) => each.lineno === lineno && each.filename.endsWith("main.mjs"));
  assert(line !== undefined, `no line ${lineno}`);
  return line.paths.map((path) => `${path.count}: ${words(path)}`);
}

function check(report: HeapReportData): void {
  const includes = (lineno: number, path: string): void => {
    const found = held(report, lineno);
    assert(found.includes(path), `line ${lineno} has no way ${path}:\n${found.join("\n")}`);
  };
  includes(5, "49: a module's variable > context .list Item:5 > .next Item:5 × 49");
  includes(3, "49: a module's variable > context .list Item:5 > .next Item:5 × 49 > .data Object:3");
  includes(7, "60: a module's variable > context .sessions Map:6 > [key] Object:7");
  includes(9, "70: a module's variable > context .table Object:8 > [key] Array:9");
  assert(
    held(report, 10).some((path) =>
      /^40: .*closure:10 > context .caught Object:10 > .caught Array:10$/.test(path),
    ),
  );
  assert(
    held(report, 13).some((path) =>
      /^5: .*EventEmitter:12 > \._events Object > \.change Array > \[\] closure:13$/.test(path),
    ),
  );
  includes(14, "1: a global variable > .everywhere Object:14 > .global Array:14 > [] Object:14");
  assert(
    held(report, 15).some((path) => /suspended call.* > local Object:15 > \.local Array:15/.test(path)),
    held(report, 15).join("\n"),
  );
  const { heapSize, attributedSize, engineSize, otherSize } = report.totals;
  assertEquals(attributedSize + engineSize + otherSize, heapSize);
  assert(heapSize > 1e6 && attributedSize > 10_000, JSON.stringify(report.totals));
  const items = report.lines.find(({ lineno }) => lineno === 5)!;
  assertEquals(items.count, 50);
  // The list's first item retains all others.
  assert(items.retainedSize >= items.selfSize + 50 * 24, JSON.stringify(items));
}

for (const { name, host, program } of engines) {
  if (host === "bun") continue;
  for (const sampling of ["exact", "adaptive"])
    test(`${name}: who holds what, in ${sampling} mode`, {
      skip: program === null && "not installed",
    }, async () => {
      using project = new Project({ "main.mjs": PROGRAM, "tmp/x": "" });
      const env = { ...ENV, TMPDIR: project.path("tmp"), TRACEMALLOC_SAMPLING: sampling };
      const result = await project.run(host, "main.mjs", { env, program: program! });
      assertEquals(result.code, 0, result.stderr);
      assert(result.stdout.includes(`host:${host}`), result.stdout);
      check(reportOf(result.stdout));
      // No key that is data, no string's value; nothing left behind.
      for (const secret of ["alice", "bob1", "secret-value", "example.com"])
        assert(!result.stdout.includes(secret), secret);
      assertEquals(readdirSync(project.path("tmp")), ["x"]);
    });
}

const ASKS = `import { takeHeapReport } from "tracemalloc/heap";
if (process.env.MEMORY) process.availableMemory = () => Number(process.env.MEMORY);
${whoami}
await takeHeapReport().catch((error) => console.log("error:" + error.message));
console.log("goes on");
`;

const REFUSALS: [name: string, host: string, options: object, message: RegExp][] = [
  ["on Bun", "bun", {}, /Bun has no heap snapshot.*run the program on Node or Deno/],
  [
    "without permission to write",
    "node",
    { flags: ["--permission", "--allow-fs-read=*", "--allow-worker"] },
    /--allow-fs-write/,
  ],
  ["without permission to write", "deno", { flags: ["--deny-write"] }, /run Deno with --allow-write=\//],
  ["when nothing is traced", "node", { env: {} }, /must be tracing/],
  [
    "where V8 would take more memory than there is",
    "node",
    { env: { TRACEMALLOC: "1", MEMORY: "1000000" } },
    /the heap of [\d.]+ [KM]iB is too large for this machine's memory: V8 may take [\d.]+ MiB to write it, and 977 KiB are free$/,
  ],
  [
    "where V8 would take more memory than there is",
    "deno",
    { env: { TRACEMALLOC: "1", MEMORY: "1000000" } },
    /the heap of [\d.]+ [KM]iB is too large for this machine's memory/,
  ],
];

for (const [name, host, options, message] of REFUSALS) {
  if (!hosts.includes(host as never)) continue;
  test(`${host}: ${name}, one line says what is missing, and the program goes on`, async () => {
    using project = new Project({ "main.mjs": ASKS });
    const result = await project.run(host as never, "main.mjs", { env: { TRACEMALLOC: "1" }, ...options });
    const lines = result.stdout.trim().split("\n");
    assertEquals(
      [result.code, lines[0], lines.at(-1), lines.length],
      [0, `host:${host}`, "goes on", 3],
      result.stderr + result.stdout,
    );
    assert(message.test(lines[1]), lines[1]);
  });
}

if (hosts.includes("node"))
  test("node: a folder for temporary files that cannot be written to is an error of one line", async () => {
    using project = new Project({ "main.mjs": ASKS });
    const result = await project.run("node", "main.mjs", {
      env: { TRACEMALLOC: "1", TMPDIR: project.path("missing") },
    });
    assertEquals([result.code, result.stdout.trim().split("\n").length], [0, 3], result.stdout);
    assert(/error:.*missing/.test(result.stdout), result.stdout);
    assert(!existsSync(project.path("missing")));
  });

/** A program in whose place the runtime runs with files of 500 KB at most: as on a disk that fills up while V8 writes. */
function limited(project: Project, host: Host): string {
  const runtime = join(root, "node_modules", ".bin", host);
  project.write("limited.sh", `#!/bin/sh\ntrap "" XFSZ\nulimit -f 1000\nexec "${runtime}" "$@"\n`);
  chmodSync(project.path("limited.sh"), 0o755);
  return project.path("limited.sh");
}

const isPosix = process.platform !== "win32";

for (const host of ["node", "deno"] as const) {
  if (!hosts.includes(host)) continue;
  test(`${host}: a disk that fills up while V8 writes is an error of one line; the program goes on, and nothing is left`, {
    skip: !isPosix && "limits of files are POSIX'",
  }, async () => {
    using project = new Project({ "main.mjs": ASKS, "tmp/x": "" });
    const result = await project.run(host, "main.mjs", {
      env: { TRACEMALLOC: "1", TMPDIR: project.path("tmp") },
      program: limited(project, host),
    });
    const lines = result.stdout.trim().split("\n");
    assertEquals([result.code, lines.length, lines.at(-1)], [0, 3, "goes on"], result.stdout + result.stderr);
    assert(/^error:E(?:FBIG|NOSPC)/.test(lines[1]), lines[1]);
    assertEquals(readdirSync(project.path("tmp")), ["x"]);
  });

  test(`${host}: V8's heap is readable by its owner alone, also where others could read what was there`, {
    skip: !isPosix && "rights of files are POSIX'",
  }, async () => {
    for (const before of [null, 0o644]) {
      using project = new Project({ "main.mjs": "globalThis.kept = [{}];\n" });
      const heap = project.path("app.heapsnapshot");
      if (before !== null) writeFileSync(heap, "old", { mode: before });
      const env = { TRACEMALLOC: "1", TRACEMALLOC_OUT: project.path("out.pb.gz"), TRACEMALLOC_WHY: heap };
      const { code, stderr } = await project.run(host, "main.mjs", { env });
      assertEquals([code, stderr], [0, ""]);
      const { mode, size } = statSync(heap);
      assertEquals((mode & 0o777).toString(8), "600");
      assert(size > 100_000, `${size} bytes`);
    }
  });

  test(`${host}: writing V8's heap within a job that ends the program is not among what the program has allocated`, async () => {
    using project = new Project({
      "main.mjs": "globalThis.kept = [{}];\nsetTimeout(() => process.exit(3), 1);\n",
    });
    const out = project.path("out.pb.gz");
    const env = {
      TRACEMALLOC: "5",
      TRACEMALLOC_SAMPLING: "exact",
      TRACEMALLOC_OUT: out,
      TRACEMALLOC_WHY: project.path("app.heapsnapshot"),
    };
    const { code, stderr } = await project.run(host, "main.mjs", { env });
    assertEquals([code, stderr], [3, ""]);
    const made = Snapshot.load(out)
      .statistics("lineno")
      .map(({ key, count }) => `${count} ${key.slice(-10)}`);
    // The function and the timer, which is still running it.
    assertEquals(made.sort(), ["2 main.mjs:1", "2 main.mjs:2"]);
  });

  test(`${host}: where V8's heap does not fit on the disk at the end, the exit code stands and the dump is written`, {
    skip: !existsSync("/dev/full") && "only Linux has a device that is always full",
  }, async () => {
    using project = new Project({ "main.mjs": "globalThis.kept = [{}];\nprocess.exitCode = 7;\n" });
    const out = project.path("out.pb.gz");
    const env = { TRACEMALLOC: "1", TRACEMALLOC_OUT: out, TRACEMALLOC_WHY: "/dev/full" };
    const { code, stdout, stderr } = await project.run(host, "main.mjs", { env });
    assertEquals([code, stdout], [7, ""], stderr);
    assert(/^tracemalloc: the heap was not written: ENOSPC[^\n]*\n$/.test(stderr), stderr);
    assert(
      Snapshot.load(out)
        .statistics("lineno")
        .some(({ key }) => key.endsWith("main.mjs:1")),
    );
  });
}

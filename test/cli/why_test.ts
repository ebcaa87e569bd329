import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as plainTest } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { HeapReportData } from "../../src/heap/heap_report.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { root } from "../hosts/host.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

/** Every test here starts several processes. */
function test(name: string, body: () => Promise<void>): void {
  plainTest(name, { timeout: 120_000 }, body);
}

const LEAK = `import { EventEmitter } from "node:events";
const bus = new EventEmitter();
const cache = new Map();
function handle(user) {
  const request = { user, list: [1, 2, 3] };
  bus.on("tick", () => request.list);
  cache.set(user, { request });
}
bus.setMaxListeners(0);
for (let i = 0; i < 300; i++) handle("alice" + i + "@example.com");
globalThis.bus = bus;
`;

const TICK = `    300 (16.4 KiB) held by a global variable
        .bus EventEmitter {FOLDER/app.mjs:2 <module>}
        ._events Object
        .tick Array
        [] closure {FOLDER/app.mjs:6 handle}
`;

for (const runtime of ["node", "deno"]) {
  test(`tracemalloc run --why on ${runtime}: ends with who holds the top lines, and keeps it in the snapshot`, () =>
    withFolder({ "app.mjs": LEAK }, (cwd) => {
      mkdirSync(join(cwd, "tmp"));
      const tick = TICK.replaceAll("FOLDER", cwd);
      const env = { TMPDIR: join(cwd, "tmp") };
      const words = ["run", "--why", "--exact", "--runtime", runtime, "-o", "app.pb.gz", "app.mjs"];
      const { code, stdout, stderr } = tracemalloc(words, { cwd, env });
      assertEquals([code, stdout], [0, ""], stderr);
      assertStringIncludes(stderr.slice(stderr.indexOf("Why it is alive:")), tick);
      // What share of the heap has a line, and what the rest is.
      const share =
        /^ *heap [\d.]+ MiB: .*\(\d+ %\) of objects with a line, .* that no line explains\n *no line: .*source text [\d.]+ [KM]iB/m;
      assertMatch(stderr, share);
      const top = tracemalloc(["top", "--why", "app.pb.gz"], { cwd });
      assertEquals([top.code, top.stderr], [0, ""]);
      assertStringIncludes(top.stdout, tick);
      assertMatch(top.stdout, share);
      const markdown = tracemalloc(["export", "--format", "markdown", "app.pb.gz"], { cwd });
      assertStringIncludes(markdown.stdout, "## Why it is alive\n");
      assertMatch(markdown.stdout, share);
      assertStringIncludes(markdown.stdout, tick.replaceAll(/^ {4}/gm, ""));
      const { why }: { why: HeapReportData } = JSON.parse(
        tracemalloc(["top", "--why", "--json", "app.pb.gz"], { cwd }).stdout,
      );
      assert(
        why.lines.some(({ lineno, count }) => lineno === 6 && count === 300),
        JSON.stringify(why.lines),
      );
      // No key that is data, no value of a string; nothing left behind. (A page has the source, where a part of the keys stands.)
      const dump = JSON.stringify(Snapshot.load(join(cwd, "app.pb.gz")).metadata);
      const report = tracemalloc(["report", "app.pb.gz", "-o", "page.html"], { cwd });
      assertEquals(report.code, 0, report.stderr);
      const page = readFileSync(join(cwd, "page.html"), "utf8");
      assertMatch(page, /"edge":"\.tick","type":"Array"/);
      for (const text of [stderr, top.stdout, markdown.stdout, dump, page])
        assert(!/alice\d/.test(text), "a key that is data");
      assertEquals(readdirSync(join(cwd, "tmp")), []);
    }));
}

/** The tracker that the command gives to the program. */
const api = new URL("../../mod.ts", import.meta.url).href;

const BOTH = `${LEAK}
import { writeHeapSnapshot } from "node:v8";
import { collect, takeSnapshot } from ${JSON.stringify(api)};
await collect();
writeHeapSnapshot("app.heapsnapshot", { exposeNumericValues: process.argv[2] !== "numberless" });
takeSnapshot().dump("now.pb.gz");
`;

/** The same program with its heap and its dump. */
function withHeap(use: (folder: string) => void, argument = ""): Promise<void> {
  return withFolder({ "app.mjs": BOTH }, (cwd) => {
    const words = ["run", "--exact", "--runtime", "node", "-o", "end.pb.gz", "app.mjs", argument];
    const { code, stderr } = tracemalloc(words, { cwd });
    assertEquals(code, 0, stderr);
    use(cwd);
  });
}

test("tracemalloc why joins a heap with a dump", () =>
  withHeap((cwd) => {
    const tick = TICK.replaceAll("FOLDER", cwd);
    const why = (...words: string[]): ReturnType<typeof tracemalloc> =>
      tracemalloc(["why", ...words, "app.heapsnapshot", "now.pb.gz"], { cwd });
    const all = why();
    assertEquals([all.code, all.stderr], [0, ""]);
    assertMatch(all.stdout, /^heap [\d.]+ MiB: [\d.]+ KiB \(\d+ %\) of objects with a line/);
    assertStringIncludes(all.stdout, tick);
    assertEquals((why("--limit", "1").stdout.match(/^#/gm) ?? []).length, 1);
    const one = why("--line", "app.mjs:6");
    assertMatch(one.stdout, /\n#1: .*app\.mjs:6 handle: 300 objects, .* they retain .*\n/);
    assert(!one.stdout.includes("#2"), one.stdout);
    // Keys that are data are there for who asks, and for nobody else.
    assertStringIncludes(
      why("--line", "app.mjs:7").stdout,
      `        [key] Object {${cwd}/app.mjs:7 handle}\n`,
    );
    assertMatch(why("--line", "app.mjs:7", "--keys").stdout, /\n {8}\["alice\d+@example\.com"\] Object \{/);
    const json: HeapReportData & { heap: string } = JSON.parse(why("--json").stdout);
    assertEquals(json.heap, "app.heapsnapshot");
    const { heapSize, attributedSize, engineSize, otherSize } = json.totals;
    assertEquals(attributedSize + engineSize + otherSize, heapSize);
    assertEquals(
      json.otherKinds.reduce((sum, { size }) => sum + size, 0),
      otherSize,
    );
    // Since a snapshot in which these lines had less, they have grown.
    const { columns, metadata } = Snapshot.load(join(cwd, "now.pb.gz"));
    const count = columns.blocks.count.map((each) => Math.floor(each / 2));
    new Snapshot({ ...columns, blocks: { ...columns.blocks, count } }, metadata).dump(join(cwd, "old.pb.gz"));
    const grown = why("--since", "old.pb.gz", "--json");
    const lines = (JSON.parse(grown.stdout) as HeapReportData).lines.map(({ lineno }) => lineno);
    assert(lines.includes(5) && lines.includes(6) && lines.includes(7), grown.stdout);
  }));

test("tracemalloc why says in one line what is wrong with its files", () =>
  withHeap((cwd) => {
    const heap = readFileSync(join(cwd, "app.heapsnapshot"), "utf8");
    writeFileSync(join(cwd, "cut.heapsnapshot"), heap.slice(0, heap.length / 2));
    writeFileSync(join(cwd, "empty.heapsnapshot"), "");
    writeFileSync(join(cwd, "bun.heapprofile"), '{"version":2,"type":"Inspector","nodes":[0]}');
    const cases: [words: string[], code: number, message: RegExp][] = [
      [["missing", "now.pb.gz"], 1, /cannot read missing: no such file/],
      [["app.heapsnapshot", "missing"], 1, /cannot read missing: no such file/],
      [[".", "now.pb.gz"], 1, /cannot read \.: it is no regular file/],
      [["cut.heapsnapshot", "now.pb.gz"], 1, /cut\.heapsnapshot.*cut off/],
      [["empty.heapsnapshot", "now.pb.gz"], 1, /empty\.heapsnapshot.*empty/],
      [["now.pb.gz", "now.pb.gz"], 1, /no heap snapshot/],
      [["bun.heapprofile", "now.pb.gz"], 1, /JavaScriptCore.*Node, Deno or Chrome/],
      [["app.heapsnapshot", "app.heapsnapshot"], 1, /profile or \.heapprofile, but a heap snapshot/],
      [["--line", "app.mjs:999", "app.heapsnapshot", "now.pb.gz"], 1, /no object of app\.mjs:999 is alive/],
      [["--line", "app.mjs", "app.heapsnapshot", "now.pb.gz"], 2, /--line must be a file and a line/],
      [["app.heapsnapshot"], 2, /DUMP is missing/],
    ];
    for (const [words, code, message] of cases) {
      const ended = tracemalloc(["why", ...words], { cwd });
      assertEquals([ended.code, ended.stdout, ended.stderr.split("\n").length], [code, "", 2], ended.stderr);
      assertMatch(ended.stderr, message);
    }
    const later = tracemalloc(["run", "--exact", "--runtime", "node", "-o", "b.pb.gz", "app.mjs"], { cwd });
    assertEquals(later.code, 0, later.stderr);
    const other = tracemalloc(["why", "app.heapsnapshot", "end.pb.gz"], { cwd });
    assertEquals(other.code, 1);
    assertMatch(other.stderr, /two processes, or of two sessions: take both in one/);
  }));

/** What every process that Node starts says that it may still take. */
const NO_MEMORY = { NODE_OPTIONS: "--import=data:text/javascript,process.availableMemory=()=>1e6" };

test("tracemalloc why: a heap that is too large for the machine's memory is one line, and no crash", () =>
  withHeap((cwd) => {
    const words = ["why", "app.heapsnapshot", "now.pb.gz"];
    const { code, stdout, stderr } = tracemalloc(words, { cwd, env: NO_MEMORY });
    assertEquals([code, stdout, stderr.split("\n").length], [1, "", 2], stderr);
    assertMatch(
      stderr,
      /app\.heapsnapshot.*: its \d+ nodes and \d+ edges take [\d.]+ MiB of memory, and 977 KiB are free/,
    );
    // The program's own end stands, and so does its snapshot.
    const run = ["run", "--why", "--exact", "--runtime", "node", "-o", "small.pb.gz", "app.mjs"];
    const ended = tracemalloc(run, { cwd, env: NO_MEMORY });
    assertEquals([ended.code, ended.stdout], [0, ""], ended.stderr);
    assertMatch(
      ended.stderr,
      /the heap was not written: the heap of [\d.]+ [KM]iB is too large for this machine's memory: .*\n/,
    );
    assertMatch(
      ended.stderr,
      /who holds the lines' objects is not known: the program has not written its heap\n/,
    );
    assert(!ended.stderr.includes("    at "), ended.stderr);
    assert(Snapshot.load(join(cwd, "small.pb.gz")).statistics("lineno").length > 3);
  }));

test("tracemalloc why: a heap of Bun's is refused, though it has V8's format", () =>
  withHeap((cwd) => {
    writeFileSync(join(cwd, "bun.mjs"), "globalThis.kept = [{}];\n");
    const bun = join(root, "node_modules", ".bin", "bun");
    const { status, stderr: trouble } = spawnSync(bun, ["--heap-prof", "bun.mjs"], { cwd, encoding: "utf8" });
    const file = readdirSync(cwd).find((name) => name.endsWith(".heapprofile"));
    assert(status === 0 && file !== undefined, trouble);
    assertMatch(readFileSync(join(cwd, file), "utf8").slice(0, 100), /^\{"snapshot":/);
    const { code, stdout, stderr } = tracemalloc(["why", file, "now.pb.gz"], { cwd });
    assertEquals([code, stdout, stderr.split("\n").length], [1, "", 2], stderr);
    assertMatch(stderr, /another engine than V8 \(Bun .*take it with Node, Deno or Chrome/);
  }));

test("tracemalloc why: a heap without numerical values says how to take it", () =>
  withHeap((cwd) => {
    const { code, stderr } = tracemalloc(["why", "app.heapsnapshot", "now.pb.gz"], { cwd });
    assertEquals(code, 1);
    assertMatch(stderr, /without numerical values: take it with exposeNumericValues/);
  }, "numberless"));

test("tracemalloc run --why: what cannot be had is said, and the program's end stands", () =>
  withFolder(
    { "app.mjs": `${LEAK}process.exitCode = 7;\n`, "die.mjs": 'process.kill(process.pid, "SIGKILL");\n' },
    (cwd) => {
      const bun = tracemalloc(["run", "--why", "--runtime", "bun", "app.mjs"], { cwd });
      assertEquals(bun.code, 2);
      assertMatch(bun.stderr, /--why needs V8's heap, which Bun does not have/);
      mkdirSync(join(cwd, "tmp"));
      const dead = tracemalloc(["run", "--why", "--runtime", "node", "-o", "dead.pb.gz", "die.mjs"], {
        cwd,
        env: { TMPDIR: join(cwd, "tmp") },
      });
      assertEquals([dead.signal, existsSync(join(cwd, "dead.pb.gz"))], ["SIGKILL", false]);
      // The command ends by the same signal, and has put away what it made by then.
      assertEquals(readdirSync(join(cwd, "tmp")), []);
      const ended = tracemalloc(["run", "--why", "--runtime", "node", "-o", "app.pb.gz", "app.mjs"], { cwd });
      assertEquals(ended.code, 7);
      assertStringIncludes(ended.stderr, "Why it is alive:");
      const without = tracemalloc(["run", "--runtime", "node", "-o", "no.pb.gz", "app.mjs"], { cwd });
      assertEquals(without.code, 7);
      const top = tracemalloc(["top", "--why", "no.pb.gz"], { cwd });
      assertEquals(top.code, 1);
      assertMatch(top.stderr, /no\.pb\.gz does not tell who holds what: take it with run --why/);
      assertEquals(tracemalloc(["top", "--why", "--by", "type", "app.pb.gz"], { cwd }).code, 2);
      // A folder for temporary files that cannot be used is known before the program runs.
      const nowhere = tracemalloc(["run", "--why", "--runtime", "node", "app.mjs"], {
        cwd,
        env: { TMPDIR: join(cwd, "none") },
      });
      assertEquals([nowhere.code, nowhere.stdout], [1, ""]);
      assertMatch(
        nowhere.stderr,
        /^tracemalloc: run: --why cannot write V8's heap to .*none, the folder for temporary files: no such file; TMPDIR names another\n$/,
      );
    },
  ));

/** What Node made, and nothing but the program's list holds; many lines of the program's have more of their own. */
const HOST = `import { statSync } from "node:fs";
const seen = [];
for (let i = 0; i < 3000; i++) seen.push(statSync("."));
globalThis.seen = seen;
globalThis.kept = [];
${"kept.push(Array.from({ length: 5000 }, () => 1));\n".repeat(12)}`;

const THREADS = `import { Worker } from "node:worker_threads";
const { promise, resolve } = Promise.withResolvers();
new Worker(new URL("./thread.mjs", import.meta.url)).once("message", resolve);
await promise;
globalThis.list = Array.from({ length: 300 }, () => ({}));
process.exit();
`;

test("tracemalloc run --why, as it is by default: a line that holds what the host made comes first; of several threads, the first is told of", () =>
  withFolder(
    {
      "host.mjs": HOST,
      "threads.mjs": THREADS,
      "thread.mjs": `import { parentPort } from "node:worker_threads"; globalThis.x = [{}]; parentPort.postMessage(1); setInterval(() => {}, 1e6);`,
    },
    (cwd) => {
      const host = tracemalloc(["run", "--why", "--runtime", "node", "-o", "host.pb.gz", "host.mjs"], {
        cwd,
      });
      assertEquals(host.code, 0, host.stderr);
      // By the program's own objects it is none of the first ten.
      const [top, why] = host.stderr.split("Why it is alive:");
      assert(!top!.includes("host.mjs:2:"), top);
      assertMatch(
        why!,
        /^#1: .*host\.mjs:2 <module>: 1 object, 32 B, with \d{3,} KiB of the engine's.*\n {4}1 \(32 B\) held by a global variable\n {8}\.seen Array \{.*host\.mjs:2 <module>\}\n/m,
      );
      const threads = tracemalloc(["run", "--why", "--runtime", "node", "-o", "t.pb.gz", "threads.mjs"], {
        cwd,
      });
      assertEquals(threads.code, 0, threads.stderr);
      assertMatch(
        threads.stderr,
        /\ntracemalloc: note: who holds what is told of the first process alone: .*\n\nWhy it is alive:\n/,
      );
      assertStringIncludes(
        threads.stderr,
        "\n    300 (16.4 KiB) held by a global variable\n        .list Array {",
      );
    },
  ));

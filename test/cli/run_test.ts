import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as plainTest } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { COMMAND, keepers, startTracemalloc, tracemalloc, withFolder } from "./tracemalloc.ts";

const RUNTIMES = ["node", "deno", "bun"] as const;

const KEEPER = `interface Entry { id: number }
const kept: Entry[] = [];
for (let id = 0; id < 1000; id++) kept.push({ id });
globalThis.kept = kept;
`;

/** Says on which runtime it runs, what it was given, and what the command asks of the tracker. */
const TELLER = `const { bun, deno } = process.versions;
const { TRACEMALLOC, TRACEMALLOC_SAMPLING, TRACEMALLOC_INCLUDE, TRACEMALLOC_EXCLUDE } = process.env;
console.log(JSON.stringify({
  runtime: bun ? "bun" : deno ? "deno" : "node",
  args: process.argv.slice(2),
  env: [TRACEMALLOC, TRACEMALLOC_SAMPLING, TRACEMALLOC_INCLUDE, TRACEMALLOC_EXCLUDE],
}));
`;

/** Every test here starts several processes, and Bun would give up after five seconds on a busy machine. */
function test(name: string, body: () => Promise<void>): void {
  plainTest(name, { timeout: 120_000 }, body);
}

const FIRST_SCRIPT = `const cache = new Map();
for (let i = 0; i < 20000; i++) cache.set("k" + i, { i, list: [i] });
console.log(cache.size);
`;

const WAIT = 'setInterval(() => {}, 1000); console.log("ready");\n';

function dumps(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes(".pb.gz"));
}

for (const runtime of RUNTIMES) {
  test(`tracemalloc run --runtime ${runtime}: dumps, and shows the top lines on stderr`, () =>
    withFolder({ "app.ts": KEEPER }, (cwd) => {
      const { code, stdout, stderr } = tracemalloc(["run", "--runtime", runtime, "app.ts"], { cwd });
      assertEquals([code, stdout], [0, ""], stderr);
      const [file, ...others] = dumps(cwd);
      assertEquals(others, []);
      assertMatch(file, /^tracemalloc-app-\d+\.pb\.gz$/);
      assertStringIncludes(
        stderr,
        `tracemalloc: snapshot written to ${file}\nTop 10 lines\n#1: ${cwd}/app.ts:`,
      );
      const [shown, happened] = stderr.split(/(?<=\nTotal allocated size: [\d.]+ (?:Ki)?B\n)/);
      assertMatch(
        happened,
        /^tracemalloc: 1 file instrumented; [\d,]+ blocks allocated, of which [\d,]+ died; [\d.]+ KiB alive at the end; [\d.]+ KiB at the peak\ntracemalloc: process: RSS [\d.]+ MiB, heap [\d.]+ [KM]iB, external [\d.]+ [KM]iB, not JavaScript's [\d.]+ MiB; of heap and external memory, [\d.]+ KiB have a line \(\d+ %\)\n$/,
      );
      assert(Snapshot.load(join(cwd, file)).traces.length > 0);
      const top = tracemalloc(["top", file], { cwd });
      assertEquals(top.code, 0);
      assert(shown.endsWith(top.stdout), "top shows the same");
    }));

  test(`tracemalloc run --runtime ${runtime}: the script's own flags reach it untouched`, () =>
    withFolder({ "app.mjs": TELLER }, (cwd) => {
      for (const args of [
        ["--help", "--nframe", "3", "-o", "x", "--runtime=bun", "--", "-e", ""],
        ["--", "--version", "--"],
      ]) {
        const { code, stdout } = tracemalloc(["run", "--runtime", runtime, "app.mjs", ...args], { cwd });
        assertEquals(code, 0);
        assertEquals(JSON.parse(stdout), { runtime, args, env: ["25", "adaptive", null, null] });
      }
    }));

  test(`tracemalloc run --runtime ${runtime}: the exit code and an uncaught error pass through`, () =>
    withFolder({ "exit.mjs": "process.exit(7);\n", "throw.mjs": "\nthrow new Error('oh no');\n" }, (cwd) => {
      const words = ["run", "--runtime", runtime, "-o", "out.pb.gz"];
      assertEquals(tracemalloc([...words, "exit.mjs"], { cwd }).code, 7);
      const { code, stderr } = tracemalloc([...words, "throw.mjs"], { cwd });
      assertEquals(code, 1);
      assertStringIncludes(stderr, "oh no");
      assertMatch(stderr, /throw\.mjs:2/);
      assertStringIncludes(stderr, "snapshot written to out.pb.gz");
    }));

  test(`tracemalloc run --runtime ${runtime}: dies by the signal that killed the program`, () =>
    withFolder(
      { "app.mjs": "process.kill(process.pid, 'SIGKILL');\n", "out.pb.gz": "of yesterday" },
      (cwd) => {
        const { signal, stderr } = tracemalloc(["run", "--runtime", runtime, "-o", "out.pb.gz", "app.mjs"], {
          cwd,
        });
        assertEquals(signal, "SIGKILL");
        const warning = "no snapshot: the program was killed by SIGKILL and did not write out.pb.gz\n";
        const permissions =
          "tracemalloc: Deno runs the program with all permissions (--allow-all); docs/loaders.md says how to give fewer\n";
        const expected = `${runtime === "deno" ? permissions : ""}tracemalloc: ${warning}`;
        assertEquals(stderr, expected, "the file of a former run is not shown");
      },
    ));

  test(`tracemalloc run --runtime ${runtime}: a program may handle a signal itself`, () =>
    withFolder({ "app.mjs": `process.on("SIGTERM", () => process.exit(5));${WAIT}` }, async (cwd) => {
      const { kill, said, end } = startTracemalloc(["run", "--runtime", runtime, "app.mjs"], { cwd });
      await said("ready");
      kill("SIGTERM");
      assertEquals((await end).code, 5);
    }));

  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`tracemalloc run --runtime ${runtime}: ${name} ends the program, then the command`, () =>
      withFolder({ "app.mjs": `globalThis.kept = [{}];${WAIT}` }, async (cwd) => {
        const words = ["run", "--runtime", runtime, "-o", "out.pb.gz", "app.mjs"];
        const { kill, said, end } = startTracemalloc(words, { cwd });
        await said("ready");
        kill(name);
        const { signal, stderr } = await end;
        assertEquals(signal, name, stderr);
        assertStringIncludes(stderr, "snapshot written to out.pb.gz");
      }));
  }
}

test("tracemalloc run without --runtime takes the runtime that runs it", () =>
  withFolder({ "app.mjs": TELLER }, (cwd) => {
    const { runtime } = JSON.parse(tracemalloc(["run", "app.mjs"], { cwd }).stdout);
    const { bun, deno } = process.versions;
    assertEquals(runtime, bun ? "bun" : deno ? "deno" : "node");
  }));

test("tracemalloc run hands its options to the tracker", () =>
  withFolder({ "app.mjs": TELLER }, (cwd) => {
    const env = (...words: string[]): unknown =>
      JSON.parse(tracemalloc(["run", ...words, "app.mjs"], { cwd }).stdout).env;
    assertEquals(env("--exact", "--nframe", "3"), ["3", "exact", null, null]);
    assertEquals(env("--sample", "4096"), ["25", "4096", null, null]);
    assertEquals(env("--sample"), ["25", "524288", null, null]);
    assertEquals(env("--sample", "--nframe", "3"), ["3", "524288", null, null]);
    assertEquals(env("--include", "*.ts", "--include", "a/**", "--exclude=b"), [
      "25",
      "adaptive",
      "*.ts,a/**",
      "b",
    ]);
  }));

test("tracemalloc run leaves stdin, stdout and the script's name to the program", () =>
  withFolder({ "test.mjs": "process.stdin.pipe(process.stdout);\n" }, (cwd) => {
    // A bare "test.mjs" is also what `bun test` and `node inspect` could be mistaken for.
    const { code, stdout } = tracemalloc(["run", "--", "test.mjs"], { cwd, input: "a\0b\nc" });
    assertEquals([code, stdout], [0, "a\0b\nc"]);
  }));

test("tracemalloc run -o names the file; %p stands for the process id", () =>
  withFolder({ "app [1] ü.mjs": KEEPER.replace(/: \w+\[\]|interface.*/g, "") }, (cwd) => {
    const script = "app [1] ü.mjs";
    mkdirSync(join(cwd, "sub"));
    assertEquals(tracemalloc(["run", "-o", "a.pb.gz", script], { cwd }).code, 0);
    assertEquals(tracemalloc(["run", "--output=sub/b-%p.pb.gz", script], { cwd }).code, 0);
    assertEquals(tracemalloc(["run", script], { cwd }).code, 0);
    assertMatch(dumps(cwd).sort().join(" "), /^a\.pb\.gz tracemalloc-app__1__ü-\d+\.pb\.gz$/);
    assertMatch(dumps(join(cwd, "sub")).join(" "), /^b-\d+\.pb\.gz$/);
  }));

// As ts-node and swc-node do it: https://github.com/TypeStrong/ts-node, `register()`.
const COMPILER = `const { Module } = require("node:module");
const { readFileSync } = require("node:fs");
Module._extensions[".ts"] = (module, filename) => {
  const text = readFileSync(filename, "utf8").replace(/^enum (\\w+) .*$/m, "const $1 = { A: 0 };").replaceAll(": number", "");
  module._compile(text, filename);
};
`;

test("tracemalloc run --runtime node: compilers that NODE_OPTIONS require compile program, children and workers", () =>
  withFolder(
    {
      "package.json": `{"type":"commonjs"}`,
      "compiler.cjs": COMPILER,
      "app.ts": `enum Kind { A }
const n: number = 1000;
globalThis.kept = [];
for (let i = 0; i < n; i++) kept.push({ i, kind: Kind.A });
if (process.argv.length > 2) {
  require("node:child_process").spawnSync(process.execPath, ["child.ts"], { stdio: "inherit" });
  new (require("node:worker_threads").Worker)(__dirname + "/worker.ts", { execArgv: ["--require", "./compiler.cjs"] });
}
`,
      "child.ts": `enum Kind { A }\nglobalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i, kind: Kind.A }));\n`,
      "worker.ts": `enum Kind { A }\nglobalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i, kind: Kind.A }));\n`,
    },
    (cwd) => {
      const words = ["run", "--runtime", "node", "--exact", "-o", "out.pb.gz", "app.ts", "all"];
      const env = { NODE_OPTIONS: "--require ./compiler.cjs" };
      const { code, stdout, stderr } = tracemalloc(words, { cwd, env });
      assertEquals([code, stdout], [0, ""], stderr);
      assertEquals(keepers(join(cwd, "out.pb.gz")), ["app.ts", "child.ts", "worker.ts"], stderr);
    },
  ));

test("tracemalloc run --runtime node: hooks that NODE_OPTIONS put into a thread of their own leave nothing out", () =>
  withFolder(
    {
      "loader.mjs": "export const load = (url, context, next) => next(url, context);",
      "dep.cjs": "module.exports = Array.from({ length: 1000 }, (_, i) => ({ i }));",
      "app.mjs": `import all from "./dep.cjs";\nglobalThis.kept = [all];\nfor (let i = 0; i < 1000; i++) kept.push({ i });\n`,
      "app.cjs": `globalThis.kept = [require("./dep.cjs")];\nfor (let i = 0; i < 1000; i++) kept.push({ i });\n`,
    },
    (cwd) => {
      const env = { NODE_OPTIONS: "--no-warnings --experimental-loader=./loader.mjs" };
      for (const app of ["app.mjs", "app.cjs"]) {
        const words = ["run", "--runtime", "node", "--exact", "-o", "out.pb.gz", app];
        const { code, stdout, stderr } = tracemalloc(words, { cwd, env });
        assertEquals([code, stdout], [0, ""], stderr);
        assertEquals(keepers(join(cwd, "out.pb.gz")), [app, "dep.cjs"], stderr);
      }
    },
  ));

test("tracemalloc run replaces the file of a former run, and the snapshot shown is the new one", () =>
  withFolder({ "app.ts": KEEPER, "out.pb.gz": "of yesterday" }, (cwd) => {
    const { stderr } = tracemalloc(["run", "-o", "out.pb.gz", "app.ts"], { cwd });
    assertStringIncludes(stderr, "snapshot written to out.pb.gz\nTop 10 lines\n#1: ");
    assertEquals(dumps(cwd), ["out.pb.gz"]);
  }));

test("tracemalloc run: a dump that cannot be written is a warning, the exit code is the program's", () =>
  withFolder(
    {
      "app.mjs": `import { rmSync } from "node:fs";
rmSync("gone", { recursive: true });
console.log("out");
process.exitCode = 3;
`,
    },
    (cwd) => {
      for (const name of ["out.pb.gz", "out-%p.pb.gz"]) {
        mkdirSync(join(cwd, "gone"));
        const words = ["run", "--runtime", "node", "-o", `gone/${name}`, "app.mjs"];
        const { code, stdout, stderr } = tracemalloc(words, { cwd });
        assertEquals([code, stdout], [3, "out\n"]);
        const [why, warning, ...rest] = stderr.split("\n");
        assertMatch(why, /^tracemalloc: the dump was not written: .*\/gone\/out(-\d+)?\.pb\.gz: .*ENOENT/);
        assertMatch(
          warning,
          /^tracemalloc: no snapshot: the program ended with code 3 and did not write gone\/out(-\d+)?\.pb\.gz$/,
        );
        assertEquals(rest, [""]);
        assertFalse(stderr.includes("%p"), stderr);
        assertFalse(existsSync(join(cwd, "gone")));
      }
    },
  ));

test("tracemalloc run: a script, an output or a runtime that is not there ends with 1 and one line", () =>
  withFolder({ "app.mjs": "console.log('ran');\n" }, (cwd) => {
    const missing = process.versions.deno === undefined ? "deno" : "bun";
    const cases: [string[], string][] = [
      [["nosuch.ts"], "cannot run nosuch.ts: no such file"],
      [["-o", ".", "app.mjs"], "cannot write .: is a directory"],
      [
        ["-o", "missing/out-%p.pb.gz", "app.mjs"],
        `cannot write missing/out-%p.pb.gz: there is no folder ${join(cwd, "missing")}`,
      ],
      [
        ["-o", "app.mjs/out.pb.gz", "app.mjs"],
        `cannot write app.mjs/out.pb.gz: ${join(cwd, "app.mjs")} is no folder`,
      ],
      [
        ["-o", "%p/out.pb.gz", "app.mjs"],
        "cannot write %p/out.pb.gz: %p (the process id, which is not known yet) may stand in the file's name, not in its folder's",
      ],
      [
        ["--runtime", missing, "app.mjs"],
        `${missing} is not installed: it is neither in node_modules/.bin nor on the PATH`,
      ],
    ];
    for (const [words, message] of cases) {
      const ended = tracemalloc(["run", ...words], { cwd, env: { PATH: "/nowhere" } });
      assertEquals([ended.code, ended.stdout], [1, ""]);
      assertEquals(ended.stderr, `tracemalloc: run: ${message}\n`);
    }
  }));

test("an output that is the program, or other source code, is refused before anything runs", () =>
  withFolder(
    { "first.cjs": "console.log('ran');\n", app: "console.log('ran');\n", "kept.tsx": "kept" },
    (cwd) => {
      symlinkSync("first.cjs", join(cwd, "link.pb.gz"));
      Snapshot.fromTraces([[0, 1000, [["app.ts", 1]]]], 1).dump(join(cwd, "a.pb.gz"));
      const lost = "--output is a file of source code, which would be lost: ";
      for (const [words, message] of [
        ["run -o first.cjs first.cjs", "run: --output is the program itself: first.cjs"],
        ["run -o link.pb.gz ./first.cjs", "run: --output is the program itself: link.pb.gz"],
        ["run -o app app", "run: --output is the program itself: app"],
        ["run -o kept.tsx first.cjs", `run: ${lost}kept.tsx`],
        ["report a.pb.gz -o kept.tsx", `report: ${lost}kept.tsx`],
        ["merge --same-pid a.pb.gz a.pb.gz -o kept.tsx", `merge: ${lost}kept.tsx`],
      ] as const) {
        const { code, stdout, stderr } = tracemalloc(words.split(" "), { cwd });
        assertEquals([code, stdout, stderr.split(/[;\n]/)[0]], [2, "", `tracemalloc: ${message}`], words);
      }
      assertEquals(readFileSync(join(cwd, "first.cjs"), "utf8"), "console.log('ran');\n");
      assertEquals(readFileSync(join(cwd, "kept.tsx"), "utf8"), "kept");
    },
  ));

test("report says of a folder that is missing what run says", () =>
  withFolder({}, (cwd) => {
    Snapshot.fromTraces([[0, 1000, [["app.ts", 1]]]], 1).dump(join(cwd, "a.pb.gz"));
    const { code, stderr } = tracemalloc(["report", "a.pb.gz", "-o", "nodir/r.html", "--quiet"], { cwd });
    const folder = join(cwd, "nodir");
    assertEquals(
      [code, stderr],
      [1, `tracemalloc: report: cannot write nodir/r.html: there is no folder ${folder}\n`],
    );
  }));

test("tracemalloc run in a working directory that was deleted says where the snapshot is by its whole path", () =>
  withFolder({ "app.mjs": "globalThis.kept = [{}];\n" }, (cwd) => {
    const out = join(cwd, "out.pb.gz");
    const words = ["run", "--runtime", "node", "-o", out, join(cwd, "app.mjs")].join(" ");
    const command = `mkdir gone && cd gone && rmdir ../gone && exec ${COMMAND.join(" ")} ${words}`;
    const { stderr } = spawnSync("sh", ["-c", command], { cwd, encoding: "utf8" });
    assertStringIncludes(stderr, `snapshot written to ${out}\n`);
  }));

test("tracemalloc run finds a runtime in node_modules/.bin of a folder above", () =>
  withFolder({ "app.mjs": "console.log('never');\n" }, (cwd) => {
    const runtime = process.versions.deno === undefined ? "deno" : "bun";
    const bin = join(cwd, "node_modules", ".bin");
    mkdirSync(bin, { recursive: true });
    mkdirSync(join(cwd, "a", "b"), { recursive: true });
    writeFileSync(join(bin, runtime), '#!/bin/sh\necho "$0" "$@"\nexit 9\n', { mode: 0o755 });
    const { code, stdout } = tracemalloc(["run", "--runtime", runtime, "../../app.mjs", "x"], {
      cwd: join(cwd, "a", "b"),
    });
    assertEquals(code, 9);
    assert(stdout.startsWith(`${join(bin, runtime)} `) && stdout.endsWith(" ../../app.mjs x\n"), stdout);
  }));

for (const runtime of RUNTIMES) {
  test(`tracemalloc run --runtime ${runtime}: child processes and workers are in one snapshot, and leave one each`, () =>
    withFolder(FAMILY, (cwd) => {
      const words = ["run", "--runtime", runtime, "-o", "out.pb.gz"];
      const { code, stdout, stderr } = tracemalloc([...words, "parent.mjs"], { cwd });
      assertEquals([code, stdout], [0, "worker ended\n"], stderr);
      assertStringIncludes(stderr, "tracemalloc: snapshot of 3 processes and workers written to out.pb.gz\n");
      assertMatch(
        stderr,
        /tracemalloc: merged from out\.(\d+)\.pb\.gz, out\.\1-\d+\.pb\.gz, out\.\1\.\d+\.pb\.gz\n/,
      );
      assertEquals(dumps(cwd).length, 4);
      assertEquals(keepers(join(cwd, "out.pb.gz")), ["child.mjs", "parent.mjs", "worker.mjs"]);

      const alone = tracemalloc([...words, "--no-follow", "parent.mjs"], { cwd });
      assertEquals([alone.code, alone.stdout], [0, "worker ended\n"], alone.stderr);
      assertStringIncludes(alone.stderr, "tracemalloc: snapshot written to out.pb.gz\n");
      assertEquals(keepers(join(cwd, "out.pb.gz")), ["parent.mjs"]);
      assertEquals(dumps(cwd).length, 4);
    }));
}

test("tracemalloc run --runtime deno: child processes are traced in a folder that is no project, too", () => {
  const { "package.json": _, ...files } = FAMILY;
  return withFolder(files, (cwd) => {
    const words = ["run", "--runtime", "deno", "--include", "*.mjs", "-o", "out.pb.gz", "parent.mjs"];
    const { code, stdout, stderr } = tracemalloc(words, { cwd });
    assertEquals([code, stdout], [0, "worker ended\n"], stderr);
    assertFalse(stderr.includes("not tracing"), stderr);
    assertEquals(keepers(join(cwd, "out.pb.gz")), ["child.mjs", "parent.mjs", "worker.mjs"]);
  });
});

test("tracemalloc run leaves out what other runs write beside it, and what it cannot read", () =>
  withFolder(FAMILY, (cwd) => {
    const spoil = `import { writeFileSync } from "node:fs";
writeFileSync("a-1.2.pb.gz", "another run's");
writeFileSync(\`a-\${process.pid}.2.pb.gz\`, "was killed");
`;
    writeFileSync(join(cwd, "parent.mjs"), spoil + FAMILY["parent.mjs"]);
    const words = ["run", "--runtime", "node", "-o", "a-%p.pb.gz", "parent.mjs"];
    const { code, stderr } = tracemalloc(words, { cwd });
    assertEquals(code, 0);
    assertMatch(
      stderr,
      /tracemalloc: left out of the merged snapshot: a-(\d+)\.2\.pb\.gz: .*a-\1\.2\.pb\.gz/,
    );
    assertMatch(stderr, /tracemalloc: snapshot of 3 processes and workers written to a-(\d+)-all\.pb\.gz\n/);
  }));

/** Three files that keep a thousand objects each: in a process, in its worker, and in its child. */
const FAMILY = {
  "package.json": "{}",
  "parent.mjs": `import { spawnSync } from "node:child_process";
import { Worker } from "node:worker_threads";
globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
spawnSync(process.execPath, ["child.mjs"], { stdio: "inherit" });
new Worker("./worker.mjs").on("exit", () => console.log("worker ended"));
`,
  "child.mjs": "globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));\n",
  "worker.mjs": "globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));\n",
} as const;

test("tracemalloc run: a script whose cache is garbage at its end is shown at its peak", () =>
  withFolder({ "app.cjs": FIRST_SCRIPT }, (cwd) => {
    const { code, stderr } = tracemalloc(["run", "-o", "out.pb.gz", "app.cjs"], { cwd });
    assertEquals(code, 0);
    const [before, after] = stderr.split("Top 10 lines at the peak\n");
    assertStringIncludes(before, "next to nothing is alive at the end");
    assertMatch(after ?? "", /^#1: .*app\.cjs:2: [\d.]+ (?:Ki)?B\n/, stderr);
    assertMatch(
      stderr,
      // Three for each of 20,000: an object, its array, and a string.
      /tracemalloc: 1 file instrumented; 6\d,\d{3} blocks allocated, of which [56]\d,\d{3} died; /,
    );

    const peak = tracemalloc(["top", "--peak", "out.pb.gz"], { cwd });
    assertMatch(peak.stdout, /^Top 10 lines at the peak\n#1: .*app\.cjs:2: /);
    const { top } = JSON.parse(tracemalloc(["top", "--peak", "--json", "out.pb.gz"], { cwd }).stdout);
    assert(top[0].size > 1e6, `${top[0].size} bytes at the peak`);
    assertStringIncludes(
      tracemalloc(["top", "out.pb.gz"], { cwd }).stdout,
      "\nNote: next to nothing is alive; top --peak",
    );
    const now = tracemalloc(["top", "--json", "out.pb.gz"], { cwd });
    assert(JSON.parse(now.stdout).total.size < 2e5, now.stdout);
    assertEquals(tracemalloc(["top", "--peak", "--short-lived", "out.pb.gz"], { cwd }).code, 2);
  }));

test("tracemalloc run: says that --include leaves everything out", () =>
  withFolder({ "app.cjs": FIRST_SCRIPT }, (cwd) => {
    const { stderr } = tracemalloc(["run", "-o", "out.pb.gz", "--include", "none/**", "app.cjs"], { cwd });
    assertStringIncludes(
      stderr,
      "nothing was instrumented: --include none/** leaves out whatever was loaded\n",
    );
    const { stdout } = tracemalloc(["top", "out.pb.gz"], { cwd });
    assertStringIncludes(stdout, "Note: nothing was instrumented");
  }));

test("code from --eval under the preload: the snapshot says that nothing was instrumented", () =>
  withFolder({}, (cwd) => {
    const preload = new URL("../../dist/plugin/register_node.js", import.meta.url).href;
    const env = { ...process.env, TRACEMALLOC: "1", TRACEMALLOC_OUT: "out.pb.gz" };
    spawnSync("node", ["--import", preload, "-e", "globalThis.kept = [[], {}]"], { cwd, env });
    const { stdout } = tracemalloc(["top", "out.pb.gz"], { cwd });
    assertStringIncludes(stdout, "Note: nothing was instrumented: code from -e and standard input is not");
  }));

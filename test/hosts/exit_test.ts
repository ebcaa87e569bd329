import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { hosts, Project, root, whoami } from "./host.ts";

const traced = (out: string): Record<string, string> => ({ TRACEMALLOC: "1", TRACEMALLOC_OUT: out });

function assertDumped(project: Project, ...names: (string | RegExp)[]): void {
  const dumps = readdirSync(project.folder).filter((name) => name.includes(".pb.gz"));
  assertEquals(dumps.length, names.length, `found ${dumps}`);
  for (const name of names) {
    const found = dumps.find((dump) => (typeof name === "string" ? dump === name : name.test(dump)));
    assert(found !== undefined, `${name} is not among ${dumps}`);
    Snapshot.load(project.path(found));
  }
}

/** A program's last words, and the exit code that goes with them. */
const ENDINGS: [string, string, number][] = [
  ["a normal end", "", 0],
  ["process.exit(3)", "process.exit(3);", 3],
  ["process.exitCode", "process.exitCode = 5;", 5],
  [
    "an own SIGTERM handler",
    `process.on("SIGTERM", () => process.exit(7)); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);`,
    7,
  ],
  [
    "the end, the program having taken process away",
    "globalThis.process = undefined; setTimeout(() => {}, 5);",
    0,
  ],
  [
    "process.exit of a process that the program has replaced",
    "const own = process; globalThis.process = { env: {} }; setTimeout(() => own.exit(6), 5);",
    6,
  ],
];

for (const host of hosts) {
  for (const [ending, code, exitCode] of ENDINGS) {
    test(`${host}: a dump is written at ${ending}`, async () => {
      using project = new Project({ "main.mjs": `const kept = [{}]; ${whoami} ${code}` });
      const result = await project.run(host, "main.mjs", { env: traced("app.pb.gz") });
      assertEquals([result.code, result.stdout, result.stderr], [exitCode, `host:${host}\n`, ""]);
      assertDumped(project, "app.pb.gz");
    });
  }

  for (const [kind, code] of [
    ["thrown at top level", `throw new RangeError("boom");`],
    ["thrown later", `setTimeout(() => { throw new RangeError("boom"); }, 5);`],
    ["of a rejected promise", `Promise.reject(new RangeError("boom"));`],
  ] as const) {
    test(`${host}: an uncaught error ${kind} keeps its output and exit code, and a dump is written`, async () => {
      using project = new Project({ "main.mjs": `${whoami}\n\n${code}` });
      const {
        code: exitCode,
        stdout,
        stderr,
      } = await project.run(host, "main.mjs", { env: traced("app.pb.gz") });
      assertEquals([exitCode, stdout], [1, `host:${host}\n`]);
      assertStringIncludes(stderr, "boom");
      assertStringIncludes(stderr, "main.mjs:4");
      assert(!stderr.includes("tracemalloc:"), stderr);
      assertDumped(project, "app.pb.gz");
    });
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`${host}: ${signal} still ends the process, after the dump`, async () => {
      using project = new Project({
        "main.mjs": `${whoami} console.log("ready"); setInterval(() => {}, 1000);`,
      });
      const {
        code,
        signal: by,
        stderr,
      } = await project.run(host, "main.mjs", { env: traced("app.pb.gz"), signal });
      assertEquals([code, by, stderr], [null, signal, ""]);
      assertDumped(project, "app.pb.gz");
    });
  }

  test(`${host}: a program that handles a signal lives on and sees only its own listeners`, async () => {
    using project = new Project({
      "main.mjs": [
        `process.once("SIGINT", () => { console.log("handled", process.listenerCount("SIGINT") === 0); setTimeout(() => process.exit(4), 20); });`,
        `console.log(process.listenerCount("SIGINT")); ${whoami} setInterval(() => {}, 1000); console.log("ready");`,
      ].join("\n"),
    });
    const {
      code,
      signal: by,
      stdout,
    } = await project.run(host, "main.mjs", { env: traced("app.pb.gz"), signal: "SIGINT" });
    assertEquals([code, by, stdout], [4, null, `1\nhost:${host}\nready\nhandled true\n`]);
    assertDumped(project, "app.pb.gz");
  });

  test(`${host}: a dump that cannot be written is a warning, and the exit code stands`, async () => {
    using project = new Project({ "main.mjs": `${whoami} process.exit(6);`, file: "no folder" });
    for (const out of ["file/app.pb.gz", "/proc/none/app.pb.gz"]) {
      const { code, stdout, stderr } = await project.run(host, "main.mjs", { env: traced(out) });
      assertEquals([code, stdout], [6, `host:${host}\n`]);
      assertStringIncludes(stderr, "tracemalloc: the dump was not written: ");
      assertEquals(stderr.trimEnd().split("\n").length, 1);
    }
  });

  test(`${host}: a named pipe without a reader is a warning, and outlives no signal`, async () => {
    using project = new Project({
      "end.mjs": `${whoami} process.exitCode = 3;`,
      "wait.mjs": `console.log("ready"); setInterval(() => {}, 1000);`,
    });
    spawnSync("mkfifo", [project.path("pipe")]);
    const warning = `tracemalloc: the dump was not written: ${project.path("pipe")}: nobody reads from this pipe\n`;
    const env = traced("pipe");
    const ended = await project.run(host, "end.mjs", { env, timeout: 20_000 });
    assertEquals([ended.code, ended.stdout, ended.stderr], [3, `host:${host}\n`, warning]);
    const killed = await project.run(host, "wait.mjs", { env, signal: "SIGTERM", timeout: 20_000 });
    assertEquals([killed.signal, killed.stderr], ["SIGTERM", warning]);
  });

  test(`${host}: TRACEMALLOC_OUT=/dev/stdout follows the program's output, whatever that is, once`, async () => {
    const text = `import { spawnSync } from "node:child_process"; ${whoami}
if (process.argv[2] === "parent") spawnSync(process.execPath, process.argv[3].split(" "), { stdio: "inherit" });`;
    using project = new Project({ "main.mjs": text });
    const flag = { node: "--import", deno: "run -A --preload", bun: "--preload" }[host];
    const args = [...flag.split(" "), "tracemalloc/register", "main.mjs"];
    const words = [join(root, "node_modules/.bin", host), ...args, "parent", args.join(" ")];
    for (const target of ["| cat > out", "> out"]) {
      const { stderr } = spawnSync("sh", ["-c", `"$@" ${target}`, "sh", ...words], {
        ...{ cwd: project.folder, encoding: "utf8" },
        env: { ...process.env, ...traced("/dev/stdout") },
      });
      assertEquals(stderr, "");
      const written = readFileSync(project.path("out"));
      const own = `host:${host}\n`.repeat(2);
      assertEquals(written.toString("latin1", 0, own.length), own);
      Snapshot.fromBytes(written.subarray(own.length));
    }
    assertEquals(
      readdirSync("/dev").filter((name) => name.includes("pb.gz")),
      [],
    );
  });

  test(`${host}: a child, a sibling and a former run each keep to their own file`, async () => {
    const child = `import { spawnSync } from "node:child_process"; if (process.argv[2] === "parent") console.log(spawnSync(process.execPath, process.argv[3].split(" "), { encoding: "utf8" }).stdout.trim()); console.log(process.env.TRACEMALLOC_OUT); ${whoami}`;
    using project = new Project({ "main.mjs": child });
    const flag = { node: "--import", deno: "run -A --preload", bun: "--preload" }[host];
    const args = ["parent", `${flag} tracemalloc/register main.mjs`];
    const { code, stdout, stderr } = await project.run(host, "main.mjs", { env: traced("app.pb.gz"), args });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.split(`host:${host}`).length, 3);
    assertDumped(project, "app.pb.gz", /^app\.\d+\.\d+\.pb\.gz$/);

    using wait = new Project({ "main.mjs": `${whoami} setTimeout(() => {}, 300);` });
    await wait.run(host, "main.mjs", { env: traced("app.pb.gz") });
    const former = statSync(wait.path("app.pb.gz")).mtimeMs;
    const both = [1, 2].map(() => wait.run(host, "main.mjs", { env: traced("app.pb.gz") }));
    for (const sibling of await Promise.all(both)) assertEquals([sibling.code, sibling.stderr], [0, ""]);
    assertDumped(wait, "app.pb.gz", /^app\.\d+\.pb\.gz$/);
    assert(statSync(wait.path("app.pb.gz")).mtimeMs > former, "the former run's file was not replaced");
    assert(!existsSync(wait.path("app.pb.gz.lock")));
  });

  test(`${host}: no loop over the global object finds what the preload puts there`, async () => {
    using project = new Project({
      "main.cjs": `const found = [...Object.keys(globalThis), ...Object.getOwnPropertySymbols(globalThis)];
console.log(found.filter((key) => /\\$tm|tracemalloc/.test(String(key)) && Object.prototype.propertyIsEnumerable.call(globalThis, key)).length);`,
    });
    const env = { TRACEMALLOC: "1", TRACEMALLOC_OUT: project.path("out.pb.gz") };
    assertEquals((await project.run(host, "main.cjs", { env })).stdout, "0\n");
  });

  test(`${host}: our own listeners do not count against a program's limit`, async () => {
    // Each program says what it has been warned of, and must say the same without the tracker.
    const program = (
      before: string,
      count: number,
    ): string => `const { EventEmitter } = require("node:events");
${before}
let warnings = 0;
process.on("warning", ({ name }) => { if (name === "MaxListenersExceededWarning") warnings++; });
for (let i = 0; i < ${count}; i++) process.on("exit", () => {});
setTimeout(() => console.log(warnings), 20);`;
    const cases: [before: string, count: number, warnings: number][] = [
      ["", 10, 0],
      ["", 11, 1],
      ["process.setMaxListeners(3);", 3, 0],
      ["process.setMaxListeners(3);", 4, 1],
      ["process.setMaxListeners(0);", 40, 0],
      ["EventEmitter.defaultMaxListeners = 30;", 30, 0],
    ];
    using project = new Project({});
    const env = { TRACEMALLOC: "1", TRACEMALLOC_OUT: project.path("out.pb.gz") };
    const found = await Promise.all(
      cases.map(async ([before, count], i) => {
        project.write(`${i}.cjs`, program(before, count));
        return +(await project.run(host, `${i}.cjs`, { env })).stdout;
      }),
    );
    assertEquals(
      found,
      // Bun 1.4 never warns of those of `process`.
      cases.map(([, , warnings]) => (host === "bun" ? 0 : warnings)),
    );
  });

  test(`${host}: %p is the process id`, async () => {
    using project = new Project({ "main.mjs": `console.log(process.pid);` });
    const { stdout } = await project.run(host, "main.mjs", { env: traced("a-%p.pb.gz") });
    assertDumped(project, `a-${stdout.trim()}.pb.gz`);
  });

  test(`${host}: without tracing there is no dump, and a warning says so`, async () => {
    using project = new Project({ "main.mjs": whoami });
    const { code, stderr } = await project.run(host, "main.mjs", { env: { TRACEMALLOC_OUT: "app.pb.gz" } });
    assertEquals(code, 0);
    assertStringIncludes(stderr, "not tracing at exit");
    assertDumped(project);
  });
}

// What is asked of a running process: it starts tracing, and writes snapshots, on every runtime.
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { engines, hosts, Project, whoami } from "./host.ts";

/** Signals itself, and waits each time until what it asked for is there. */
const SIGNALLED = `import { existsSync } from "node:fs";
import { isTracing } from "tracemalloc";
const until = async (is) => { while (!is()) await new Promise((resolve) => setTimeout(resolve, 5)); };
const kept = [];
const keep = () => {
  for (let i = 0; i < 1000; i++) kept.push({ i }); // the line
};
keep();
if (isTracing()) throw new Error("tracing from the start");
for (let round = 0; round < 3; round++) {
  process.kill(process.pid, process.argv[2] ?? "SIGUSR2");
  await until(() => round === 0 ? isTracing() : existsSync(\`app.\${process.pid}.snapshot-\${round}.pb.gz\`));
  keep();
}
${whoami}`;

function snapshots(project: Project): string[] {
  return readdirSync(project.folder)
    .filter((name) => name.includes(".pb.gz"))
    .sort();
}

function countOfLine(project: Project, file: string): number {
  const lines = Snapshot.load(project.path(file)).statistics("lineno");
  return lines.find(({ traceback }) => traceback.at(-1)?.lineno === 6)?.count ?? 0;
}

for (const { name, host, program } of engines) {
  const skip = program === null && `no ${name} on the PATH`;
  test(`${name}: SIGUSR2 starts tracing, and then writes a snapshot each time`, { skip }, async () => {
    using project = new Project({ "main.mjs": SIGNALLED });
    const env = { TRACEMALLOC_SNAPSHOTS: "app.pb.gz" };
    const { code, signal, stdout, stderr } = await project.run(host, "main.mjs", { env, program: program! });
    assertEquals([code, signal, stdout], [0, null, `host:${host}\n`], stderr);
    const files = snapshots(project);
    assertEquals(
      files.map((file) => file.replace(/\d{2,}/, "PID")),
      ["app.PID.snapshot-1.pb.gz", "app.PID.snapshot-2.pb.gz"],
    );
    assertEquals(
      files.map((file) => countOfLine(project, file)),
      [1000, 2000],
      "what was made before tracing began is not known",
    );
    assertEquals(
      // The folder first: its random name may have digits.
      stderr.replaceAll(`${project.folder}/`, "").replace(/\d{2,}/g, "PID"),
      [
        "tracemalloc: tracing from now on; SIGUSR2 writes a snapshot each time\n",
        "tracemalloc: snapshot written to app.PID.snapshot-1.pb.gz\n",
        "tracemalloc: snapshot written to app.PID.snapshot-2.pb.gz\n",
      ]
        .join("")
        .replaceAll(`${project.folder}/`, ""),
    );
  });
}

/** A worker that keeps what it is told to keep, and starts one of its own; what it says tells who traces. */
const WORKER = `import { parentPort, Worker } from "node:worker_threads";
import { isTracing } from "tracemalloc";
const kept = [];
const keep = () => { for (let i = 0; i < 1000; i++) kept.push({ i }); }; // the worker's line
const inner = process.argv[2] === "inner" ? null : new Worker(new URL("./worker.mjs", import.meta.url), { argv: ["inner"], env: {}, execArgv: [] });
keep();
parentPort.on("message", (what) => {
  if (what === "end") { inner?.postMessage("end"); process.exit(); }
  else {
    if (isTracing()) keep();
    if (inner === null) parentPort.postMessage([isTracing()]);
    else inner.once("message", (others) => parentPort.postMessage([isTracing(), ...others])).postMessage("ask");
  }
});
`;

/** Starts workers before and after tracing is started by the signal. */
const WITH_WORKERS = `import { existsSync, readdirSync } from "node:fs";
import { Worker } from "node:worker_threads";
const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
const begin = () => new Worker(new URL("./worker.mjs", import.meta.url));
const ask = (worker) => new Promise((resolve) => { worker.once("message", resolve); worker.postMessage("ask"); });
const before = begin();
console.log("before", await ask(before));
process.kill(process.pid, "SIGUSR2");
while ((await ask(before)).includes(false)) await pause();
await ask(before);
const after = begin();
console.log("after", await ask(before), await ask(after));
process.kill(process.pid, "SIGUSR2");
while (readdirSync(".").filter((name) => /snapshot-1[.]pb[.]gz$/.test(name)).length < 5) await pause();
for (const worker of [before, after]) worker.postMessage("end");
${whoami}`;

for (const { name, host, program } of engines) {
  const skip = program === null && `no ${name} on the PATH`;
  test(`${name}: the signal reaches workers, theirs, and those that begin later: each writes a snapshot of its own`, {
    skip,
  }, async () => {
    using project = new Project({ "main.mjs": WITH_WORKERS, "worker.mjs": WORKER });
    const env = { TRACEMALLOC_SNAPSHOTS: "app.pb.gz" };
    const { code, signal, stdout, stderr } = await project.run(host, "main.mjs", { env, program: program! });
    assertEquals([code, signal], [0, null], stderr);
    const told = stdout.replaceAll(/[^\n\w:]+/g, " ");
    assertEquals(told, `before false false \nafter true true true true \nhost:${host}\n`);
    const files = snapshots(project);
    assertEquals(files.map((file) => file.replace(/\d{2,}/, "PID").replace(/(PID-)\d+/, "$1N")).sort(), [
      ...["app.PID-N.snapshot-1.pb.gz", "app.PID-N.snapshot-1.pb.gz", "app.PID-N.snapshot-1.pb.gz"],
      ...["app.PID-N.snapshot-1.pb.gz", "app.PID.snapshot-1.pb.gz"],
    ]);
    const workers = files.filter((file) => file.includes("-1.snapshot") || /-\d+\.snapshot/.test(file));
    for (const file of workers) {
      const snapshot = Snapshot.load(project.path(file));
      assertEquals(file, `app.${snapshot.metadata.pid}-${snapshot.metadata.worker}.snapshot-1.pb.gz`);
      const line = snapshot.statistics("lineno").find(({ key }) => key.endsWith("worker.mjs:4"));
      assert((line?.count ?? 0) >= 1000, `${file}: ${line}`);
      assertEquals(
        stderr.split(`snapshot of worker ${snapshot.metadata.worker} written to `).length,
        2,
        stderr,
      );
    }
    assertEquals(stderr.trimEnd().split("\n").length, 6, stderr);
  });
}

/** Asks its own server, as `curl` would. */
const ASKED_BY_HTTP = `import { createServer } from "node:http";
import { Worker } from "node:worker_threads";
import { createNodeHandler } from "tracemalloc/http";
const server = createServer(createNodeHandler());
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = "http://127.0.0.1:" + server.address().port;
const post = async (what) => (await fetch(origin + "/debug/tracemalloc/" + what, { method: "POST", headers: { origin } })).json();
const ask = (worker) => new Promise((resolve) => { worker.once("message", resolve); worker.postMessage("ask"); });
const until = async (is) => { while ((await ask(worker)).includes(!is)) await new Promise((resolve) => setTimeout(resolve, 10)); };
const worker = new Worker(new URL("./worker.mjs", import.meta.url));
await ask(worker);
console.log(JSON.stringify(await post("start?nframe=3&sampling=exact")));
await until(true);
console.log(JSON.stringify(await post("snapshot")));
console.log(JSON.stringify(await post("stop")));
await until(false);
console.log("stopped");
worker.postMessage("end");
server.close();
server.closeAllConnections?.();
${whoami}`;

for (const host of hosts) {
  test(`${host}: POST start, snapshot and stop reach workers, and the answer names their files`, async () => {
    using project = new Project({ "main.mjs": ASKED_BY_HTTP, "worker.mjs": WORKER });
    const env = { TRACEMALLOC_SNAPSHOTS: "app.pb.gz" };
    const { code, stdout, stderr } = await project.run(host, "main.mjs", { env });
    assertEquals([code, stderr], [0, ""], stdout);
    const [started, written, stopped, ...rest] = stdout.split("\n");
    assertEquals(JSON.parse(started!), { isTracing: true, nframe: 3 });
    assertEquals(JSON.parse(stopped!), { isTracing: false, nframe: null });
    assertEquals(rest, ["stopped", `host:${host}`, ""]);
    const { file, workers } = JSON.parse(written!) as { file: string; workers: string[] };
    assertEquals(
      [file, ...workers].map((path) => path.slice(project.folder.length + 1)).sort(),
      snapshots(project),
    );
    const { metadata } = Snapshot.load(file);
    for (const [index, each] of workers.entries()) {
      const snapshot = Snapshot.load(each);
      assertEquals(snapshot.metadata.worker, index + 1);
      assertEquals([snapshot.tracebackLimit, snapshot.metadata.pid], [3, metadata.pid]);
    }
    assertEquals(workers.length, 2);
  });

  if (host === "node") continue;

  test(`${host}: Web Workers are reached, too`, async () => {
    using project = new Project({
      "main.mjs": `import { readdirSync } from "node:fs";
const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
const begin = () => new Worker(new URL("./worker.mjs", import.meta.url).href, { type: "module" });
const ask = (worker) => new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); worker.postMessage(1); });
const before = begin();
console.log("before", await ask(before));
process.kill(process.pid, "SIGUSR2");
while (!(await ask(before))[0]) await pause();
const after = begin();
console.log("after", (await ask(after))[1]);
process.kill(process.pid, "SIGUSR2");
while (readdirSync(".").filter((name) => /snapshot-1[.]pb[.]gz$/.test(name)).length < 3) await pause();
process.exit();
`,
      "worker.mjs": `import { isTracing } from "tracemalloc";
const first = isTracing();
const kept = [];
self.onmessage = () => { kept.push({}); self.postMessage([isTracing(), first]); };
`,
    });
    const env = { TRACEMALLOC_SNAPSHOTS: "app.pb.gz" };
    const { code, stdout, stderr } = await project.run(host, "main.mjs", { env });
    assertEquals(
      [code, stdout.replaceAll(/[[\],]/g, "").replaceAll(/ +/g, " ")],
      [0, "before false false \nafter true\n"],
      stderr,
    );
    assertEquals(snapshots(project).length, 3);
  });
}

for (const host of hosts) {
  test(`${host}: TRACEMALLOC_SIGNAL names another signal, and SIGUSR2 ends the program as ever`, async () => {
    using project = new Project({ "main.mjs": SIGNALLED });
    const env = { TRACEMALLOC_SNAPSHOTS: "app.pb.gz", TRACEMALLOC_SIGNAL: "SIGWINCH" };
    const other = await project.run(host, "main.mjs", { env, args: ["SIGWINCH"] });
    assertEquals([other.code, other.signal], [0, null], other.stderr);
    assertEquals(snapshots(project).length, 2);
    const usual = await project.run(host, "main.mjs", { env });
    assertEquals([usual.code, usual.signal, usual.stderr], [null, "SIGUSR2", ""]);
  });

  test(`${host}: a program that handles SIGUSR2 sees its own listeners, and dies by it when it wants to`, async () => {
    using project = new Project({
      "main.mjs": `let seen = 0;
process.once("SIGUSR2", () => {
  seen++;
  console.log(seen, process.listenerCount("SIGUSR2"));
  // As nodemon has programs end that have something to do first.
  setTimeout(() => process.kill(process.pid, "SIGUSR2"), 20);
});
console.log(process.listenerCount("SIGUSR2"));
process.kill(process.pid, "SIGUSR2");
setInterval(() => {}, 1000);
`,
    });
    const plain = await project.run(host, "main.mjs", { preload: null });
    const env = { TRACEMALLOC_SIGNAL: "SIGUSR2" };
    const { stderr, ...preloaded } = await project.run(host, "main.mjs", { env });
    assertEquals({ ...preloaded, stderr: "" }, plain);
    assertEquals(plain.signal, "SIGUSR2");
    assertEquals(
      stderr,
      "tracemalloc: the program handles SIGUSR2 itself: TRACEMALLOC_SIGNAL takes another one\n",
    );
  });

  test(`${host}: a snapshot that cannot be written is one warning for each signal, and the program goes on`, async () => {
    using project = new Project({
      "main.mjs": `const ask = () => process.kill(process.pid, "SIGUSR2");
for (const delay of [0, 200, 400]) setTimeout(ask, delay);
setTimeout(() => {}, 700);
${whoami}`,
    });
    const env = { TRACEMALLOC_SNAPSHOTS: "missing/app.pb.gz", TRACEMALLOC: "1" };
    const ended = await project.run(host, "main.mjs", { env });
    assertEquals([ended.code, ended.stdout], [0, `host:${host}\n`], ended.stderr);
    const warnings = ended.stderr.trimEnd().split("\n");
    assertEquals(warnings.length, 3, ended.stderr);
    for (const each of warnings) assertMatch(each, /^tracemalloc: no snapshot was written: .*ENOENT/);
  });

  test(`${host}: TRACEMALLOC_ON_GROWTH writes a snapshot when live memory has grown, and none while it has not`, async () => {
    using project = new Project({
      "main.mjs": `import { existsSync } from "node:fs";
const name = \`app.\${process.pid}.snapshot-1.pb.gz\`;
const kept = [];
let garbage;
const keep = () => {
  for (let i = 0; i < 100; i++) kept.push(new Uint8Array(200_000)); // the line
};
keep();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
for (let i = 0; i < 60; i++) {
  for (let j = 0; j < 4; j++) garbage = new Uint8Array(100_000);
  await wait(10);
}
console.log("steady", existsSync(name));
for (let i = 0; i < 3000 && !existsSync(name); i++) {
  if (i % 10 === 0) keep();
  await wait(10);
}
console.log("grown", existsSync(name), kept.length > 100);
`,
    });
    const env = { TRACEMALLOC: "5", TRACEMALLOC_ON_GROWTH: "20%/1", TRACEMALLOC_SNAPSHOTS: "app.pb.gz" };
    const { code, stdout, stderr } = await project.run(host, "main.mjs", { env });
    assertEquals([code, stdout], [0, "steady false\ngrown true true\n"], stderr);
    assertMatch(
      stderr,
      /^tracemalloc: live memory has grown from [\d.]+ MiB to [\d.]+ MiB in [01] s: snapshot written to .*app\.\d+\.snapshot-1\.pb\.gz\n/,
    );
    const [first] = snapshots(project);
    const [top] = Snapshot.load(project.path(first!)).statistics("lineno");
    assertEquals(top?.traceback.at(-1)?.lineno, 6);
    assert(top!.size > 100 * 200_000, `${top}`);
  });
}

test(`${hosts[0]}: growth that cannot be written down is one warning, however often it goes on`, async () => {
  using project = new Project({
    "main.mjs": `const kept = [];
for (let i = 0; i < 120; i++) {
  for (let j = 0; j < 20; j++) kept.push(new Uint8Array(200_000));
  await new Promise((resolve) => setTimeout(resolve, 10));
}
${whoami}`,
  });
  const env = {
    TRACEMALLOC: "5",
    TRACEMALLOC_ON_GROWTH: "5%/1",
    TRACEMALLOC_SNAPSHOTS: "missing/app.pb.gz",
  };
  const { code, stdout, stderr } = await project.run(hosts[0]!, "main.mjs", { env });
  assertEquals([code, stdout], [0, `host:${hosts[0]}\n`], stderr);
  assertMatch(stderr, /^tracemalloc: no snapshot was written: [^\n]*ENOENT[^\n]*\n$/);
});

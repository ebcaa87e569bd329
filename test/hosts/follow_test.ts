import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { type Host, hosts, Project, root, whoami } from "./host.ts";

const TRACED = { TRACEMALLOC: "3", TRACEMALLOC_OUT: "app.pb.gz" };
const KEEP = "globalThis.kept = Array.from({ length: 500 }, (_, i) => ({ i }));\n";

/** The dumps of a project by their ids (`1` the first process, `1.2` its child, `1-w` a worker), and what they are of. */
function dumps(project: Project): Map<string, Snapshot> {
  const found = new Map<string, Snapshot>();
  for (const name of readdirSync(project.folder)
    .filter((each) => each.endsWith(".pb.gz"))
    .sort()) {
    const id = name === "app.pb.gz" ? "first" : name.slice("app.".length, -".pb.gz".length);
    found.set(
      id.replace(/^\d+/, "first").replace(/\.\d+/g, ".child").replace(/-\d+/, "-worker"),
      Snapshot.load(project.path(name)),
    );
  }
  return found;
}

/** How many objects of 500 a dump has on a line of the file. */
function keeps(snapshot: Snapshot | undefined, file: string): boolean {
  const lines = snapshot?.statistics("lineno") ?? [];
  return lines.some(({ count, traceback }) => count >= 500 && traceback.at(0)?.filename.endsWith(file));
}

const untraced = (host: Host, project: Project, script: string, env = {}) =>
  project.run(host, script, { preload: project.path("nothing.mjs"), env });

for (const host of hosts) {
  const starts: [string, string][] = [
    ["spawn", `spawnSync(process.execPath, ["child.mjs", "a b"], { stdio: "inherit" });`],
    ["fork", `fork("child.mjs", ["a b"]);`],
    ["fork, with flags", `fork("child.mjs", ["a b"], { execArgv: [] });`],
  ];
  for (const [way, start] of starts) {
    test(`${host}: a child process (${way}) is traced, and so is the process that it starts`, async () => {
      using project = new Project({
        "main.mjs": `import { fork, spawnSync } from "node:child_process"; ${start} ${whoami}`,
        "child.mjs": `import { spawnSync } from "node:child_process";
${KEEP} console.log(process.argv[2]); spawnSync(process.execPath, ["grandchild.mjs"], { stdio: "inherit" });`,
        "grandchild.mjs": KEEP,
      });
      const { code, stdout, stderr } = await project.run(host, "main.mjs", { env: TRACED });
      assertEquals([code, stderr], [0, ""]);
      assertEquals(stdout.trim().split("\n").sort(), ["a b", `host:${host}`]);
      const found = dumps(project);
      assertEquals([...found.keys()], ["first.child.child", "first.child", "first"]);
      assert(keeps(found.get("first.child"), "child.mjs"));
      assert(keeps(found.get("first.child.child"), "grandchild.mjs"));
      assertEquals(new Set([...found.values()].map(({ metadata }) => metadata.pid)).size, 3);
    });
  }

  test(`${host}: a worker is traced, and the program sees no difference`, async () => {
    using project = new Project({
      "nothing.mjs": "",
      "main.mjs": `import { setEnvironmentData, Worker } from "node:worker_threads";
setEnvironmentData("key", "value");
const worker = new Worker("./worker.cjs", { workerData: { a: 1 }, env: { OWN: "1" }, argv: ["x"], execArgv: [] });
worker.postMessage("first");
worker.on("message", (message) => console.log(JSON.stringify(message)));
worker.on("exit", (code) => console.log("exit", code, worker.constructor === Worker, worker instanceof Worker));
class Mine extends Worker { constructor(text) { super(text, { eval: true }); } }
const mine = new Mine("globalThis.kept = [{}];");
mine.on("exit", (code) => console.log("eval", code, mine instanceof Mine));
try { new Worker("nowhere"); } catch (error) { console.log(error.name, error.code); }
new Worker(new URL("./throws.mjs", import.meta.url)).on("error", (error) => console.log(error.message)).on("exit", (code) => console.log("threw", code));
${whoami}`,
      "worker.cjs": `const { getEnvironmentData, parentPort, workerData } = require("node:worker_threads");
${KEEP}
parentPort.on("message", (message) => {
  parentPort.postMessage([message, workerData, process.env.OWN, process.argv.slice(1), getEnvironmentData("key")]);
  setTimeout(() => process.exit(4), 20);
});`,
      "throws.mjs": `${KEEP} throw new Error("boom");`,
    });
    const plain = await untraced(host, project, "main.mjs");
    const { code, stdout } = await project.run(host, "main.mjs", { env: TRACED });
    const lines = (text: string): string[] => text.trim().split("\n").sort();
    assertEquals(lines(stdout), lines(plain.stdout));
    assertEquals([code, lines(stdout).length], [plain.code, 7]);
    const found = readdirSync(project.folder).filter((name) => /^app\.\d+-\d+\.pb\.gz$/.test(name));
    const workers = found.map((name) => Snapshot.load(project.path(name)));
    assert(workers.some((snapshot) => keeps(snapshot, "worker.cjs")));
    assert(workers.some((snapshot) => keeps(snapshot, "throws.mjs")));
    for (const [index, { metadata }] of workers.entries()) {
      assertEquals(found[index], `app.${metadata.pid}-${metadata.worker}.pb.gz`);
    }
  });

  test(`${host}: processes of node:cluster run as they do without us`, async () => {
    using project = new Project({
      "main.mjs": `import cluster from "node:cluster"; import { get } from "node:http";
if (!cluster.isPrimary) await import("./server.mjs");
else cluster.fork({ OWN: "1" }).on("listening", ({ port }) => get({ port }, (response) => response.on("data", (data) => {
  console.log(String(data));
  for (const { process } of Object.values(cluster.workers)) process.kill("SIGKILL");
}).on("end", () => { ${whoami} })));`,
      "server.mjs": `import { createServer } from "node:http";
createServer((_, response) => response.end("own " + process.env.OWN)).listen(0);`,
    });
    const { code, stdout, stderr } = await project.run(host, "main.mjs", { env: TRACED });
    assertEquals([code, stdout, stderr], [0, `own 1\nhost:${host}\n`, ""]);
  });

  test(`${host}: TRACEMALLOC_FOLLOW=0 leaves workers and children alone`, async () => {
    using project = new Project({
      "main.mjs": `import { fork } from "node:child_process"; import { Worker } from "node:worker_threads";
${KEEP} new Worker("./other.mjs"); fork("other.mjs"); ${whoami}`,
      "other.mjs": `${KEEP} console.log(Object.keys(globalThis[Symbol.for("tracemalloc")] ?? {}).length);`,
    });
    const env = { ...TRACED, TRACEMALLOC_FOLLOW: "0" };
    const { code, stdout, stderr } = await project.run(host, "main.mjs", { env });
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout.trim().split("\n").sort().at(-1), `host:${host}`);
    assertEquals([...dumps(project).keys()], ["first"]);
  });

  test(`${host}: processes are only followed when the environment starts tracing`, async () => {
    using project = new Project({
      "main.mjs": `console.log(process.env.NODE_OPTIONS, process.env.BUN_OPTIONS); ${whoami}`,
    });
    const { stdout } = await project.run(host, "main.mjs", { env: { TRACEMALLOC_OUT: "app.pb.gz" } });
    assertEquals(stdout, `undefined undefined\nhost:${host}\n`);
  });

  if (host === "node") continue;

  test(`${host}: a Web Worker gets its messages one by one, and leaves a dump though it is terminated`, async () => {
    using project = new Project({
      "nothing.mjs": "",
      "main.mjs": `const worker = new Worker(new URL("./worker.mjs", import.meta.url).href, { type: "module" });
let received = 0;
worker.onmessage = ({ data }) => {
  console.log(JSON.stringify(data));
  if (++received === 3) setTimeout(() => { worker.terminate(); console.log("terminated"); }, 1500);
};
for (const message of [1, 2, 3]) worker.postMessage(message);
${whoami}`,
      // The first is awaited before the module is done; listeners come later than the messages.
      "worker.mjs": `${KEEP}
const next = () => new Promise((resolve) => { self.onmessage = ({ data }) => resolve(data); });
self.postMessage([await next(), String(self.location)]);
self.onmessage = null;
self.addEventListener("message", ({ data }) => self.postMessage([data]));`,
    });
    const plain = await untraced(host, project, "main.mjs");
    const result = await project.run(host, "main.mjs", { env: TRACED });
    assertEquals([result.code, result.stdout, result.stderr], [plain.code, plain.stdout, plain.stderr]);
    assertEquals(result.stdout.split("\n").length, 6);
    const found = dumps(project);
    assertEquals([...found.keys()], ["first-worker", "first"]);
    assert(keeps(found.get("first-worker"), "worker.mjs"));
    // Else it could not be told from the program's own when the two are merged.
    assert(Number(found.get("first-worker")?.metadata.worker) > 0);
    assertEquals(found.get("first")?.metadata.worker, undefined);
  });
}

test("a child on Deno of a program on Node runs, and is traced", async () => {
  using project = new Project({
    "package.json": `{"type":"module"}`,
    "main.mjs": `import { spawnSync } from "node:child_process";
spawnSync(${JSON.stringify(join(root, "node_modules", ".bin", "deno"))}, ["run", "-A", "child.mjs"], { stdio: "inherit" });`,
    "child.mjs": `${KEEP}${whoami}`,
  });
  const { code, stdout, stderr } = await project.run("node", "main.mjs", { env: TRACED });
  assertEquals([code, stdout, stderr], [0, "host:deno\n", ""]);
  assert(keeps(dumps(project).get("first.child"), "child.mjs"));
});

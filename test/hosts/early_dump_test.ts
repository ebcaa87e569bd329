import { existsSync } from "node:fs";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { hosts, Project, whoami } from "./host.ts";
import { LEAKS, runOutOfMemory } from "./out_of_memory.ts";

/** The line that holds most, and its bytes. */
function top(project: Project): { line: number; size: number } {
  assert(existsSync(project.path("app.pb.gz")), "there is no dump");
  const [stat] = Snapshot.load(project.path("app.pb.gz")).statistics("lineno");
  return { line: stat.traceback.at(-1)!.lineno, size: stat.size };
}

const HOLDS = `const kept = [];
function hold(i) { kept.push({ i, list: new Array(10).fill(i) }); }
`;

for (const host of hosts) {
  test(`${host}: --checkpoint leaves a dump behind when the process is killed`, async () => {
    using project = new Project({
      "main.mjs": `${HOLDS}for (let i = 0; i < 5000; i++) hold(i);
setTimeout(() => { ${whoami.trim()} process.kill(process.pid, "SIGKILL"); }, 1500);\n`,
    });
    const env = { TRACEMALLOC: "1", TRACEMALLOC_OUT: "app.pb.gz", TRACEMALLOC_CHECKPOINT: "0.2" };
    const result = await project.run(host, "main.mjs", { env });
    assertEquals([result.signal, result.stdout], ["SIGKILL", `host:${host}\n`]);
    const { line, size } = top(project);
    assertEquals(line, 2);
    assert(size > 5000 * 100, `${size} bytes`);
  });

  test(`${host}: --checkpoint, in one job that makes nothing but strings`, async () => {
    using project = new Project({
      "main.mjs": `const end = performance.now() + 1000;
let text = "";
for (let i = 0; performance.now() < end; i++) text = "text " + i;
${whoami.trim()}
process.kill(process.pid, "SIGKILL");\n`,
    });
    const env = { TRACEMALLOC: "1", TRACEMALLOC_OUT: "app.pb.gz", TRACEMALLOC_CHECKPOINT: "0.2" };
    const result = await project.run(host, "main.mjs", { env });
    assertEquals(result.signal, "SIGKILL");
    assert(existsSync(project.path("app.pb.gz")), "there is no dump");
    const strings = Snapshot.load(project.path("app.pb.gz"))
      .statistics("type")
      .find(({ key }) => key === "string");
    assert(strings!.allocatedCount > 1000, `${strings!.allocatedCount} strings`);
  });

  // JavaScriptCore has no limit of its own that a program could be given.
  if (host === "bun") continue;
  test(`${host}: a program that runs out of memory leaves its dump behind`, async () => {
    using project = new Project({ "main.mjs": `${whoami}${HOLDS}for (let i = 0; ; i++) hold(i);\n` });
    const flag = "--max-old-space-size=120";
    const env = {
      TRACEMALLOC: "25",
      TRACEMALLOC_SAMPLING: "adaptive",
      TRACEMALLOC_OUT: "app.pb.gz",
      ...(host === "node" ? { NODE_OPTIONS: flag } : { DENO_V8_FLAGS: flag }),
    };
    const result = await project.run(host, "main.mjs", { env });
    assert(result.signal !== null || result.code !== 0, "it was to run out of memory");
    assert(/out of memory|heap limit/i.test(result.stderr), result.stderr.slice(0, 400));
    const { line, size } = top(project);
    assertEquals(line, 3);
    assert(size > 50e6 && size < 130e6, `${size} bytes`);
  });

  // All leaks are in test/long/. One of large blocks, and one in many jobs.
  for (const leak of ["large arrays", "strings in a Map, from a timer"]) {
    test(`${host}: out of memory: ${leak}`, () => runOutOfMemory(host, leak, 64));
  }

  // Where the heap can be asked what is alive within a job.
  if (host !== "node") continue;
  test(`${host}: a job that fills the heap and counts nothing ends as it would`, async () => {
    using project = new Project({ "main.mjs": LEAKS["numbers pushed to an array"] });
    const env = { TRACEMALLOC: "25", TRACEMALLOC_OUT: "app.pb.gz", NODE_OPTIONS: "--max-old-space-size=64" };
    const { stderr } = await project.run(host, "main.mjs", { env });
    assert(/FATAL ERROR: .*JavaScript heap out of memory/.test(stderr), stderr.slice(0, 400));
  });
}

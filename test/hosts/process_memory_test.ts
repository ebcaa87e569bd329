// The whole process, in the snapshots of real programs.
import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { growthBetween, growthRemarks, processReport } from "../../src/report/views/process_memory.ts";
import { engines, Project, whoami } from "./host.ts";

const MIB = 2 ** 20;

/** Fills a database in memory, which is native code's, and then keeps buffers and objects. */
const APP = `import { start, takeSnapshot } from "tracemalloc";
start();
const { DatabaseSync: Database } = await import("node:sqlite").catch(() => import("bun:sqlite").then(({ Database }) => ({ DatabaseSync: Database })));
const database = new Database(":memory:");
database.exec("CREATE TABLE kept (id INTEGER, data BLOB)");
takeSnapshot().dump("before.pb.gz");
database.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) INSERT INTO kept SELECT i, zeroblob(100000) FROM n");
takeSnapshot().dump("native.pb.gz");
const kept = [];
for (let i = 0; i < 300; i++) kept.push(new Uint8Array(100_000).fill(1));
for (let i = 0; i < 50_000; i++) kept.push({ i, j: i });
takeSnapshot().dump("after.pb.gz");
${whoami}`;

for (const { name, host, program } of engines) {
  const skip = program === null && `no ${name} on the PATH`;
  test(`${name}: a snapshot tells what of the process is JavaScript's, and what native code has grown by`, {
    skip,
  }, async () => {
    using project = new Project({ "main.mjs": APP });
    const { code, stdout, stderr } = await project.run(host, "main.mjs", { program: program! });
    assertEquals([code, stdout], [0, `host:${host}\n`], stderr);
    const [before, native, after] = ["before", "native", "after"].map((file) =>
      Snapshot.load(project.path(`${file}.pb.gz`)),
    ) as [Snapshot, Snapshot, Snapshot];
    // As if they had been taken later: in its first seconds a process has no growth that is remarked on.
    assertEquals(growthBetween(before, native), null);
    for (const { metadata } of [before, native])
      for (const point of (metadata.process as { points: number[][] }).points) point[0]! += 10_000;
    // And a minute apart: what comes in seconds may be anything.
    assertEquals(growthRemarks(growthBetween(before, native)), []);
    native.metadata.time = new Date(Date.parse(String(before.metadata.time)) + 60_000).toISOString();
    const [remark] = growthRemarks(growthBetween(before, native));
    assertStringIncludes(remark ?? "", "RSS grows and the heap does not");
    const foreign = Number(/: ([\d.]+) MiB are not JavaScript's$/.exec(remark!)?.[1]);
    // 600 rows of 100,000 bytes.
    assert(foreign > 50 && foreign < 75, remark);
    // What is JavaScript's own is no remark.
    assertEquals(growthRemarks(growthBetween(native, after)), []);
    const report = processReport(after)!;
    assert(
      report.traced.external >= 30e6 && report.external >= report.traced.external,
      JSON.stringify(report),
    );
    assert(
      report.traced.heap >= 50_000 * 24 && report.heapUsed >= report.traced.heap,
      JSON.stringify(report),
    );
    assert(report.rss > report.heapTotal + 57 * MIB, JSON.stringify(report));
    assert(host === "bun" ? report.heapLimit === null : report.heapLimit! > 32 * MIB);
  });
}

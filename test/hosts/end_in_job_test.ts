// Programs that end within their first job, as most command-line tools do: finalizers have had no turn.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { hosts, Project } from "./host.ts";

const TEXT = `const kept = [], bytes = [];
function make(i) { return { i, list: [i, i], text: "x" + i }; }
for (let i = 0; i < 60000; i++) { const one = make(i); if (i % 20 === 0) kept.push(one); }
for (let i = 0; i < 2000; i++) { const one = new Uint8Array(1000); if (i % 10 === 0) bytes.push(one); }
process.on("exit", () => console.log(kept.length + bytes.length));
process.exit(3);
`;

/** Of objects and bytes, by line: alive, and allocated. */
function counts(snapshot: Snapshot, line: number): { alive: number; allocated: number } {
  const [one] = snapshot.statistics("lineno").filter(({ traceback }) => traceback.at(-1)?.lineno === line);
  return { alive: one?.count ?? 0, allocated: one?.allocatedCount ?? 0 };
}

for (const host of hosts) {
  test(`${host}: where the event loop runs empty nothing is an upper bound`, async () => {
    using project = new Project({ "main.cjs": TEXT.replace("process.exit(3);", "process.exitCode = 3;") });
    const env = { TRACEMALLOC: "5", TRACEMALLOC_SAMPLING: "adaptive", TRACEMALLOC_OUT: "app.pb.gz" };
    const result = await project.run(host, "main.cjs", { env });
    assertEquals([result.code, result.stderr], [3, ""]);
    const { unsettled, unsettledPeak, maxRss } = Snapshot.load(project.path("app.pb.gz")).metadata;
    assertEquals([unsettled, unsettledPeak, typeof maxRss], [undefined, undefined, "number"]);
  });

  for (const sampling of ["adaptive", "exact"]) {
    test(`${host}, ${sampling}: what lives at process.exit() in the first job`, async () => {
      using project = new Project({ "main.cjs": TEXT });
      const env = { TRACEMALLOC: "5", TRACEMALLOC_SAMPLING: sampling, TRACEMALLOC_OUT: "app.pb.gz" };
      const result = await project.run(host, "main.cjs", { env });
      assertEquals([result.code, result.stdout, result.stderr], [3, "3200\n", ""]);
      const snapshot = Snapshot.load(project.path("app.pb.gz"));
      const objects = counts(snapshot, 2);
      assert(objects.allocated >= 180_000, `${objects.allocated} allocated`);
      // The tracker's upper bound has the system's beside it: in bytes, whatever the runtime counts in.
      const { maxRss } = snapshot.metadata as { maxRss: number };
      assert(maxRss > 2 ** 24 && maxRss < 2 ** 31, `${maxRss} bytes resident`);
      if (host !== "node") {
        // Nothing there answers within the job; the snapshot says so.
        assertEquals(snapshot.metadata.unsettled, true);
        return;
      }
      assertEquals(snapshot.metadata.unsettled, undefined);
      // All of it counts at the peak, though most was dead by then: nobody could see that.
      assertEquals(snapshot.metadata.unsettledPeak, true);
      if (sampling === "exact") assertEquals(objects.alive, 9000);
      else assert(Math.abs(objects.alive / 9000 - 1) < 0.25, `${objects.alive} objects for 9000`);
      const views = counts(snapshot, 4).alive;
      assert(Math.abs(views / 400 - 1) < 0.05, `${views} views and buffers for 400`);
    });
  }
}

// The tools of `tracemalloc mcp` that take long: the one that starts programs, and who holds what in a heap of V8's.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { withServer } from "../cli/mcp_server.ts";
import { tracemalloc } from "../cli/tracemalloc.ts";
import { buildOnce, root } from "../hosts/host.ts";

const LEAKY = "const kept = [];\nexport default () => {\n  kept.push({ n: kept.length });\n};\n";

test("hunt drives a script below the folder and says what leaks", { timeout: 120_000 }, async () => {
  buildOnce();
  await withServer(async (ask, { folder }) => {
    writeFileSync(join(folder, "work.mjs"), LEAKY);
    const { text, isError } = await ask("hunt", { script: "work.mjs", requests: 40, rounds: 3, exact: true });
    assertEquals(isError, false, text);
    assertStringIncludes(text, "LEAKS: ");
    assertStringIncludes(text, `#1: ${folder}/work.mjs:3`);
    // What it has left is there for the other tools.
    const listed = (await ask("snapshots")).text;
    assertStringIncludes(listed, "tracemalloc-hunt-work/round-0.pb.gz");
  });
});

const HOLDS = `import { writeHeapSnapshot } from "node:v8";
import { EventEmitter } from "node:events";
import { collect, takeSnapshot } from "tracemalloc";
const bus = new EventEmitter();
bus.setMaxListeners(0);
function handle(user) {
  const request = { user };
  bus.on("tick", () => request);
}
for (let i = 0; i < 300; i++) handle(i);
await collect();
takeSnapshot().dump("app.pb.gz");
writeHeapSnapshot("app.heapsnapshot", { exposeNumericValues: true });
globalThis.bus = bus;
`;

test("why says who holds the objects of a real heap, as the command line does, of a snapshot by run --why, too", {
  timeout: 120_000,
}, async () => {
  buildOnce();
  await withServer(async (ask, { folder }) => {
    writeFileSync(join(folder, "holds.mjs"), HOLDS.replace('"tracemalloc"', `"${root}/mod.ts"`));
    const preload = ["--import", join(root, "plugin", "register_node.ts")];
    const env = { ...process.env, NODE_OPTIONS: "", TRACEMALLOC: "1", TRACEMALLOC_SAMPLING: "exact" };
    execFileSync(process.execPath, [...preload, "holds.mjs"], { cwd: folder, env });
    const { text, isError } = await ask("why", { snapshot: "app.pb.gz", heap: "app.heapsnapshot" });
    assertEquals(isError, false, text);
    const path = [
      `300 (16.4 KiB) held by a module's variable (${folder}/holds.mjs)`,
      `context .bus EventEmitter {${folder}/holds.mjs:4 <module>}`,
      "._events Object",
      ".tick Array",
      `[] closure {${folder}/holds.mjs:8 handle}`,
    ];
    for (const step of path) assertStringIncludes(text, step);
    const printed = tracemalloc(["why", "app.heapsnapshot", "app.pb.gz", "--limit", "5"], { cwd: folder });
    assertEquals(`${text}\n`, printed.stdout, printed.stderr);
    const one = (await ask("why", { snapshot: "app.pb.gz", heap: "app.heapsnapshot", limit: 1 })).text;
    assertEquals([one.match(/^#\d/gm)?.length, text.match(/^#\d/gm)!.length > 1], [1, true], one);

    const run = tracemalloc(["run", "--why", "--exact", "-o", "kept.pb.gz", "holds.mjs"], { cwd: folder });
    assertEquals(run.code, 0, run.stderr);
    const kept = await ask("why", { snapshot: "kept.pb.gz" });
    assertEquals(kept.isError, false, kept.text);
    assertStringIncludes(kept.text, `[] closure {${folder}/holds.mjs:8 handle}`);
    // A heap that is none, and one cut short.
    writeFileSync(join(folder, "none.heapsnapshot"), "{}");
    const none = await ask("why", { snapshot: "app.pb.gz", heap: "none.heapsnapshot" });
    assertEquals(none.isError, true);
    assertStringIncludes(none.text, "none.heapsnapshot");
  });
});

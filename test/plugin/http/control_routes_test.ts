// The tracer is started, stopped and asked for snapshots by its own page, on every runtime.
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertFalse, assertMatch } from "@std/assert";
import { getTracebackLimit, isTracing, Snapshot, stop } from "../../../mod.ts";
import { setControl } from "../../../plugin/control/control.ts";
import { createHandler } from "../../../plugin/http/http.ts";
import { instrumented } from "../../instrumented.ts";
import { ask } from "./ask.ts";

const { fill } = await instrumented(
  `const kept = [];
export function fill(n) {
  for (let i = 0; i < n; i++) kept.push({ i });
}
`,
  { filename: "/app/control.mjs" },
);

const handler = createHandler();
const own = { method: "POST", headers: { origin: "http://localhost:6060" } };

/** In a folder of its own, where snapshots go. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-control-"));
  // As a server does: nothing of ours keeps a program from ending.
  const alive = setInterval(() => {}, 1000);
  try {
    setControl({ out: join(folder, "app-%p.pb.gz"), start: { nframe: 3, sampling: "exact" } });
    await use(folder);
  } finally {
    clearInterval(alive);
    setControl({ out: null, start: { nframe: 25, sampling: "adaptive" } });
    stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

test("POST start, snapshot and stop do so", () =>
  inFolder(async (folder) => {
    assertFalse(isTracing());
    const started = await ask(handler, "/debug/tracemalloc/start", own);
    assertEquals([started.status, await started.json()], [200, { isTracing: true, nframe: 3 }]);
    fill(1000);
    const answer = await ask(handler, "/debug/tracemalloc/snapshot", own);
    assertEquals(answer.status, 200);
    const file = join(folder, `app-${process.pid}.snapshot-1.pb.gz`);
    assertEquals(await answer.json(), { file });
    const line = Snapshot.load(file)
      .statistics("lineno")
      .find(({ key }) => key === "/app/control.mjs:3");
    assertEquals(line?.count, 1000);
    const stopped = await ask(handler, "/debug/tracemalloc/stop", own);
    assertEquals([stopped.status, await stopped.json()], [200, { isTracing: false, nframe: null }]);
    assertFalse(isTracing());
  }));

test("start takes frames and sampling, while nothing is traced yet", () =>
  inFolder(async () => {
    for (const wrong of [
      "nframe=0",
      "nframe=65536",
      "nframe=x",
      "sampling=0",
      "sampling=all",
      "sampling=-1",
    ]) {
      const answer = await ask(handler, `/debug/tracemalloc/start?${wrong}`, own);
      assertEquals(answer.status, 400, wrong);
      assertMatch(await answer.text(), /^tracemalloc: (nframe|sampling) must be [^\n]+\n$/);
      assertFalse(isTracing(), wrong);
    }
    await ask(handler, "/debug/tracemalloc/start?nframe=7&sampling=65536", own);
    assertEquals(getTracebackLimit(), 7);
    const again = await ask(handler, "/debug/tracemalloc/start?nframe=9", own);
    assertEquals(await again.json(), { isTracing: true, nframe: 7 });
  }));

test("no snapshot is written while nothing is traced, over another file, or for a page of somebody else", () =>
  inFolder(async (folder) => {
    assertEquals((await ask(handler, "/debug/tracemalloc/snapshot", own)).status, 503);
    for (const headers of [{}, { origin: "http://evil.example" }]) {
      for (const path of ["start", "snapshot", "stop"])
        assertEquals(
          (await ask(handler, `/debug/tracemalloc/${path}`, { method: "POST", headers })).status,
          403,
        );
    }
    assertFalse(isTracing());
    await ask(handler, "/debug/tracemalloc/start", own);
    const files = new Set<string>();
    for (let i = 0; i < 2; i++) {
      const answer = await ask(handler, "/debug/tracemalloc/snapshot", own);
      files.add(((await answer.json()) as { file: string }).file);
      // A process with the same number that came before.
      setControl({ out: join(folder, "app-%p.pb.gz"), start: {} });
    }
    assertEquals([files.size, readdirSync(folder).length], [2, 2]);
  }));

test("of many that are asked for at once, a few are written, and the others told to come again", () =>
  inFolder(async (folder) => {
    await ask(handler, "/debug/tracemalloc/start", own);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => ask(handler, "/debug/tracemalloc/snapshot", own)),
    );
    assertEquals(answers.map(({ status }) => status).sort(), [200, 200, 503, 503, 503, 503]);
    assertEquals(readdirSync(folder).length, 2);
  }));

test("a folder that is missing is an answer, and the next request is answered, too", () =>
  inFolder(async (folder) => {
    await ask(handler, "/debug/tracemalloc/start", own);
    setControl({ out: join(folder, "missing", "app.pb.gz"), start: {} });
    for (let i = 0; i < 2; i++) {
      const answer = await ask(handler, "/debug/tracemalloc/snapshot", own);
      assertEquals(answer.status, 500);
      assertMatch(await answer.text(), /^tracemalloc: .*ENOENT[^\n]*\n$/);
    }
    assertFalse(existsSync(join(folder, "missing")));
  }));

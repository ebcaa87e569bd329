// Who holds a line's objects, for whoever asks the live page: on every runtime.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import type { Handler } from "../../../plugin/http/http.ts";
import { createHandler } from "../../../plugin/http/http.ts";
import type { LineWithTexts } from "../../../src/heap/hop_texts.ts";
import { instrumented } from "../../instrumented.ts";
import { ask } from "./ask.ts";

const { fill } = await instrumented(
  `const kept = new Map();
export function fill(n) {
  for (let i = 0; i < n; i++) kept.set("alice" + i + "@example.com", { secret: "secret-value-" + i });
  return kept;
}
`,
  { filename: "/app/held.mjs" },
);

const LINE = "/app/held.mjs:3";
const isBun = process.versions.bun !== undefined;
const skip = isBun && "Bun has no heap that tells";

/** Runs it while tracing, with a folder for temporary files of its own, in which nothing must stay. */
async function traced(run: (folder: string) => Promise<void>): Promise<void> {
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-held-"));
  process.env.TMPDIR = folder;
  start({ nframe: 1, sampling: "exact" });
  // As a server does: what the handler waits for keeps no program from ending.
  const alive = setInterval(() => {}, 1000);
  try {
    fill(20);
    await run(folder);
    assertEquals(readdirSync(folder), []);
  } finally {
    clearInterval(alive);
    stop();
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  }
}

function why(handler: Handler, line: string): Promise<Response> {
  const headers = { origin: "http://localhost:6060" };
  return ask(handler, `/debug/tracemalloc/why?${new URLSearchParams({ line })}`, { method: "POST", headers });
}

/** Status and the one line that says why. */
async function refusal(answer: Response): Promise<[status: number, reason: string]> {
  const text = await answer.text();
  assertMatch(text, /^tracemalloc: [^\n]+\n$/);
  return [answer.status, text.trim().slice("tracemalloc: ".length)];
}

test("who holds a line's objects, and no key that is data, no value; nothing is left behind", { skip }, () =>
  traced(async () => {
    const answer = await why(createHandler(), LINE);
    const text = await answer.text();
    assertEquals([answer.status, answer.headers.get("content-type")], [200, "application/json"], text);
    const [line] = JSON.parse(text) as LineWithTexts[];
    assertEquals([line!.filename, line!.lineno, line!.count], ["/app/held.mjs", 3, 20]);
    const [path] = line!.paths;
    assertEquals(path!.count, 20);
    assertEquals(
      path!.hops.slice(-2).map(({ edge, type, lineno }) => [edge, type, lineno]),
      // The Map was there before anything was traced.
      [
        ["context .kept", "Map", null],
        ["[key]", "Object", 3],
      ],
    );
    for (const secret of ["alice", "example.com", "secret-value"]) assertFalse(text.includes(secret), text);
  }),
);

test("one at a time; who leaves ends it, and makes room", { skip }, () =>
  traced(async (folder) => {
    const handler = createHandler();
    const leave = new AbortController();
    const first = handler(
      {
        method: "POST",
        url: `http://localhost:6060/debug/tracemalloc/why?line=${LINE}`,
        headers: new Headers({ host: "localhost:6060", origin: "http://localhost:6060" }),
        signal: leave.signal,
      } as Request,
      "127.0.0.1",
    );
    // In the whole process, by whichever of its servers.
    const [status, reason] = await refusal(await why(createHandler(), LINE));
    assertEquals([status, reason], [503, "the heap is being read for another request"]);
    leave.abort();
    assertEquals((await first).status, 500);
    assertEquals(readdirSync(folder), []);
    // The next one is not told that there is another: it fails by itself.
    process.env.TMPDIR = join(folder, "missing");
    assertEquals((await refusal(await why(handler, LINE)))[0], 500);
    process.env.TMPDIR = folder;
  }),
);

test("what cannot be answered is said in one line", { skip }, () =>
  traced(async (folder) => {
    const handler = createHandler();
    for (const line of ["", "app.mjs", "app.mjs:x", ":3", `${"a".repeat(5000)}:3`])
      assertEquals((await refusal(await why(handler, line)))[0], 400, line);
    const gone = await refusal(await why(handler, "/app/held.mjs:999"));
    assertEquals(gone, [404, "no object of /app/held.mjs:999 is alive"]);
    process.env.TMPDIR = join(folder, "missing");
    const [status, reason] = await refusal(await why(handler, LINE));
    assert(status === 500 && reason.includes("missing"), reason);
    process.env.TMPDIR = folder;
    const { availableMemory } = process;
    const v8 = process.getBuiltinModule("node:v8");
    const { getHeapStatistics } = v8;
    try {
      v8.getHeapStatistics = () => ({ ...getHeapStatistics(), used_heap_size: 600 * 2 ** 20 });
      const [most, bound] = await refusal(await why(handler, LINE));
      assertEquals(most, 507);
      assertMatch(bound, /^the heap has 600 MiB, of which at most 512 MiB are written here: .*--why/);
      v8.getHeapStatistics = getHeapStatistics;
      process.availableMemory = () => 2 ** 20;
      const [full, words] = await refusal(await why(handler, LINE));
      assertEquals(full, 507);
      assertMatch(
        words,
        /^the heap of [\d.]+ [KM]iB is too large for this machine's memory: .* and 1024 KiB are free: .*--why/,
      );
    } finally {
      process.availableMemory = availableMemory;
      v8.getHeapStatistics = getHeapStatistics;
    }
  }),
);

test("while nothing is traced, and on Bun, one line says what to do", async () => {
  const handler = createHandler();
  assertEquals(await refusal(await why(handler, LINE)), [
    503,
    "not tracing: call start(), or set TRACEMALLOC=1",
  ]);
  if (!isBun) return;
  await traced(async () => {
    const [status, reason] = await refusal(await why(handler, LINE));
    assertEquals(status, 501);
    assertMatch(reason, /^Bun has no heap snapshot .*run the program on Node or Deno$/);
  });
});

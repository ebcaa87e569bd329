// Who is served, and what: on every runtime.
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Profile } from "pprof-format";
import { Snapshot, start, stop } from "../../../mod.ts";
import { createHandler, type HttpOptions } from "../../../plugin/http/http.ts";
import { deltaProfile } from "../../../src/delta.ts";
import { FlameData } from "../../../src/report/html/client/flame_data.ts";
import type { FlameModel } from "../../../src/report/html/model.ts";
import { instrumented } from "../../instrumented.ts";
import { ask, firstEvent, type Question } from "./ask.ts";

const TOKEN = "correct-horse-battery";
const PATHS = [
  "/debug/pprof/",
  "/debug/pprof/heap",
  "/debug/tracemalloc/",
  "/debug/tracemalloc/live.js",
  "/debug/tracemalloc/events",
  "/debug/tracemalloc/mark",
  "/debug/tracemalloc/why?line=app.ts:1",
  "/debug/tracemalloc/start",
  "/debug/tracemalloc/stop",
  "/debug/tracemalloc/snapshot",
  "/debug/nothing",
];

const { remember } = await instrumented(
  `export let seen;
export function remember(n) {
  seen = new Map();
  for (let i = 0; i < n; i++) seen.set("the name of " + i, "and what is said of it, " + i);
}
`,
  { filename: "/app/remember.mjs" },
);

const { fill } = await instrumented(
  `const kept = [];
export function fill(n) {
  for (let i = 0; i < n; i++) kept.push({ i });
  return kept.length;
}
`,
  { filename: "/app/fill.mjs" },
);

/** Runs it while tracing. */
async function traced(run: () => Promise<void>): Promise<void> {
  start({ nframe: 10, sampling: "exact" });
  // As a server does: the handler's own timers keep no program from ending.
  const alive = setInterval(() => {}, 1000);
  try {
    await run();
  } finally {
    clearInterval(alive);
    stop();
  }
}

/** Every path answers so: nothing is told before it is known who asks. */
async function refusesAll(options: HttpOptions, question: Question, status: number): Promise<void> {
  const handler = createHandler(options);
  for (const path of PATHS) {
    for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
      const answer = await ask(handler, path, { ...question, method });
      assertEquals(answer.status, status, `${method} ${path}`);
      assertMatch(await answer.text(), /^tracemalloc: [^\n]+\n$/);
    }
  }
}

test("without a token, only this machine is served", async () => {
  for (const client of ["10.0.0.7", "192.168.1.2", "::2", "fe80::1", "1127.0.0.1", "127.0.0.1.evil", ""])
    await refusesAll({}, { client }, 403);
  await refusesAll({}, { client: null }, 403);
  await refusesAll({}, { client: { remoteAddr: { hostname: "10.0.0.7" } } }, 403);
  await refusesAll({}, { client: { requestIP: () => ({ address: "10.0.0.7" }) } }, 403);
  await refusesAll({}, { client: { requestIP: () => null } }, 403);
  for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
    await refusesAll({}, { headers: { [header]: "10.0.0.7" } }, 403);
  const handler = createHandler();
  const here = ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"];
  const told = [
    ...here,
    { remoteAddr: { hostname: "127.0.0.1" } },
    { requestIP: () => ({ address: "::1" }) },
  ];
  for (const client of told)
    assertEquals((await ask(handler, "/debug/tracemalloc/", { client })).status, 200);
});

test("a foreign Host header is refused: DNS rebinding", async () => {
  const foreign = [
    "evil.example",
    "evil.example:6060",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "",
    "a b",
    "[::2]",
    "0.0.0.0",
  ];
  for (const host of foreign) await refusesAll({}, { headers: { host } }, 403);
  await refusesAll({ hosts: ["app.internal"] }, { headers: { host: "other.internal" } }, 403);
  await refusesAll(
    { token: TOKEN },
    { headers: { host: "evil.example", authorization: `Bearer ${TOKEN}` } },
    403,
  );
  for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1:6060", "[::1]:6060", "app.internal:80"]) {
    const answer = await ask(createHandler({ hosts: ["App.Internal"] }), "/debug/pprof/", {
      headers: { host },
    });
    assertEquals(answer.status, 200, host);
  }
});

test("with a token, nobody is served without it", async () => {
  await refusesAll({ token: TOKEN }, {}, 401);
  for (const authorization of [
    "",
    "Bearer",
    "Bearer wrong-horse-battery",
    `Basic ${TOKEN}`,
    TOKEN,
    `Bearer ${TOKEN}x`,
  ])
    await refusesAll({ token: TOKEN }, { headers: { authorization } }, 401);
  await refusesAll({ token: TOKEN }, { headers: { cookie: `tracemalloc=${TOKEN}` } }, 401);
  const handler = createHandler({ token: TOKEN, hosts: ["*"] });
  const answer = await ask(handler, "/debug/pprof/", {
    client: "10.0.0.7",
    headers: { host: "any.example", authorization: `Bearer ${TOKEN}` },
  });
  assertEquals(answer.status, 200);
  const refused = await ask(handler, "/debug/pprof/");
  assertEquals(refused.headers.get("www-authenticate"), 'Bearer realm="tracemalloc"');
});

test("a token in the address of the page becomes a cookie of this page alone", async () => {
  const handler = createHandler({ token: TOKEN });
  const login = await ask(handler, `/debug/tracemalloc/?token=${TOKEN}`);
  assertEquals([login.status, login.headers.get("location")], [303, "/debug/tracemalloc/"]);
  const cookie = login.headers.get("set-cookie")!;
  assertMatch(
    cookie,
    /^tracemalloc-[\da-f]{8}=[\da-f]{64}; Path=\/debug\/tracemalloc; HttpOnly; SameSite=Strict$/,
  );
  assert(!cookie.includes(TOKEN));
  const shown = { headers: { cookie: `a=b; ${cookie.split(";")[0]}` } };
  assertEquals((await ask(handler, "/debug/tracemalloc/", shown)).status, 200);
  assertEquals((await ask(createHandler({ token: TOKEN }), "/debug/tracemalloc/", shown)).status, 401);
  assertEquals((await ask(handler, "/debug/tracemalloc/?token=wrong-horse-battery", shown)).status, 401);
  assertEquals((await ask(handler, `/debug/pprof/?token=${TOKEN}`)).status, 200);
});

test("other pages make the browser do nothing", async () => {
  const handler = createHandler();
  for (const site of ["cross-site", "same-site"]) {
    for (const path of ["/debug/pprof/heap?gc=1", "/debug/tracemalloc/events", "/debug/tracemalloc/live.js"])
      assertEquals((await ask(handler, path, { headers: { "sec-fetch-site": site } })).status, 403, path);
    const link = { "sec-fetch-site": site, "sec-fetch-mode": "navigate" };
    assertEquals((await ask(handler, "/debug/tracemalloc/", { headers: link })).status, 200);
    assertEquals((await ask(handler, "/debug/pprof/heap?gc=1", { headers: link })).status, 403);
  }
  const origins = ["http://evil.example", "null", "http://localhost:6061", "http://localhost", "x"];
  for (const method of ["POST", "DELETE"]) {
    for (const origin of origins)
      assertEquals(
        (await ask(handler, "/debug/tracemalloc/mark", { method, headers: { origin } })).status,
        403,
        origin,
      );
    for (const path of ["/debug/tracemalloc/mark", "/debug/tracemalloc/why?line=app.ts:1"]) {
      assertEquals((await ask(handler, path, { method })).status, 403);
      const evil = { method, headers: { origin: "http://evil.example" } };
      assertEquals((await ask(handler, path, evil)).status, 403);
    }
    const own = { origin: "http://localhost:6060" };
    assertEquals((await ask(handler, "/debug/tracemalloc/mark", { method, headers: own })).status, 204);
  }
});

test("wrong methods, other paths and bodies are refused", async () => {
  const handler = createHandler();
  const own = { origin: "http://localhost:6060" };
  for (const [path, method, allow] of [
    ["/debug/pprof/heap", "POST", "GET, HEAD"],
    ["/debug/tracemalloc/", "DELETE", "GET, HEAD"],
    ["/debug/tracemalloc/events", "POST", "GET"],
    ["/debug/tracemalloc/events", "HEAD", "GET"],
    ["/debug/tracemalloc/mark", "GET", "POST, DELETE"],
    ["/debug/tracemalloc/why", "GET", "POST"],
  ] as const) {
    const answer = await ask(handler, path, { method, headers: own });
    assertEquals([answer.status, answer.headers.get("allow")], [405, allow], `${method} ${path}`);
  }
  const outside = [
    "/",
    "/etc/passwd",
    "/debug/tracemalloc/../../etc/passwd",
    "/debug/tracemalloc/..%2f..%2fpackage.json",
  ];
  const odd = [
    "/debug/tracemalloc/%2e%2e/%2e%2e/package.json",
    "/debug/tracemalloc/live.js/..%5c",
    "/debug/tracemalloc/constructor",
    "/debug/pprof/__proto__",
    "/debug/pprof/heap/",
  ];
  for (const path of [...outside, ...odd]) assertEquals((await ask(handler, path)).status, 404, path);
  for (const headers of [
    { "content-length": "1000000000" },
    { "content-length": "x" },
    { "transfer-encoding": "chunked" },
  ]) {
    const answer = await ask(handler, "/debug/tracemalloc/mark", {
      method: "POST",
      headers: { ...own, ...headers },
    });
    assertEquals(answer.status, 413);
  }
});

test("every answer forbids what could be done with it", async () => {
  const handler = createHandler();
  for (const path of PATHS.filter((path) => !path.endsWith("events"))) {
    const { headers } = await ask(handler, path);
    assertEquals(headers.get("x-content-type-options"), "nosniff", path);
    assertEquals(headers.get("cache-control"), "no-store");
    assertEquals(headers.get("referrer-policy"), "no-referrer");
    assertStringIncludes(headers.get("content-security-policy")!, "default-src 'none'; script-src 'self'");
    assertStringIncludes(headers.get("content-security-policy")!, "frame-ancestors 'none'");
    assertEquals(headers.get("access-control-allow-origin"), null);
  }
});

test("the heap profile is the snapshot, with labels", () =>
  traced(async () => {
    fill(50);
    const handler = createHandler({ labels: { service: "shop", version: "1.2" } });
    for (const path of ["/debug/pprof/heap", "/debug/pprof/allocs?gc=1"]) {
      const answer = await ask(handler, path);
      assertEquals([answer.status, answer.headers.get("content-type")], [200, "application/octet-stream"]);
      const snapshot = Snapshot.fromBytes(new Uint8Array(await answer.arrayBuffer()));
      assertEquals(snapshot.statistics("lineno").find(({ key }) => key === "/app/fill.mjs:3")?.count, 50);
      assertEquals(snapshot.metadata.labels, { service: "shop", version: "1.2" });
    }
    const text = await (await ask(handler, "/debug/pprof/heap?debug=1")).text();
    assertMatch(text, /^\/app\/fill\.mjs:3: size=[\d.]+ (?:B|KiB), count=50, average=\d+ B$/m);
    const head = await ask(handler, "/debug/pprof/heap", { method: "HEAD" });
    assertEquals([head.status, await head.text()], [200, ""]);
  }));

test("plain answers write names and errors from outside out", async () => {
  const hostile = "\x1b]0;x\x07\u202e\x9b";
  const visible = String.raw`\x1b]0;x\x07\u202e\x9b`;
  const { keep } = await instrumented(
    `const kept = []; export const keep = () => { for (let i = 0; i < 5e4; i++) kept.push({ i }); };`,
    { filename: `/app/${hostile}.mjs` },
  );
  await traced(async () => {
    keep();
    const text = await (await ask(createHandler(), "/debug/pprof/heap?debug=1")).text();
    assertStringIncludes(text, `/app/${visible}.mjs:1: size=`);
    assertFalse(/[^\P{C}\n]/u.test(text), text);
  });
  const failing = {
    get url(): string {
      throw new Error(hostile);
    },
  } as Request;
  const failed = await createHandler()(failing);
  assertEquals([failed.status, await failed.text()], [500, `tracemalloc: ${visible}\n`]);
});

test("?seconds= gives what has changed meanwhile", () =>
  traced(async () => {
    fill(100);
    const handler = createHandler();
    const pending = ask(handler, "/debug/pprof/heap?seconds=1");
    fill(30);
    const answer = await pending;
    const snapshot = Snapshot.fromBytes(new Uint8Array(await answer.arrayBuffer()));
    assertEquals(
      snapshot.statistics("lineno").map(({ key, count, allocatedCount }) => [key, count, allocatedCount]),
      [["/app/fill.mjs:3", 30, 30]],
    );
    for (const seconds of ["x", "-1", "1.5", "3601", "99999999"]) {
      assertEquals((await ask(handler, `/debug/pprof/heap?seconds=${seconds}`)).status, 400, seconds);
    }
  }));

test("what has shrunk meanwhile is negative in the difference", async () => {
  const at = (count: number): Snapshot =>
    Snapshot.fromTraces(
      Array.from({ length: count }, () => [0, 40, [["app.ts", 3]]] as const),
      1,
    );
  const bytes = deltaProfile({ old: at(5), now: at(2) });
  const { sample } = Profile.decode(gunzipSync(bytes));
  assertEquals(
    // That library reads all integers without a sign.
    sample.map(({ value }) => value.map((figure) => Number(BigInt.asIntN(64, BigInt(figure))))),
    [[-3, -120, -3, -120]],
  );
});

test("so many differences can be waited for and no more; who leaves makes room", () =>
  traced(async () => {
    const handler = createHandler();
    const leave = new AbortController();
    const wait = (signal: AbortSignal): Promise<Response> =>
      handler(
        {
          method: "GET",
          url: "http://localhost/debug/pprof/heap?seconds=600",
          headers: new Headers({ host: "localhost" }),
          signal,
        } as Request,
        "127.0.0.1",
      );
    const waiting = Array.from({ length: 8 }, () => wait(leave.signal));
    assertEquals((await wait(new AbortController().signal)).status, 503);
    leave.abort();
    assertEquals(new Set((await Promise.all(waiting)).map(({ status }) => status)), new Set([499]));
    assertEquals((await ask(handler, "/debug/pprof/heap?seconds=1")).status, 200);
  }));

test("while nothing is traced, profiles say so", async () => {
  const answer = await ask(createHandler(), "/debug/pprof/heap");
  assertEquals(
    [answer.status, await answer.text()],
    [503, "tracemalloc: not tracing: call start(), or set TRACEMALLOC=1\n"],
  );
});

test("events tell the state, and what has changed since the mark", () =>
  traced(async () => {
    fill(10);
    const handler = createHandler({ interval: 250 });
    const state = await firstEvent(await ask(handler, "/debug/tracemalloc/events"));
    assertEquals([state.isTracing, state.pid, state.mark], [true, process.pid, null]);
    const [top] = state.top as { key: string; count: number }[];
    assertEquals([top?.key, top?.count], ["/app/fill.mjs:3", 10]);
    const headers = { origin: "http://localhost:6060" };
    assertEquals((await ask(handler, "/debug/tracemalloc/mark", { method: "POST", headers })).status, 204);
    fill(7);
    const { mark, flame } = (await firstEvent(await ask(handler, "/debug/tracemalloc/events"))) as {
      mark: { changes: { key: string; countDiff: number }[] };
      flame: FlameModel;
    };
    assertEquals(
      mark.changes.map(({ key, countDiff }) => [key, countDiff]),
      [["/app/fill.mjs:3", 7]],
    );
    const data = new FlameData(flame);
    assertEquals(
      flame.frames.file.map((_, frame) => data.frameText(frame)).includes("fill  fill.mjs:3"),
      true,
    );
    await ask(handler, "/debug/tracemalloc/mark", { method: "DELETE", headers });
    assertEquals((await firstEvent(await ask(handler, "/debug/tracemalloc/events"))).mark, null);
  }));

test("the page's total is what its lines add up to, strings and what containers have grown by included", () =>
  traced(async () => {
    remember(2000);
    const state = await firstEvent(await ask(createHandler(), "/debug/tracemalloc/events"));
    const top = state.top as { key: string; size: number }[];
    const sum = top.reduce((total, { size }) => total + size, 0);
    assertEquals([state.current, top.length], [sum, 2]);
    assert(sum > 2000 * 32, `${sum}`);
    assert((state.peak as number) >= sum);
    assertEquals((state.points as number[][]).at(-1)![1], sum);
  }));

test("more pages than are allowed get 503, and the place of one that is closed is free", async () => {
  const handler = createHandler({ clients: 3 });
  const open = (): Promise<Response> => ask(handler, "/debug/tracemalloc/events");
  const first = await Promise.all([open(), open(), open()]);
  const refused = await open();
  assertEquals([refused.status, refused.headers.get("retry-after")], [503, "10"]);
  await first[1]!.body!.cancel();
  assertEquals((await open()).status, 200);
  for (const { body } of [first[0]!, first[2]!]) await body!.cancel();
});

test("what the handler allocates is not the program's", () =>
  traced(async () => {
    const { callHandler } = await instrumented(
      "export async function callHandler(ask, handler, path) { return ask(handler, path); }",
      { filename: "/app/server.mjs" },
    );
    const handler = createHandler();
    for (const path of ["/debug/pprof/heap", "/debug/tracemalloc/", "/debug/pprof/heap?debug=1"]) {
      for (let i = 0; i < 5; i++) await (await callHandler(ask, handler, path)).text();
    }
    const text = await (await ask(handler, "/debug/pprof/heap?debug=1")).text();
    const sizes = [...text.matchAll(/^.*server\.mjs.*size=([\d.]+) (\S+),/gm)];
    for (const [line, size, unit] of sizes) assert(unit === "B" && Number(size) < 6000, line);
  }));

test("wrong options are refused, and no message shows a token", () => {
  for (const [options, message] of [
    [{ token: "short" }, "token must have 16 to 1024 visible ASCII characters, got one of 5 characters"],
    [{ token: "with a space in it." }, "visible ASCII characters"],
    [{ token: 5 }, "token must be a text"],
    [{ hosts: "localhost" }, "hosts must be a list"],
    [{ hosts: ["*"] }, 'hosts may only be ["*"], any name, where there is a token'],
    [{ labels: { service: 1 } }, "labels.service must be a text, got number"],
    [{ interval: 5 }, "interval must be from 250 to 3600000, got 5"],
    [{ clients: 0 }, "clients must be from 1 to 1000, got 0"],
  ] as const) {
    const { message: told } = assertThrows(() => createHandler(options as HttpOptions), Error, message);
    assert(!told.includes("with a space"));
  }
});

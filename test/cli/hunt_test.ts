// `tracemalloc hunt` as a user types it; test/long/hunt_test.ts has more programs and all runtimes.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test as plainTest } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ReportModel } from "../../src/report/html/model.ts";
import type { HuntReport } from "../../src/report/views/hunt.ts";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { buildOnce } from "../hosts/host.ts";
import { freePort, LEAKS, serverOf, withFiles } from "./hunt_programs.ts";
import { startTracemalloc, tracemalloc } from "./tracemalloc.ts";

/** Every test here starts several processes. */
function test(name: string, body: () => Promise<void>): void {
  plainTest(name, { timeout: 120_000 }, async () => {
    buildOnce();
    await body();
  });
}

const QUICK = ["--requests", "40", "--rounds", "3", "--wait", "0.1"];

test("hunt on a server that leaks: the line in the dependency, who holds it, and a report", () =>
  withFiles(LEAKS["a registry of instances in a dependency"]!.files, async (cwd) => {
    const port = await freePort();
    const words = ["hunt", "server.mjs", "--url", `http://127.0.0.1:${port}/a/{n}`, ...QUICK];
    const { code, stdout, stderr } = tracemalloc([...words, "--report", "leak.html", "--", String(port)], {
      cwd,
    });
    assertEquals([code, stderr], [1, ""], stdout);
    assertMatch(stdout, /^LEAKS: after every round, \d lines held more\n/);
    assertStringIncludes(
      stdout,
      "40 requests to warm up, 3 rounds of 40, 3 rounds of 80, 1 round of 800, 1 round of 200, 1 round of 3,200, 1 round of 800; 5,400 requests answered\n",
    );
    assertStringIncludes(
      stdout,
      `#1: ${cwd}/node_modules/loggers/index.js:3 createLogger\n    const logger = {`,
    );
    assertMatch(
      stdout,
      /\n {4}\+\d+ B a request in 3 blocks \((?:closure|Object|string)(?:, (?:closure|Object|string)){2}\): /,
    );
    assertStringIncludes(stdout, "\n    of package loggers\n");
    assertMatch(stdout, /held by a module's variable .*\n.*\.instances Array \{.*index\.js:1 /);
    assertStringIncludes(stdout, "\nReport: leak.html\n");
    const page = readFileSync(join(cwd, "leak.html"), "utf8");
    const [, data] = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page)!;
    const { hunt } = JSON.parse(data!) as Pick<ReportModel, "hunt">;
    // The page says what the terminal does, but for its own name.
    assertEquals([hunt?.verdict, hunt?.text], ["leaks", stdout.split("\n").slice(0, -3)]);
    // The snapshots stay, for diff.
    const folder = join(cwd, "tracemalloc-hunt-server");
    const first = Snapshot.load(join(folder, "round-0.pb.gz"));
    const last = Snapshot.load(join(folder, "round-6.pb.gz"));
    const grown = last.compareTo(first, "lineno").find(({ key }) => key.endsWith("loggers/index.js:3"));
    assertEquals(grown?.countDiff, 1080);
  }));

test("hunt on a server that does not: exit code 0, and the same as JSON", () =>
  withFiles({ "server.mjs": serverOf("", "return [n].length;") }, async (cwd) => {
    const port = await freePort();
    const words = [
      "hunt",
      "server.mjs",
      "--json",
      "--url",
      `http://127.0.0.1:${port}/`,
      ...QUICK,
      "-o",
      "out",
    ];
    const { code, stdout, stderr } = tracemalloc([...words, "--", String(port)], { cwd });
    assertEquals([code, stderr], [0, ""], stdout);
    const report: HuntReport = JSON.parse(stdout);
    assertEquals(
      [report.verdict, report.lines, report.resources, report.answers],
      ["does not leak", [], [], { good: 160, bad: {}, retried: 0 }],
    );
    assertEquals(
      report.rounds.map(({ requests }) => requests),
      [40, 40, 40, 40],
    );
    assertEquals(report.snapshots.length, 4);
    assert(existsSync(join(cwd, "out", "report.html")));
  }));

/** A script: calls cost less than requests. */
const cacheScript = (bound: number): string => `const cache = new Map();
let n = 0;
export default function work() {
  cache.set(n, { n, at: [n] });
  if (cache.size > ${bound}) cache.delete(cache.keys().next().value);
  n++;
}
`;

test("hunt on a cache that is full after ten times as many calls as the rounds have: it does not leak, and is named", () =>
  withFiles({ "cache.mjs": cacheScript(2500), "leak.mjs": cacheScript(1e9) }, (cwd) => {
    const cache = tracemalloc(["hunt", "cache.mjs", ...QUICK], { cwd });
    assertEquals([cache.code, cache.stderr], [0, ""], cache.stdout);
    assertMatch(cache.stdout, /^DOES NOT LEAK: /);
    assertStringIncludes(cache.stdout, `as a cache that is full:\n  ${cwd}/cache.mjs:4\n`);
    const leak = tracemalloc(["hunt", "leak.mjs", ...QUICK], { cwd });
    assertEquals([leak.code, leak.stderr], [1, ""], leak.stdout);
    assertMatch(leak.stdout, /^LEAKS: /);
    assertMatch(
      leak.stdout,
      /\nNote: what leak\.mjs:1 made has 5,400 entries, and more with each of the last calls: /,
    );
  }));

/** Of a few keys, at random: when all have been asked for, nothing comes any more. */
const FEW_KEYS = `const cache = new Map();
let state = 1;
export default function work() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  const key = Math.floor((state / 2 ** 32) * 4000);
  if (!cache.has(key)) cache.set(key, { key });
}
`;

test("hunt on what grows by less and less says that it is still filling: exit code 2", () =>
  withFiles({ "keys.mjs": FEW_KEYS }, (cwd) => {
    const { code, stdout, stderr } = tracemalloc(["hunt", "keys.mjs", ...QUICK], { cwd });
    assertEquals([code, stderr], [2, ""], stdout);
    assertMatch(stdout, /^CANNOT TELL: still filling \([23],\d{3} entries, keys\.mjs:6\): /);
  }));

test("hunt on a program that ends at once says so, with what that has said", () =>
  withFiles({ "server.mjs": `console.error("no database"); process.exit(3);` }, async (cwd) => {
    const port = await freePort();
    const { code, stdout, stderr } = tracemalloc(
      ["hunt", "server.mjs", "--url", `http://127.0.0.1:${port}/`],
      { cwd },
    );
    assertEquals([code, stderr], [2, "tracemalloc: the program said last:\ntracemalloc:   no database\n"]);
    assertMatch(stdout, /^CANNOT TELL: the program ended with code 3 in the start\n/);
  }));

test("hunt drives nothing that answers before the program has started", () =>
  withFiles({ "server.mjs": "setInterval(() => {}, 1000);" }, async (cwd) => {
    const server = createServer((_, response) => response.end("I was here first"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as { port: number };
      const hunt = startTracemalloc(["hunt", "server.mjs", "--url", `http://127.0.0.1:${port}/`], { cwd });
      const { code, stdout, stderr } = await hunt.end;
      assertEquals([code, stdout], [2, ""]);
      assertStringIncludes(stderr, `something answers at http://127.0.0.1:${port} already`);
    } finally {
      server.close();
    }
  }));

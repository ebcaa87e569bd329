// `tracemalloc hunt` on programs of all kinds, on all runtimes.
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { test as plainTest } from "node:test";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { HuntReport } from "../../src/report/views/hunt.ts";
import { cacheOf, ELSEWHERE, freePort, LEAKS, SOUND, serverOf, withFiles } from "../cli/hunt_programs.ts";
import { startTracemalloc, tracemalloc } from "../cli/tracemalloc.ts";
import { buildOnce, root } from "../hosts/host.ts";

const RUNTIMES = ["node", "deno", "bun"];
const QUICK = ["--requests", "40", "--rounds", "3", "--wait", "0.1"];

/** Every test here starts several processes. */
function test(name: string, body: () => Promise<void>): void {
  plainTest(name, { timeout: 300_000 }, async () => {
    buildOnce();
    await body();
  });
}

for (const runtime of RUNTIMES) {
  for (const [what, { files, culprit, holder }] of Object.entries(LEAKS)) {
    test(`hunt names the line and its holder on ${runtime}: ${what}`, () =>
      withFiles(files, async (cwd) => {
        const port = await freePort();
        const words = [
          "hunt",
          "server.mjs",
          "--runtime",
          runtime,
          "--url",
          `http://127.0.0.1:${port}/{n}`,
          "--json",
        ];
        const { code, stdout, stderr } = tracemalloc([...words, "--", String(port)], { cwd });
        assertEquals([code, stderr], [1, ""], stdout);
        const { verdict, lines, why, whyNot }: HuntReport = JSON.parse(stdout);
        assertEquals(verdict, "leaks");
        const [file, text] = culprit;
        const wanted =
          readFileSync(join(cwd, file), "utf8")
            .split("\n")
            .findIndex((line) => line.includes(text)) + 1;
        const named = lines.slice(0, 3).map(({ filename, lineno }) => `${filename}:${lineno}`);
        assert(named.includes(`${join(cwd, file)}:${wanted}`), JSON.stringify(lines));
        if (runtime === "bun") assertMatch(whyNot ?? "", /^bun has no heap/);
        else {
          const hops = why!.lines.flatMap(({ paths }) =>
            paths.flatMap(({ root, hops }) => [
              `held by ${root}`,
              ...hops.map(({ edge, type, filename, lineno }) => `${edge} ${type} {${filename}:${lineno} `),
            ]),
          );
          assertMatch(hops.join("\n"), holder);
        }
      }));
  }

  for (const [what, text] of Object.entries(SOUND)) {
    test(`hunt says of what only looks like a leak that it is none, on ${runtime}: ${what}`, () =>
      withFiles({ "server.mjs": text }, async (cwd) => {
        const port = await freePort();
        const words = ["hunt", "server.mjs", "--runtime", runtime, "--url", `http://127.0.0.1:${port}/{n}`];
        const { code, stdout } = tracemalloc([...words, "--", String(port)], { cwd });
        assertEquals(code, 0, stdout);
        assertMatch(stdout, /^DOES NOT LEAK: /);
      }));
  }

  test(`hunt on ${runtime}: a cache of which nothing is ever taken out leaks, and it is said that a larger one would look the same`, () =>
    withFiles({ "server.mjs": cacheOf(1e9) }, async (cwd) => {
      const port = await freePort();
      const words = ["hunt", "server.mjs", "--runtime", runtime, "--url", `http://127.0.0.1:${port}/{n}`];
      const { code, stdout } = tracemalloc([...words, "--", String(port)], { cwd });
      assertEquals(code, 1, stdout);
      assertMatch(stdout, /^LEAKS: /);
      assertMatch(stdout, /\nNote: what server\.mjs:3 made has 2[78],\d{3} entries, .*\(--requests\)\n/);
      assertMatch(stdout, /\n#1: .*server\.mjs:\d+.*\n {4}return cache\.get/);
    }));

  test(`hunt on examples/leaky-server on ${runtime}: the three leaks come first; its mended twin does not leak`, async () => {
    const shop = join(root, "examples/leaky-server");
    const marked = readFileSync(join(shop, "server.ts"), "utf8")
      .split("\n")
      .flatMap((line, index) => (line.includes("// LEAK:") ? [`server.ts:${index + 2}`] : []));
    await withFiles({}, async (cwd) => {
      const hunt = async (script: string) => {
        const port = await freePort();
        const url = ["--url", `http://127.0.0.1:${port}/`, "--requests-file", join(shop, "requests.txt")];
        const words = ["hunt", join(shop, script), "--runtime", runtime, ...url, "--json", "-o", cwd];
        const { code, stdout } = tracemalloc(words, { cwd: shop, env: { PORT: String(port) } });
        return { code, report: JSON.parse(stdout) as HuntReport };
      };
      const leaky = await hunt("server.ts");
      assertEquals(leaky.code, 1);
      const first = leaky.report.lines
        .slice(0, 3)
        .map(({ filename, lineno }) => `${basename(filename)}:${lineno}`);
      assertEquals(first.sort(), marked);
      const mended = await hunt("mended.ts");
      assertEquals([mended.code, mended.report.verdict], [0, "does not leak"], mended.report.reason);
    });
  });
}

for (const [kind, runtime] of [
  ["worker", "node"],
  ["worker", "deno"],
  ["worker", "bun"],
  ["cluster", "node"],
  ["cluster", "bun"],
] as const) {
  test(`hunt counts what a program's ${kind} keeps on ${runtime}, and ends it`, () =>
    withFiles({ "server.mjs": ELSEWHERE[kind] }, async (cwd) => {
      const port = await freePort();
      const words = [
        "hunt",
        "server.mjs",
        "--runtime",
        runtime,
        "--url",
        `http://127.0.0.1:${port}/{n}`,
        ...QUICK,
      ];
      const { code, stdout } = tracemalloc([...words, "--", String(port)], { cwd });
      assertEquals(code, 1, stdout);
      assertStringIncludes(stdout, `#1: ${cwd}/server.mjs:2`);
      assertMatch(stdout, /\nNote: \d worker.* counted, too/);
      assert(await isFree(port), "something listens still");
    }));
}

test("hunt on what npm starts; it ends when the hunt is killed", () =>
  withFiles(
    {
      "server.mjs": serverOf("const kept = [];", "kept.push({ n });"),
      "package.json": `{"scripts":{"start":"node server.mjs $PORT"}}`,
    },
    async (cwd) => {
      const port = await freePort();
      const url = ["--url", `http://127.0.0.1:${port}/`];
      const env = { PORT: String(port) };
      const { code, stdout } = tracemalloc(["hunt", ...url, ...QUICK, "--", "npm", "start"], { cwd, env });
      assertEquals(code, 1, stdout);
      assertStringIncludes(stdout, `#1: ${cwd}/server.mjs:`);
      assert(await isFree(port), "something listens still");
      const hunt = startTracemalloc(
        ["hunt", ...url, "--rounds", "90", "-o", "killed", "--", "npm", "start"],
        { cwd, env },
      );
      while (!existsSync(join(cwd, "killed", "round-0.pb.gz"))) await pause();
      hunt.kill("SIGKILL");
      await hunt.end;
      while (!(await isFree(port))) await pause();
    },
  ));

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });
}

test("hunt on a script calls its default export", () =>
  withFiles(
    {
      "leak.ts":
        "const kept: object[] = [];\nexport default async function work(): Promise<void> {\n  kept.push({ a: 1 });\n}\n",
      "none.cjs": "exports.other = 1;\n",
    },
    (cwd) => {
      const { code, stdout } = tracemalloc(["hunt", "leak.ts", ...QUICK], { cwd });
      assertEquals(code, 1, stdout);
      assertStringIncludes(
        stdout,
        `#1: ${cwd}/leak.ts:3 work\n    kept.push({ a: 1 });\n    +32 B a call in 1 block (Object): `,
      );
      const none = tracemalloc(["hunt", "none.cjs", ...QUICK], { cwd });
      assertEquals([none.code, none.stderr], [2, ""], none.stdout);
      assertMatch(none.stdout, /^CANNOT TELL: .*the script has no default export: hunt calls a function/);
    },
  ));

const BAD: Readonly<Record<string, { text: string; words?: string[]; says: RegExp }>> = {
  "never answers": {
    text: "setInterval(() => {}, 1000);",
    words: ["--timeout", "1"],
    says: /CANNOT TELL: GET http:\/\/127\.0\.0\.1:\d+\/: connection refused, \d s after the start; --timeout waits longer\n/,
  },
  "answers 503 from some time on": {
    text: serverOf("", "if (n > 20) response.statusCode = 503;"),
    says: /CANNOT TELL: \d+ of 40 requests failed \(status 503: \d+\)\n/,
  },
  "dies meanwhile": {
    text: serverOf("", `if (n > 100) throw new Error("out of luck");`),
    says: /out of luck(?:.|\n)*CANNOT TELL: the program ended with code 1 in round 2 of 3\n/,
  },
};

for (const [what, { text, words = [], says }] of Object.entries(BAD)) {
  test(`hunt on a program that ${what} says so, in plain words`, () =>
    withFiles({ "server.mjs": text }, async (cwd) => {
      const port = await freePort();
      const url = ["--url", `http://127.0.0.1:${port}/`];
      const ended = tracemalloc(["hunt", "server.mjs", ...url, ...QUICK, ...words, "--", String(port)], {
        cwd,
      });
      assertEquals(ended.code, 2, ended.stdout);
      assertMatch(ended.stderr + ended.stdout, says);
      assert(!/:\d+:\d+\)?$/m.test(ended.stderr + ended.stdout), ended.stderr);
    }));
}

test("Ctrl-C ends the program, and what was found until then is told and kept", () =>
  withFiles(
    {
      "server.mjs": serverOf(
        "const kept = [];",
        "kept.push({ n }); if (n === 180) console.log(`pid ${process.pid}`);",
      ),
    },
    async (cwd) => {
      const port = await freePort();
      const words = ["hunt", "server.mjs", "--url", `http://127.0.0.1:${port}/`, "--show-output"];
      const hunt = startTracemalloc([...words, "--requests", "40", "--rounds", "90", "--", String(port)], {
        cwd,
      });
      const { stderr, code, stdout } = await interruptedAt(
        hunt,
        join(cwd, "tracemalloc-hunt-server", "round-5.pb.gz"),
      );
      assertEquals(code, 2, stderr);
      assertMatch(stdout, /^CANNOT TELL: interrupted in round \d+ of 90\n/);
      assertStringIncludes(stdout, "What grew in every round until then:\n\n#1: ");
      const pid = Number(/pid (\d+)/.exec(stderr)?.[1]);
      assert(!isAlive(pid), `${pid} lives on`);
    },
  ));

async function interruptedAt(hunt: ReturnType<typeof startTracemalloc>, file: string) {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
  hunt.kill("SIGINT");
  return await hunt.end;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

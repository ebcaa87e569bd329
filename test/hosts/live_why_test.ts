// Asking a program that runs why a line is alive, on every runtime.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch } from "@std/assert";
import type { LineWithTexts } from "../../src/heap/hop_texts.ts";
import { startLive } from "../cli/live_program.ts";
import { withFolder } from "../cli/tracemalloc.ts";
import { type Host, hosts } from "./host.ts";

/** Keeps objects under keys that are data, until there is a file. */
const APP = `import { existsSync } from "node:fs";
const kept = new Map();
for (let i = 0; i < 1000; i++) kept.set("alice" + i, { i });
const timer = setInterval(() => existsSync("end") && kept.size === 1000 && clearInterval(timer), 20);
`;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What the page's button sends. Node's fetch and its like do not let a program say where it comes from. */
function why(origin: string, line: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const url = `${origin}/debug/tracemalloc/why?${new URLSearchParams({ line })}`;
  const sent = request(url, { method: "POST", headers: { origin } }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (part: string) => (text += part));
    response.on("end", () => resolve({ status: response.statusCode!, text })).on("error", reject);
  });
  sent.on("error", reject).end();
  return promise;
}

for (const host of hosts)
  test(
    `${host}: a program that is asked why a line is alive answers, goes on, and ends when it wants to`,
    {
      timeout: 120_000,
    },
    () =>
      withFolder({ "app.mjs": APP, "package.json": "{}" }, async (cwd) => {
        const tmp = join(cwd, "tmp");
        mkdirSync(tmp);
        const words = ["run", "--live", "--exact", "--runtime", host, "-o", "app.pb.gz", "app.mjs"];
        const { origin, child, said, ended } = await startLive(words, { cwd, env: { TMPDIR: tmp } });
        const heaps = (): string[] => readdirSync(tmp).filter((name) => name.startsWith("tracemalloc-heap-"));
        try {
          checkAnswer(host, await why(origin, `${cwd}/app.mjs:3`));
          assertEquals(heaps(), []);
          // It ends while it is asked again.
          const again = why(origin, `${cwd}/app.mjs:3`).catch(() => null);
          writeFileSync(join(cwd, "end"), "");
          const { code } = await ended;
          await again;
          assertEquals([code, heaps()], [0, []], said.stderr);
          assert(readdirSync(cwd).includes("app.pb.gz"), said.stderr);
        } finally {
          child.kill("SIGTERM");
        }
      }),
  );

function checkAnswer(host: Host, { status, text }: Answer): void {
  if (host === "bun") {
    assertEquals(status, 501);
    assertMatch(text, /^tracemalloc: Bun has no heap snapshot .*: run the program on Node or Deno\n$/);
    return;
  }
  assertEquals(status, 200, text);
  const [line] = JSON.parse(text) as LineWithTexts[];
  const hop = line!.paths[0]!.hops.find(({ lineno }) => lineno === 2);
  assertEquals([line!.count, hop?.type, hop?.source], [1000, "Map", "const kept = new Map();"]);
  // The source text has a word that the keys begin with; the keys themselves are nowhere.
  assertFalse(/alice\d/.test(text), text);
}

// `tracemalloc run --live` on all three runtimes: the page is there, and the program is as it was.
import { test as plainTest } from "node:test";
import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { startLive } from "./live_program.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

/** Lives until it is told to end, by a file; keeps no handle but its timer. */
const APP = `import { existsSync } from "node:fs";
const kept = [];
console.log(JSON.stringify([process.argv.slice(2), Object.keys(process.env).filter((name) => /LIVE/.test(name))]));
const timer = setInterval(() => {
  kept.push({ at: kept.length });
  if (!existsSync("end")) return;
  clearInterval(timer);
  console.log("the end");
  process.exitCode = 7;
}, 10);
`;

function test(name: string, body: () => Promise<void>): void {
  plainTest(name, { timeout: 120_000 }, body);
}

for (const runtime of ["node", "deno", "bun"] as const) {
  test(`run --live on ${runtime}: serves while the program runs, and does not keep it from ending`, () =>
    withFolder({ "app.mjs": APP, "package.json": "{}" }, async (cwd) => {
      const { writeFileSync } = await import("node:fs");
      const words = ["run", "--runtime", runtime, "--live", "-o", "x.pb.gz", "app.mjs", "--live", "a"];
      const { origin, said, ended } = await startLive(words, { cwd });
      assertMatch(origin, /^http:\/\/127\.0\.0\.1:\d+$/);
      // The page may be there before the program has made anything.
      const hasLine = async (): Promise<boolean> => {
        const profile = await fetch(`${origin}/debug/pprof/heap`);
        const snapshot = Snapshot.fromBytes(new Uint8Array(await profile.arrayBuffer()));
        return snapshot.statistics("lineno").some(({ key }) => key.endsWith("app.mjs:5"));
      };
      let found = false;
      for (let i = 0; i < 100 && !found; i++) found = await hasLine();
      assert(found, "the program's line is in no profile");
      const page = await fetch(origin);
      assertStringIncludes(await page.text(), "<title>tracemalloc</title>");
      assertEquals(new URL(page.url).pathname, "/debug/tracemalloc/");
      for (const asset of ["live.js", "live.css"])
        assertEquals((await fetch(`${origin}/debug/tracemalloc/${asset}`)).status, 200, asset);
      assertEquals((await fetch(`${origin}/anything`)).status, 404);
      // Somebody has the page open when the program comes to its end.
      const events = await fetch(`${origin}/debug/tracemalloc/events`);
      const reader = events.body!.getReader();
      assertMatch(
        new TextDecoder().decode((await reader.read()).value),
        /^event: state\ndata: \{"isTracing":true/,
      );
      writeFileSync(`${cwd}/end`, "");
      assertEquals(await ended, { code: 7, signal: null });
      await reader.cancel().catch(() => {});
      assertEquals(said.stdout, `[["--live","a"],[]]\nthe end\n`);
      assertEquals(said.stderr.match(/tracemalloc: live at/g)?.length, 1);
      assertStringIncludes(said.stderr, "snapshot written to x.pb.gz");
    }));
}

test("--live=PORT takes that port; one that is taken is a warning", () =>
  withFolder({ "app.mjs": APP, "package.json": "{}" }, async (cwd) => {
    const { writeFileSync } = await import("node:fs");
    const { origin, ended } = await startLive(["run", "--live=0", "app.mjs"], { cwd });
    const { port } = new URL(origin);
    const other = tracemalloc(["run", `--live=${port}`, "-o", "y.pb.gz", "short.mjs"], {
      cwd: await withShort(cwd),
    });
    assertEquals(other.code, 0, other.stderr);
    assertStringIncludes(other.stderr, `the live page is not served: 127.0.0.1:${port}: the port is taken`);
    writeFileSync(`${cwd}/end`, "");
    assertEquals((await ended).code, 7);
  }));

async function withShort(cwd: string): Promise<string> {
  const { writeFileSync } = await import("node:fs");
  writeFileSync(`${cwd}/short.mjs`, "setTimeout(() => {}, 500);");
  return cwd;
}

test("an address that others can reach needs a token", () =>
  withFolder({ "app.mjs": APP, "package.json": "{}" }, async (cwd) => {
    const { writeFileSync } = await import("node:fs");
    const open = tracemalloc(["run", "--live=0.0.0.0:0", "app.mjs"], { cwd });
    assertEquals(open.code, 1);
    assertStringIncludes(open.stderr, 'TRACEMALLOC_LIVE="0.0.0.0:0" is not allowed');
    const token = "correct-horse-battery";
    const live = await startLive(["run", "--live=0.0.0.0:0", "app.mjs"], {
      cwd,
      env: { TRACEMALLOC_LIVE_TOKEN: token },
    });
    const address = `http://127.0.0.1:${new URL(live.origin).port}/debug/pprof/heap`;
    assertEquals((await fetch(address)).status, 401);
    assertEquals((await fetch(address, { headers: { authorization: `Bearer ${token}` } })).status, 200);
    assertFalse((live.said.stdout + live.said.stderr).includes(token));
    writeFileSync(`${cwd}/end`, "");
    assertEquals((await live.ended).code, 7);
  }));

test("wrong values of --live are wrong usage", async () => {
  for (const value of ["x", "-1", "65536", "1.5", ""]) {
    const { code, stderr } = tracemalloc(["run", `--live=${value}`, "app.mjs"]);
    assertEquals(code, 2, value);
    assertStringIncludes(stderr, `--live takes a port from 0 to 65535, got ${JSON.stringify(value)}`);
  }
});

// examples/live-server: every server of it serves its own pages and the debug ones.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { buildOnce, root } from "../hosts/host.ts";

const folder = join(root, "examples", "live-server");
const preload = `${root}dist/plugin/register_node.js`;

const SERVERS: readonly (readonly [name: string, program: string, args: readonly string[]])[] = [
  ["node.js", "node", ["--import", "tracemalloc/register", "node.js"]],
  ["express.js", "node", ["--import", "tracemalloc/register", "express.js"]],
  ["fastify.js", "node", ["--import", "tracemalloc/register", "fastify.js"]],
  ["hono.js", "node", ["--import", "tracemalloc/register", "hono.js"]],
  ["hono.js", "deno", ["run", "-A", "--no-check", "--preload", preload, "hono.js"]],
  ["hono.js", "bun", ["--preload", "tracemalloc/register", "hono.js"]],
];

for (const [name, program, args] of SERVERS) {
  test(`examples/live-server/${name} on ${program}`, async () => {
    buildOnce();
    const inherited = Object.entries(process.env).filter(([key]) => !/^(?:TRACEMALLOC|NODE_)/.test(key));
    const child = spawn(join(root, "node_modules/.bin", program), args, {
      cwd: folder,
      env: { ...Object.fromEntries(inherited), PORT: "0", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ended = new Promise((resolve) => child.on("close", resolve));
    const guard = setTimeout(() => child.kill("SIGKILL"), 30_000);
    try {
      while (!/^(http:\/\/\S+)\/debug\/tracemalloc\/$/m.test(output)) {
        if (child.exitCode !== null) throw new Error(output);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const origin = /^(http:\/\/\S+)\/debug\/tracemalloc\/$/m.exec(output)![1]!;
      for (let i = 0; i < 30; i++) await (await fetch(`${origin}/a`)).text();
      assertEquals(await (await fetch(`${origin}/b`)).text(), "visit 31 of /b\n");
      assertStringIncludes(
        await (await fetch(`${origin}/debug/tracemalloc/`)).text(),
        "<title>tracemalloc</title>",
      );
      const profile = await fetch(`${origin}/debug/pprof/heap`);
      assertEquals(profile.status, 200);
      const snapshot = Snapshot.fromBytes(new Uint8Array(await profile.arrayBuffer()));
      const line = snapshot.statistics("lineno").find(({ key }) => key.endsWith("store.js:5"));
      assert(line !== undefined && line.count >= 31, `${line}`);
      assertEquals(snapshot.metadata.labels, { service: "live-server" });
    } finally {
      clearTimeout(guard);
      child.kill("SIGKILL");
      await ended;
    }
  });
}

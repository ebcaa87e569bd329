// Snapshots that go where no file is: after what the program has printed, through a pipe, all processes in one.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { COMMAND, startTracemalloc, withFolder } from "./tracemalloc.ts";

/** Each takes several processes. */
const slow = { timeout: 120_000 };

const FILES = {
  "package.json": "{}",
  "app.mjs": `globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
console.log("from the program");
`,
  "parent.mjs": `import { Worker } from "node:worker_threads";
globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
new Worker("./app.mjs").on("exit", () => console.log("from the parent"));
`,
};

/** How many lines hold a thousand blocks. */
function thousands(bytes: Uint8Array): number {
  return Snapshot.fromBytes(bytes)
    .statistics("lineno")
    .filter(({ count }) => count >= 1000).length;
}

/** What stands behind the program's own output. */
function behind(output: Buffer, text: string): Uint8Array {
  const start = output.indexOf(text);
  assert(start !== -1, output.toString("latin1"));
  return output.subarray(start + text.length);
}

/** Nothing may be left beside `/dev/stdout`. */
const inDev = (): string[] => readdirSync("/dev").filter((name) => name.includes("pb.gz"));

for (const runtime of ["node", "deno", "bun"]) {
  for (const output of ["/dev/stdout", "/dev/fd/1"]) {
    test(
      `${runtime} -o ${output}: the snapshot follows the program's output, in a pipe and in a file`,
      slow,
      () =>
        withFolder(FILES, (cwd) => {
          const words = [...COMMAND, "run", "--runtime", runtime, "-o", output, "app.mjs"];
          for (const target of ["| cat > out", "> out"]) {
            const script = `{ echo before; "$@"; } ${target}`;
            const { status, stderr } = spawnSync("sh", ["-c", script, "sh", ...words], {
              cwd,
              encoding: "utf8",
            });
            assertEquals(status, 0, stderr);
            const written = readFileSync(join(cwd, "out"));
            assertEquals(thousands(behind(written, "before\nfrom the program\n")), 1);
            assertStringIncludes(stderr, `tracemalloc: snapshot written to ${output}\n`);
            assertStringIncludes(stderr, "app.mjs:1: ");
          }
          assertEquals(readdirSync(cwd).sort(), [...Object.keys(FILES), "out"].sort());
          assertEquals(inDev(), []);
        }),
    );
  }
}

test("a named pipe gets one snapshot of all processes, and its reader nothing else", slow, () =>
  withFolder(FILES, async (cwd) => {
    spawnSync("mkfifo", [join(cwd, "pipe")]);
    const reader = spawn("cat", [join(cwd, "pipe")], { stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    reader.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    const closed = new Promise((resolve) => reader.on("close", resolve));
    const { end } = startTracemalloc(["run", "--runtime", "node", "-o", "pipe", "parent.mjs"], { cwd });
    const { code, stderr } = await end;
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "tracemalloc: snapshot of 2 processes and workers written to pipe\n");
    assertFalse(stderr.includes("merged from"), stderr);
    await closed;
    assertEquals(thousands(Buffer.concat(chunks)), 2);
    assertEquals(readdirSync(cwd).sort(), [...Object.keys(FILES), "pipe"].sort());
  }),
);

test("a pipe that nobody reads: that is said, and the lines are shown all the same", slow, () =>
  withFolder(FILES, async (cwd) => {
    spawnSync("mkfifo", [join(cwd, "pipe")]);
    const { end } = startTracemalloc(["run", "--runtime", "node", "-o", "pipe", "app.mjs"], { cwd });
    const { code, stdout, stderr } = await end;
    assertEquals([code, stdout], [0, "from the program\n"]);
    assertStringIncludes(
      stderr,
      "tracemalloc: the snapshot was not written: pipe: nobody reads from this pipe\n",
    );
    assertFalse(stderr.includes("written to"), stderr);
    assertStringIncludes(stderr, "app.mjs:1: ");
  }),
);

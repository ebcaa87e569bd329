// Sends signals to a program under `tracemalloc run` while its snapshot is being written.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { startTracemalloc, withFolder } from "./tracemalloc.ts";

export const RUNTIMES = ["node", "deno", "bun"] as const;

/** Whom the signals are sent to: the program, the command that runs it, or both as `timeout` and supervisors do. */
export const TARGETS = ["child", "parent", "group"] as const;

/** 2 ** 13 paths of calls: to write them down takes long enough for many signals. */
const MANY_PATHS = `const kept = [];
function grow(depth) {
  if (depth === 0) return kept.push({ depth });
  grow(depth - 1);
  grow(depth - 1);
}
grow(13);
setInterval(() => {}, 1000);
console.log("ready", process.pid, "");
`;

/**
 * Runs a program, sends it one signal and then one more after each of the gaps, and expects its whole snapshot, its death
 * by that signal, and nothing left beside it.
 */
export function assertSurvivesSignals(
  runtime: (typeof RUNTIMES)[number],
  target: (typeof TARGETS)[number],
  { signal, gaps }: { signal: NodeJS.Signals; gaps: readonly number[] },
): Promise<void> {
  return withFolder({ "app.mjs": MANY_PATHS }, async (cwd) => {
    // Exact mode knows every path, where sampled ones know those of a share of the blocks.
    const words = ["run", "--exact", "--runtime", runtime, "-o", "out.pb.gz", "app.mjs"];
    const { pid, said, end } = startTracemalloc(words, { cwd, ownGroup: true });
    const child = Number(/ready (\d+) /.exec(await said(" \n"))?.[1]);
    const receiver = { child, parent: pid, group: -pid }[target];
    send(receiver, signal);
    for (const gap of gaps) {
      if (gap > 0) await new Promise((resolve) => setTimeout(resolve, gap));
      send(receiver, signal);
    }
    const ended = await end;
    const where = `${signal} to the ${target} on ${runtime}, ${gaps} ms apart: ${ended.stderr}`;
    assertEquals(ended.signal, signal, where);
    assertStringIncludes(ended.stderr, "snapshot written to out.pb.gz\nTop 10 lines\n", where);
    assertEquals(readdirSync(cwd).sort(), ["app.mjs", "out.pb.gz"], where);
    const paths = Snapshot.load(join(cwd, "out.pb.gz")).statistics("traceback");
    assert(paths.length >= 2 ** 13, `${paths.length} paths, ${where}`);
  });
}

function send(receiver: number, signal: NodeJS.Signals): void {
  try {
    process.kill(receiver, signal);
  } catch {
    // All is over already.
  }
}

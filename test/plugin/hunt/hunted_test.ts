// What a hunted program tells of its memory is what its snapshots say of it.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { start, stop } from "../../../mod.ts";
import { answerHunt } from "../../../plugin/hunt/hunted.ts";
import type { HuntAnswer } from "../../../src/vocabulary/hunt_messages.ts";

const MIB = 2 ** 20;

/** Has this process answer as a hunted one; gives its answers to two requests for a snapshot, with the work between them. */
async function lookTwice(folder: string, work: () => void): Promise<HuntAnswer[]> {
  const path = join(folder, "socket");
  const answers: HuntAnswer[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const end = answerHunt({ socket: path, script: null });
  await new Promise<void>((resolve) =>
    server.once("connection", (socket) => {
      const ask = (id: number): void => {
        const file = join(folder, `${id}.pb.gz`);
        socket.write(`${JSON.stringify({ id, do: "snapshot", file, heap: null })}\n`);
      };
      createInterface({ input: socket }).on("line", (line) => {
        const answer = JSON.parse(line) as HuntAnswer;
        answers.push(answer);
        if (answer.id === 2) return resolve();
        if (answer.id === 1) work();
        ask(answer.id + 1);
      });
    }),
  );
  end();
  server.close();
  return answers.slice(1);
}

test("what is outside the heap is not counted into it as well", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-hunted-"));
  const kept: Uint8Array[] = [];
  start({ sampling: "adaptive" });
  try {
    const [before, after] = await lookTwice(folder, () => kept.push(new Uint8Array(64 * MIB).fill(1)));
    assertEquals([before!.error, after!.error], [undefined, undefined]);
    assert(after!.memory!.external - before!.memory!.external > 48 * MIB);
    assert(after!.memory!.heapUsed - before!.memory!.heapUsed < 32 * MIB);
    assertEquals(kept.length, 1);
  } finally {
    stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { writePipe } from "../../src/host/write_pipe.ts";

test("a pipe without a reader is refused at once; a slow reader gets every byte", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-pipe-"));
  const pipe = join(folder, "pipe");
  try {
    spawnSync("mkfifo", [pipe]);
    assertThrows(() => writePipe(pipe, new Uint8Array(10)), Error, "nobody reads from this pipe");

    // More than the 64 KiB that a pipe holds: the writer has to wait.
    const reader = spawn("sh", ["-c", 'exec < "$1"; echo open; sleep 0.2; wc -c', "sh", pipe]);
    let output = "";
    const closed = new Promise((resolve) => reader.on("close", resolve));
    // The shell's `open` waits for a writer, so that this one comes before it has said so.
    reader.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    for (let isOpen = false; !isOpen; ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      try {
        writePipe(pipe, new Uint8Array(200_000));
        isOpen = true;
      } catch {
        // Not yet.
      }
    }
    await closed;
    assertEquals(output.split(/\s+/), ["open", "200000", ""]);
    writePipe("/dev/null", new Uint8Array(100_000));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

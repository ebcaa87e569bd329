// Snapshots of the leaky server, for the pictures in docs/: one early, one late, and one at its exit.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hangUp, send, visit } from "../examples/leaky-server/load.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs the server under `tracemalloc run` with so many visitors; needs the build. */
export async function leakyDumps(
  folder: string,
  visitors: readonly [early: number, late: number],
): Promise<{ early: string; late: string; exit: string }> {
  const files = {
    early: join(folder, "early.pb.gz"),
    late: join(folder, "late.pb.gz"),
    exit: join(folder, "leaky-server.pb.gz"),
  };
  const server = join(root, "examples", "leaky-server", "server.ts");
  const words = [join(root, "dist/src/cli/main.js"), "run", "--exact", "-o", files.exit, server, folder];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "ignore"] });
  const end = new Promise<number | null>((resolve) => child.on("close", resolve));
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        const found = /listening on port (\d+)\n/.exec(text);
        if (found !== null) resolve(Number(found[1]));
      });
      end.then((code) => reject(new Error(`the server ended with ${code} before it listened`)));
    });
    const [early, late] = visitors;
    await visit(port, [0, early]);
    await send(port, "POST", "/debug/snapshot/early");
    await visit(port, [early, late]);
    await send(port, "POST", "/debug/snapshot/late");
    await send(port, "POST", "/shutdown");
    hangUp();
    const code = await end;
    if (code !== 0) throw new Error(`the server ended with ${code}`);
    return files;
  } finally {
    child.kill();
  }
}

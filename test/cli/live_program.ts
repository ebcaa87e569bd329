// Starts `tracemalloc run --live` and waits for the address that it tells.
import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { buildOnce, root } from "../hosts/host.ts";
import { COMMAND } from "./tracemalloc.ts";

/** A program that runs with a live page. */
export interface LiveProgram {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly said: { stdout: string; stderr: string };
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

/** Runs these words of `tracemalloc` in a folder; resolves once the page is served. */
export async function startLive(
  words: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<LiveProgram> {
  buildOnce();
  const [program, ...args] = [...COMMAND, ...words];
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:TRACEMALLOC|NODE_)/.test(name));
  const PATH = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH}`;
  const child = spawn(program!, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), PATH, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  // A test that fails must not leave it behind; the signal reaches the program too.
  const guard = setTimeout(() => child.kill("SIGTERM"), 60_000);
  void ended.then(() => clearTimeout(guard));
  const deadline = performance.now() + 30_000;
  for (;;) {
    const found = /live at (http:\/\/\S+?)\/debug\/tracemalloc\/\n/.exec(said.stderr)?.[1];
    if (found !== undefined) return { origin: found, child, said, ended };
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill("SIGTERM");
      throw new Error(`no live page: ${JSON.stringify(said)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { InputError, systemReason } from "./cli_error.ts";

/** How a child process ended: by itself with a code, or by a signal. */
export interface ChildEnd {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const FORWARDED: readonly NodeJS.Signals[] =
  process.platform === "win32"
    ? ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];

/**
 * Runs a program on this process's own input and output until it ends; signals sent to this process reach it.
 *
 * @param afterwards What to do when it has ended, synchronously; no signal interrupts that.
 * @throws {InputError} when it cannot be started.
 */
export function runChild(
  file: string,
  {
    args,
    env,
    afterwards,
  }: { args: readonly string[]; env: NodeJS.ProcessEnv; afterwards: (end: ChildEnd) => void },
): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    // The handlers stand before the child does: a signal in between must not end this process and leave it behind.
    let pid = 0;
    const undo = forwardSignals((signal) => send(pid, signal));
    const child = spawn(file, args, { stdio: "inherit", env });
    pid = child.pid ?? 0;
    child.once("error", (error) => {
      undo();
      reject(new InputError(`cannot start ${file}: ${systemReason(error) ?? error.message}`));
    });
    child.once("exit", (code, signal) => {
      const end = { pid, code, signal };
      pid = 0;
      // What is told afterwards may find that nobody reads it any more, which ends this process.
      process.exitCode = exitCodeOf(end);
      try {
        afterwards(end);
        resolve(end);
      } catch (error) {
        reject(error);
      } finally {
        undo();
      }
    });
  });
}

/** Not `child.kill()`: after that Deno says the child died by this signal, whatever the child made of it. */
function send(pid: number, signal: NodeJS.Signals): void {
  if (pid === 0) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended, of which this process is about to hear.
  }
}

function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const undo: (() => void)[] = [];
  for (const signal of FORWARDED) {
    // Ctrl-C and Ctrl-\ reach every process of the terminal's foreground group, the child too: a second one from
    // here would look to it like an impatient user.
    const fromTerminal = process.stdin.isTTY === true && (signal === "SIGINT" || signal === "SIGQUIT");
    const handler = (): void => {
      if (!fromTerminal) send(signal);
    };
    process.on(signal, handler);
    undo.push(() => process.off(signal, handler));
  }
  return () => {
    for (const one of undo) one();
  };
}

/** The child's exit code, as shells give it: death by signal n is 128 + n. */
function exitCodeOf({ code, signal }: ChildEnd): number {
  return signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0);
}

/** Ends this process the way the child ended; gives its exit code where it ended by itself. */
export async function endLike(end: ChildEnd): Promise<number> {
  if (end.signal !== null) {
    process.kill(process.pid, end.signal);
    // Still here where the signal is ignored (SIGPIPE in Node).
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return exitCodeOf(end);
}

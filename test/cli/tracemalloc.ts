import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Snapshot } from "../../mod.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const main = join(root, "src", "cli", "main.ts");

/** The command, run by the runtime that runs the tests. */
export const COMMAND: readonly string[] =
  process.versions.deno === undefined ? [process.execPath, main] : [process.execPath, "run", "-A", main];

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string;
  /** Whether it leads a process group of its own, as under a shell with job control. */
  ownGroup?: boolean;
}

export interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Runs `tracemalloc` with these words, as a user would, and waits for its end. */
export function tracemalloc(
  words: readonly string[],
  { cwd = root, env, input = "" }: RunOptions = {},
): Ended {
  const [program, ...args] = [...COMMAND, ...words];
  const ended = spawnSync(program, args, {
    cwd,
    env: environment(env),
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (ended.error) throw ended.error;
  return { code: ended.status, signal: ended.signal, stdout: ended.stdout, stderr: ended.stderr };
}

/** Starts `tracemalloc` and leaves it running; `end` resolves when it is over. */
export function startTracemalloc(
  words: readonly string[],
  { cwd = root, env, ownGroup = false }: RunOptions = {},
): {
  pid: number;
  kill: (signal: NodeJS.Signals) => void;
  /** Resolves when this stands in its output, with all of that. */
  said: (text: string) => Promise<string>;
  end: Promise<Ended>;
} {
  const [program, ...args] = [...COMMAND, ...words];
  const child = spawn(program, args, {
    cwd,
    env: environment(env),
    stdio: ["ignore", "pipe", "pipe"],
    detached: ownGroup,
  });
  const pid = child.pid ?? Number.NaN;
  const ended: Ended = { code: null, signal: null, stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
  const end = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ ...ended, code, signal }));
  });
  const said = async (text: string): Promise<string> => {
    while (!ended.stdout.includes(text)) {
      if (child.exitCode !== null) throw new Error(`ended without saying ${text}: ${ended.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return ended.stdout;
  };
  // Not child.kill(): after that Deno says the child died by this signal, whatever the child made of it.
  const kill = (signal: NodeJS.Signals): void => void process.kill(pid, signal);
  return { pid, kill, said, end };
}

/** The environment of the tests, with this repository's runtimes on the PATH and nothing that changes colours. */
function environment(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, NODE_OPTIONS, NODE_TEST_CONTEXT, ...inherited } = process.env;
  const PATH = `${join(root, "node_modules", ".bin")}${delimiter}${inherited.PATH}`;
  return { ...inherited, PATH, TERM: "xterm", ...env };
}

/** Calls `use` with a new folder that holds these files, and removes it afterwards. */
export async function withFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tracemalloc-cli-")));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files in which a thousand objects were alive. */
export function keepers(file: string): string[] {
  const lines = Snapshot.load(file).statistics("lineno");
  return lines
    .filter(({ count }) => count >= 1000)
    .map(({ traceback }) => basename(traceback.at(0)!.filename))
    .sort();
}

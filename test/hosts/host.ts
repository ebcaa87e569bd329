// Runs programs on a runtime by its name, in temporary projects where `tracemalloc` resolves to this repository.
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { currentRuntime } from "../../src/host/capabilities.ts";

export type Host = "node" | "deno" | "bun";

export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** Node's leg tries all three runtimes; on the others, the tests run for that runtime alone. */
export const hosts: readonly Host[] =
  currentRuntime() === "node" ? ["node", "deno", "bun"] : [currentRuntime() as Host];

/** A runtime's program, and what it is in the name of a test. */
export interface Engine {
  readonly name: string;
  readonly host: Host;
  /** Null: not on this machine. */
  readonly program: string | null;
}

/**
 * The runtimes, and older Nodes. These are no packages of this repository, which would bring 100 MB each: whoever has them on
 * the PATH as `node22` and `node24` tests them.
 */
export const engines: readonly Engine[] = hosts.flatMap((host) => {
  const own = { name: host, host, program: join(root, "node_modules", ".bin", host) };
  const older = ["node22", "node24"].map((name) => ({ name, host, program: onPath(name) }));
  return host === "node" ? [own, ...older] : [own];
});

function onPath(name: string): string | null {
  const found = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  return found.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile()) ?? null;
}

/** Prints what only the named runtime prints; every fixture ends with it. */
export const whoami = `console.log("host:" + (globalThis.Bun ? "bun" : globalThis.Deno ? "deno" : "node"));\n`;

export interface Result {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  args?: string[];
  /** Sent once the program has printed "ready". */
  signal?: NodeJS.Signals;
  /** Null: none but those that `flags` name. */
  preload?: string | null;
  /** Arguments for the runtime itself. */
  flags?: string[];
  /** What stands before the script where there is no preload. Default: what gives a program all permissions. */
  command?: string[];
  /** The runtime's program. Default: this repository's. */
  program?: string;
  /** Killed after so many ms. Default: 60,000. */
  timeout?: number;
}

/** Deno looks names of packages up in a package.json, which these projects have not all: the same files, by an import map. */
const PACKAGE_FILES: Readonly<Record<string, string>> = packageFiles();

function packageFiles(): Record<string, string> {
  const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, string | { node?: string; default: string }>;
  };
  const files: Record<string, string> = {};
  for (const [name, target] of Object.entries(entries))
    if (typeof target === "object")
      files[join("tracemalloc", name)] =
        `./${join("node_modules/tracemalloc", target.node ?? target.default)}`;
  return files;
}

/** A temporary project; `files` are paths and texts. Disposing removes it. */
export class Project implements Disposable {
  readonly folder: string;

  constructor(files: Record<string, string>) {
    buildOnce();
    this.folder = mkdtempSync(join(tmpdir(), "tracemalloc-hosts-"));
    mkdirSync(join(this.folder, "node_modules"));
    symlinkSync(root, join(this.folder, "node_modules", "tracemalloc"), "dir");
    this.write("deno.json", JSON.stringify({ nodeModulesDir: "manual", imports: PACKAGE_FILES }));
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  remove(name: string): void {
    rmSync(this.path(name), { recursive: true, force: true });
  }

  /** The names after "marker:" in the texts that were instrumented, read off the cache; sorted. */
  instrumented(): string[] {
    const folder = this.path("node_modules/.cache/tracemalloc");
    if (!existsSync(folder)) return [];
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    return [
      ...new Set(texts.flatMap((text) => [...text.matchAll(/marker:(\w+)/g)].map((found) => found[1]!))),
    ].sort();
  }

  async run(host: Host, script: string, options: RunOptions = {}): Promise<Result> {
    const {
      env = {},
      args = [],
      signal,
      preload = "tracemalloc/register",
      flags = [],
      command: bare = COMMANDS[host].slice(0, -1),
      program = join(root, "node_modules/.bin", host),
      timeout = 60_000,
    } = options;
    const words = preload === null ? bare : [...COMMANDS[host], preload];
    const command = [
      ...words.toSpliced(host === "deno" && words.length > 0 ? 1 : 0, 0, ...flags),
      script,
      ...args,
    ];
    const child = spawn(program, command, {
      cwd: this.folder,
      env: { ...cleanEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const result: Result = { code: null, signal: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const wasReady = result.stdout.includes("ready");
      result.stdout += text;
      if (signal !== undefined && !wasReady && result.stdout.includes("ready")) {
        // Not child.kill(): Deno 2.9 then says that the signal ended the child, whatever did.
        spawnSync("kill", [`-${signal.slice(3)}`, `${child.pid}`]);
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (result.stderr += text));
    return new Promise((resolve, reject) => {
      const guard = setTimeout(() => child.kill("SIGKILL"), timeout);
      child.on("error", reject);
      child.on("close", (code, by) => {
        clearTimeout(guard);
        resolve({ ...result, code, signal: by });
      });
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const COMMANDS: Record<Host, string[]> = {
  node: ["--import"],
  deno: ["run", "-A", "--no-check", "--preload"],
  bun: ["--preload"],
};

function cleanEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:TRACEMALLOC|NODE_OPTIONS|NODE_TEST)/.test(name),
  );
  return { ...Object.fromEntries(inherited), NO_COLOR: "1" };
}

let isBuilt = false;

/** Node takes the package from `dist/`: it is built when it is missing or older than a source, by one of the processes that test it. */
export function buildOnce(): void {
  while (!isBuilt) {
    // Half a build is newer than its sources, too.
    if (isAlive(BUILDING)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    else if (!isStale()) isBuilt = true;
    else if (isFirst(BUILDING)) build();
  }
}

/** Holds the id of the process that builds. */
const BUILDING = join(root, "node_modules", ".cache", "tracemalloc-build");

function isFirst(lock: string): boolean {
  mkdirSync(dirname(lock), { recursive: true });
  try {
    writeFileSync(lock, `${process.pid}`, { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

/** Whether who holds the lock lives; else it is taken away. */
function isAlive(lock: string): boolean {
  const holder = existsSync(lock) ? Number(readFileSync(lock, "utf8")) : 0;
  try {
    return holder > 0 && process.kill(holder, 0);
  } catch {
    rmSync(lock, { force: true });
    return false;
  }
}

function build(): void {
  try {
    // Another may have built it since.
    if (!isStale()) return;
    const program = join(root, "node_modules/.bin/node");
    const { status, stdout } = spawnSync(program, [join(root, "scripts/build.ts")]);
    if (status !== 0) throw new Error(`the build failed: ${stdout}`);
  } finally {
    rmSync(BUILDING, { force: true });
  }
}

function isStale(): boolean {
  const built = statSync(join(root, "dist/mod.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return ["mod.ts", "src", "plugin"].some((part) => newest(join(root, part)) > built);
}

function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

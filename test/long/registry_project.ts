// A project as a user has it: packages from npm's registry, and this one from its own tarball.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { buildOnce, root } from "../hosts/host.ts";

const bin = join(root, "node_modules", ".bin");

/** Its programs run on the repository's Node, and without what the tests themselves were started with, but for how npm is reached. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^NODE_(?!EXTRA_CA_CERTS$)/.test(name)),
  ),
  PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
  NEXT_TELEMETRY_DISABLED: "1",
  NO_COLOR: "1",
};

/** Seconds are enough where the registry answers; an end-to-end test is to take under two minutes. */
const INSTALL_TIMEOUT_MS = 100_000;
const UNREACHABLE =
  /\b(?:E(?:NOTFOUND|AI_AGAIN|TIMEDOUT|NETUNREACH|HOSTUNREACH|CONN[A-Z]+|RR_SOCKET_TIMEOUT)|E(?:40[37]|5\d\d)|network)\b/;

/**
 * Installs packages from the registry, and this one; null where the registry cannot be reached: the test is then skipped,
 * and says why.
 *
 * @param packages As `npm install` takes them, with their versions.
 */
export function installProject(
  t: TestContext,
  packages: readonly string[],
  files: Readonly<Record<string, string>>,
): RegistryProject | null {
  const project = new RegistryProject(files);
  const failure = project.install(packages);
  if (failure === null) return project;
  project[Symbol.dispose]();
  t.skip(`npm's registry cannot be reached for ${packages.join(" ")}: ${failure}`);
  return null;
}

/** A temporary folder with packages. Disposing removes it. */
export class RegistryProject implements Disposable {
  readonly folder: string;

  constructor(files: Readonly<Record<string, string>>) {
    buildOnce();
    this.folder = mkdtempSync(join(tmpdir(), "tracemalloc-registry-"));
    this.write("package.json", `{"private":true}`);
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  /** Gives back what npm says where it cannot reach the registry; null: all is there. */
  install(packages: readonly string[]): string | null {
    const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", this.folder];
    assertEquals(spawnSync("npm", pack, { cwd: root }).status, 0, "npm pack");
    const tarball = readdirSync(this.folder).find((name) => name.endsWith(".tgz"))!;
    const quick = [
      "--prefer-offline",
      "--fetch-retries=1",
      "--fetch-retry-mintimeout=500",
      "--fetch-retry-maxtimeout=1000",
      "--fetch-timeout=20000",
    ];
    const words = [
      "install",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      ...quick,
      `./${tarball}`,
      ...packages,
    ];
    const options = { ...this.options, encoding: "utf8", timeout: INSTALL_TIMEOUT_MS } as const;
    const { status, stderr, error } = spawnSync("npm", words, options);
    if (status === 0) return null;
    const said = error?.message ?? stderr;
    const line = said.split("\n").find((one) => UNREACHABLE.test(one));
    assert(line !== undefined, `npm ${words.join(" ")}: ${said}`);
    return line;
  }

  write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** What a command prints; it must end well. */
  run(command: string, args: readonly string[]): { stdout: string; stderr: string } {
    const { status, stdout, stderr, error } = spawnSync(command, args, { ...this.options, encoding: "utf8" });
    assertEquals(status, 0, `${command} ${args.join(" ")}: ${error?.message ?? ""}\n${stdout}\n${stderr}`);
    return { stdout, stderr };
  }

  /** Runs a command in a folder of the project's, however it may end. */
  start(
    command: string,
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>> = {},
  ): { status: number | null; stdout: string; stderr: string } {
    const options = { ...this.options, cwd, env: { ...ENVIRONMENT, ...env }, encoding: "utf8" } as const;
    return spawnSync(command, args, options);
  }

  /** For `spawn()`. */
  get options(): { cwd: string; env: NodeJS.ProcessEnv; timeout: number } {
    return { cwd: this.folder, env: ENVIRONMENT, timeout: 240_000 };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Keeps rows on a line of its own, and reports the call paths that hold 450 objects and more. */
export const STORE = `import { takeSnapshot } from "tracemalloc";

export class Store {
  rows = [];
  fill(count) {
    for (let i = 0; i < count; i++)
      this.rows.push({ i, at: count });
  }
}

export const report = () =>
  takeSnapshot().statistics("traceback").filter(({ count }) => count > 450).map(({ count, traceback }) =>
    [count, ...[...traceback].map((one) => one.filename.split("/").at(-1) + ":" + one.lineno + " " + one.functionName)].join(" ")).sort();
`;

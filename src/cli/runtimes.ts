import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { quotedOption, withOption } from "../host/option_variable.ts";
import { InputError } from "./cli_error.ts";
import { fromSource, packageRoot } from "./package_root.ts";

/** The runtimes that `tracemalloc run` knows. */
export const RUNTIMES = ["node", "deno", "bun"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** The runtime that runs this code. */
export function currentRuntime(): Runtime {
  if (process.versions.bun !== undefined) return "bun";
  return process.versions.deno !== undefined ? "deno" : "node";
}

/** What runs a script where nobody says: what runs this code, but for `bunx`, which runs it on Node as its first line says. */
export function defaultRuntime(): Runtime {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script = "" } = process.env;
  return event === "bunx" && /^tracemalloc\b/.test(script) ? "bun" : currentRuntime();
}

/**
 * The program to start for a runtime: the one that runs this code, else one installed in `node_modules` here or in a
 * folder above, else one on the `PATH`.
 * @throws {InputError} when it is not installed.
 */
export function findRuntime(runtime: Runtime, directory: string | null): string {
  if (runtime === currentRuntime()) return process.execPath;
  const { installed, onPath } = programFolders(directory);
  const name = process.platform === "win32" ? `${runtime}.exe` : runtime;
  for (const folder of [...installed, ...onPath]) {
    if (isFile(join(folder, name))) return join(folder, name);
  }
  throw new InputError(`${runtime} is not installed: it is neither in node_modules/.bin nor on the PATH`);
}

/** Where programs are looked for: `node_modules/.bin` of a folder and of those above it, the nearest first; then the `PATH`. */
export function programFolders(directory: string | null): Record<"installed" | "onPath", readonly string[]> {
  return {
    installed: (directory === null ? [] : parents(directory)).map((parent) =>
      join(parent, "node_modules", ".bin"),
    ),
    onPath: (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
  };
}

/**
 * The variables that have every process of Node, Deno and Bun that inherits them load the preload.
 *
 * @param env Those of this process.
 */
export function commandEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const root = copyFor("./package.json");
  const node = modulePath(root, "require_register", "c");
  return {
    TRACEMALLOC_COMMAND: "1",
    NODE_OPTIONS: withOption(env.NODE_OPTIONS, `--require ${quotedOption(node)}`),
    BUN_OPTIONS: withOption(env.BUN_OPTIONS, quotedOption(`--preload=${bunPreload(root)}`)),
  };
}

/** The words after the runtime's own name: its preload, the script and the script's arguments. */
export function runtimeArguments(runtime: Runtime, script: string, args: readonly string[]): string[] {
  const program = [scriptWord(script), ...args];
  const root = copyFor(script);
  if (runtime === "bun") {
    // Bun keeps a `--` right after the script for itself.
    const kept = args[0] === "--" ? ["--"] : [];
    return ["--preload", bunPreload(root), scriptWord(script), ...kept, ...args];
  }
  const path = modulePath(root, "register_node");
  const preload = pathToFileURL(path).href;
  if (runtime === "node")
    return [...(requiresModules() ? ["--require", path] : ["--import", preload]), ...program];
  if (hasOwnMapping(dirname(resolve(script)))) {
    return ["run", "--allow-all", "--preload", "tracemalloc/register", ...program];
  }
  // Without a folder of packages Deno would not look beside the preload for what that imports.
  return ["run", "--allow-all", "--node-modules-dir=manual", "--preload", preload, ...program];
}

/**
 * Whether Node takes the preload by `--require`, which it does best: with an `--import` it loads the program itself as it loads
 * modules, past the compilers that `NODE_OPTIONS` may require. Where hooks run in a thread of their own, `require` of a module asks
 * them in vain (Node 22: "resolveSync() is not implemented"; Yarn's Plug'n'Play: no file in its zip files is found).
 */
function requiresModules(): boolean {
  const hasLoader = /--(?:experimental-)?loader\b/.test(process.env.NODE_OPTIONS ?? "");
  return !hasLoader && process.versions.pnp === undefined;
}

/**
 * The copy of this package to preload: the one that the script's own `import "tracemalloc"` would get, so that both
 * share one tracker; else this one.
 */
function copyFor(script: string): string {
  try {
    const root = dirname(createRequire(resolve(script)).resolve("tracemalloc/package.json"));
    return existsSync(join(root, "dist", "plugin", "register_node.js")) ? root : packageRoot;
  } catch {
    return packageRoot;
  }
}

function modulePath(root: string, name: string, kind: "" | "c" = ""): string {
  if (root === packageRoot && fromSource) return join(root, "plugin", `${name}.${kind}ts`);
  return join(root, "dist", "plugin", `${name}.${kind}js`);
}

/** Bun runs the sources, which is what its condition in package.json's `exports` gives to `import "tracemalloc"`. */
function bunPreload(root: string): string {
  const source = join(root, "plugin", "register_bun.ts");
  return existsSync(source) ? source : modulePath(root, "register_bun");
}

/** Whether the Deno configuration around a folder says itself where `tracemalloc/register` is. */
function hasOwnMapping(directory: string): boolean {
  for (const parent of parents(directory)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      if (!isFile(join(parent, name))) continue;
      const config = readFileSync(join(parent, name), "utf8");
      return /"tracemalloc\/(?:register)?"\s*:|"tracemalloc"\s*:\s*"(?:npm|jsr):/.test(config);
    }
  }
  return false;
}

/** A bare word could be a command of the runtime (`bun test`, `node inspect`), a path cannot. */
function scriptWord(script: string): string {
  return /^(?:\.{0,2}[\\/]|[A-Za-z][\w+.-]*:)/.test(script) ? script : `./${script}`;
}

/** A folder and those that it lies in, the nearest first. */
export function parents(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...parents(parent)];
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

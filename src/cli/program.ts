import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { workingFolder } from "../host/working_folder.ts";
import { InputError, UsageError } from "./cli_error.ts";
import {
  defaultRuntime,
  findRuntime,
  isFile,
  parents,
  programFolders,
  RUNTIMES,
  type Runtime,
  runtimeArguments,
} from "./runtimes.ts";

/** What `run` starts. */
export type Program =
  /** A file that a runtime runs: the preload goes into its words. */
  | {
      readonly kind: "script";
      readonly script: string;
      readonly runtime: Runtime;
      readonly args: readonly string[];
    }
  /** Whatever else ends in a runtime, of which the environment tells what to load first. */
  | {
      readonly kind: "command";
      /** As it was written. */
      readonly name: string;
      /** The path of what is started. */
      readonly file: string;
      readonly args: readonly string[];
      /** The file among the words that the snapshot is named after. */
      readonly subject: string;
    };

/** These are commands even where a folder or `NAME.js` bears the name. */
const COMMANDS: ReadonlySet<string> = new Set([
  ...RUNTIMES,
  ...["bunx", "npm", "npx", "pnpm", "pnpx", "yarn", "yarnpkg", "corepack"],
]);

const EXTENSIONS = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx"];

/**
 * Finds out what to start: a script; a runtime, a package manager or another command with its words; a program of
 * `node_modules/.bin`.
 *
 * @param words What follows the options of `run`.
 * @param runtime What `--runtime` says.
 * @throws {UsageError} when the words make no sense.
 * @throws {InputError} when there is no such thing.
 */
export function findProgram(words: readonly string[], runtime: Runtime | undefined): Program {
  const [first, ...args] = words;
  if (first === undefined || first === "") throw new UsageError("the script is missing");
  if (first === "-") throw new UsageError("- is not supported: give the name of a script file");
  const script: Program = { kind: "script", script: first, runtime: runtime ?? defaultRuntime(), args };
  const directory = workingFolder();
  // Options of the runtime, after a `--` of ours.
  if (first.startsWith("-")) {
    const name = script.runtime;
    return {
      kind: "command",
      name,
      file: findRuntime(name, directory),
      args: words,
      subject: subjectOf(words, name),
    };
  }
  if (/^[A-Za-z][\w+.-]+:/.test(first) && !isAbsolute(first)) return script;
  const isBare = !/[\\/]/.test(first);
  const command = (file: string): Program => {
    if (runtime !== undefined && runtime !== first)
      throw new UsageError(
        `--runtime goes with a script: what ${first} starts decides for itself what runs it`,
      );
    return { kind: "command", name: first, file, args, subject: subjectOf(args, first) };
  };
  if (existsSync(first) && !(isBare && COMMANDS.has(first) && isFolder(first)))
    return isFolder(first) || interpreterOf(first) !== "other"
      ? script
      : command(isBare ? `./${first}` : first);
  if (isBare && (RUNTIMES as readonly string[]).includes(first))
    return command(findRuntime(first as Runtime, directory));
  if (!(isBare && COMMANDS.has(first)) && EXTENSIONS.some((end) => existsSync(first + end))) return script;
  const found = isBare ? findCommand(first, directory) : null;
  if (found === null) throw new InputError(`cannot run ${first}: ${missing(first, directory)}`);
  const interpreter = interpreterOf(found.file);
  if (!found.isInstalled || interpreter === "other") return command(found.file);
  // What Node would do with the link in `.bin`, and what Deno does not.
  return { ...script, script: realpathSync(found.file), runtime: runtime ?? interpreter ?? script.runtime };
}

/**
 * The file to start for a program, and its words: for a script, a runtime with the preload.
 *
 * @throws {InputError} when the runtime is not installed.
 */
export function startOf(program: Program): { readonly file: string; readonly args: readonly string[] } {
  if (program.kind === "command") return program;
  const { runtime, script, args } = program;
  return { file: findRuntime(runtime, workingFolder()), args: runtimeArguments(runtime, script, args) };
}

/** The first word that is a file, as in `node --watch app.js`; else the command's own name. */
function subjectOf(words: readonly string[], name: string): string {
  return words.find((word) => !word.startsWith("-") && isFile(word)) ?? name;
}

/** A program of `node_modules/.bin` here or in a folder above, else one on the `PATH`. */
function findCommand(name: string, directory: string | null): { file: string; isInstalled: boolean } | null {
  const { installed, onPath } = programFolders(directory);
  const firstIn = (folders: readonly string[]): string | undefined =>
    folders.map((folder) => join(folder, name)).find(isFile);
  const file = firstIn(installed);
  // A package manager that is installed is none that wants to be traced.
  if (file !== undefined) return { file, isInstalled: !COMMANDS.has(name) };
  const other = firstIn(onPath);
  return other === undefined ? null : { file: other, isInstalled: false };
}

function missing(word: string, directory: string | null): string {
  const isFileName = /[\\/]/.test(word) || EXTENSIONS.some((end) => word.endsWith(end));
  if (isFileName) return "no such file";
  // `--live 6071`
  if (/^\d+$/.test(word))
    return `no such file; the values of --live and --sample stand behind a =, as in --live=${word}`;
  if (isPackageScript(word, directory))
    return `it is a script of package.json: run it by its package manager, tracemalloc run npm run ${word}`;
  return "no such file, and no command of that name in node_modules/.bin or on the PATH";
}

function isPackageScript(word: string, directory: string | null): boolean {
  for (const parent of directory === null ? [] : parents(directory)) {
    const file = join(parent, "package.json");
    if (!isFile(file)) continue;
    try {
      const { scripts }: { scripts?: unknown } = JSON.parse(readFileSync(file, "utf8"));
      return typeof scripts === "object" && scripts !== null && Object.hasOwn(scripts, word);
    } catch {
      return false;
    }
  }
  return false;
}

/** Enough for `#!/usr/bin/env -S node --flags`. */
const FIRST_BYTES = 256;

/**
 * What a file's first line says of who runs it: a runtime; `other`: a shell, or the system, as it is no text; null: it does
 * not say.
 */
function interpreterOf(file: string): Runtime | "other" | null {
  const head = Buffer.alloc(FIRST_BYTES);
  try {
    const descriptor = openSync(file, "r");
    try {
      readSync(descriptor, head, 0, FIRST_BYTES, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
  const isBinary = head.subarray(0, 4).equals(Buffer.from("\x7fELF", "latin1"));
  if (isBinary || MACH_O.has(head.readUInt32LE(0)) || head.toString("latin1", 0, 2) === "MZ") return "other";
  const [line = ""] = head.toString("latin1").split("\n", 1);
  if (!line.startsWith("#!")) return null;
  return (
    RUNTIMES.find((runtime) => new RegExp(`(?:^|[\\s/])${runtime}(?:\\s|$)`).test(line)) ?? otherShebang(line)
  );
}

/** `tsx`, `ts-node` and the like are JavaScript that runs JavaScript: the script itself is what is asked for. */
function otherShebang(line: string): "other" | null {
  return /[\s/](?:tsx|ts-node(?:-esm)?|jiti|zx)(?:\s|$)/.test(line) ? null : "other";
}

/** Of 64 bits, of 32, and of both. */
const MACH_O: ReadonlySet<number> = new Set([0xfeedfacf, 0xfeedface, 0xbebafeca]);

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

#!/usr/bin/env node
import { cli, command } from "cleye";
import { InputError, systemReason, UsageError } from "./cli_error.ts";
import { checkFlag, plainHelp } from "./command_line.ts";
import { didYouMean } from "./nearest.ts";
import { endOnFailedWrite, writeMessage } from "./output.ts";
import { packageVersion } from "./package_root.ts";

/** Takes the words after the command's name, gives the exit code. */
type Command = (argv: readonly string[]) => number | Promise<number>;

/** Every command; its code is loaded when it is called. */
const COMMANDS: ReadonlyMap<string, { readonly summary: string; readonly load: () => Promise<Command> }> =
  new Map([
    [
      "run",
      {
        summary: "Runs a program and writes down what its lines hold",
        load: async () => (await import("./run.ts")).run,
      },
    ],
    [
      "hunt",
      {
        summary: "Drives a program, and says whether and where it leaks",
        load: async () => (await import("./hunt.ts")).hunt,
      },
    ],
    [
      "top",
      {
        summary: "Shows the lines that hold the most memory",
        load: async () => (await import("./top.ts")).top,
      },
    ],
    [
      "tree",
      {
        summary: "Shows the calls that lead to the memory",
        load: async () => (await import("./tree.ts")).tree,
      },
    ],
    [
      "why",
      {
        summary: "Shows who holds the objects of the lines that hold most",
        load: async () => (await import("./why.ts")).why,
      },
    ],
    [
      "stats",
      {
        summary: "Shows the figures of a whole snapshot",
        load: async () => (await import("./stats.ts")).stats,
      },
    ],
    [
      "diff",
      {
        summary: "Shows what grew between two snapshots, or in every step of several",
        load: async () => (await import("./diff.ts")).diff,
      },
    ],
    [
      "check",
      {
        summary: "Fails when memory grew by more than it may",
        load: async () => (await import("./check.ts")).check,
      },
    ],
    [
      "export",
      {
        summary: "Writes a snapshot in other tools' formats",
        load: async () => (await import("./export.ts")).exportSnapshot,
      },
    ],
    [
      "merge",
      {
        summary: "Puts the snapshots of several processes together",
        load: async () => (await import("./merge.ts")).merge,
      },
    ],
    [
      "report",
      {
        summary: "Writes a page that shows a snapshot in a browser",
        load: async () => (await import("./report.ts")).report,
      },
    ],
    [
      "mcp",
      {
        summary: "Serves the views as tools to agents (Model Context Protocol)",
        load: async () => (await import("./mcp.ts")).mcp,
      },
    ],
    [
      "instrument",
      {
        summary: "Copies a folder with its code instrumented",
        load: async () => (await import("./instrument.ts")).instrument,
      },
    ],
  ]);

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv[0] === "help" ? [...argv.slice(1, 2), "--help"] : argv;
  const found = COMMANDS.get(name);
  try {
    if (found === undefined) return withoutCommand(name === undefined ? [] : [name, ...rest]);
    const command = await found.load();
    return await command(rest);
  } catch (error) {
    return failed(error, found === undefined ? "" : `${name}: `);
  }
}

/** `--help`, `--version`, or a mistake. */
function withoutCommand(argv: readonly string[]): number {
  const [name] = argv;
  if (name !== undefined && (!name.startsWith("-") || name === "-")) {
    throw new UsageError(`unknown command ${JSON.stringify(name)}${didYouMean(name, COMMANDS.keys())}`);
  }
  cli(
    {
      name: "tracemalloc",
      version: packageVersion(),
      commands: [...COMMANDS].map(([name, { summary }]) => command({ name, help: { description: summary } })),
      help: {
        description: "Which lines hold the memory of a JavaScript or TypeScript program, and what grew since",
        usage: "tracemalloc <command> [options]",
        examples: ["tracemalloc run app.ts", "tracemalloc <command> --help"],
        render: plainHelp,
      },
      ignoreArgv(type, word, value) {
        if (type !== "argument") checkFlag({ version: Boolean }, word, value);
      },
    },
    undefined,
    [...argv],
  );
  throw new UsageError(`a command is missing: ${[...COMMANDS.keys()].join(", ")}`);
}

/** Says in one line what went wrong; gives the exit code. */
function failed(error: unknown, where: string): number {
  if (error instanceof UsageError) {
    writeMessage(`${where}${error.message}; see tracemalloc ${where.replace(": ", " ")}--help`);
    return 2;
  }
  const known =
    error instanceof InputError ||
    (error instanceof Error && (error.name === "SnapshotFormatError" || error.name === "HeapMismatchError"));
  const message = error instanceof Error ? error.message : String(error);
  writeMessage(
    `${where}${known ? message : (systemReason(error) ?? tooLarge(error) ?? `internal error: ${message}`)}`,
  );
  return 1;
}

/** What engines throw where a string, a table or the stack would become larger than they allow. */
function tooLarge(error: unknown): string | undefined {
  if (
    !(error instanceof RangeError) ||
    !/string length|call stack|memory|allocation|array length|maximum size/i.test(error.message)
  )
    return undefined;
  return `more than this runtime can hold (${error.message}): filter the snapshot (--include, --domain), or show less (--limit)`;
}

endOnFailedWrite();
process.exitCode = await main(process.argv.slice(2));

import { randomUUID } from "node:crypto";
import { accessSync, constants, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { type TemporaryHeap, temporaryHeap } from "../heap/write_heap_snapshot.ts";
import { isSpecial } from "../host/special_file.ts";
import { PLACEHOLDER } from "../vocabulary/dump_name.ts";
import { type ChildEnd, endLike, runChild } from "./child.ts";
import { InputError, systemReason, UsageError } from "./cli_error.ts";
import { type ParsedCommand, parseCommand } from "./command_line.ts";
import {
  type DumpFile,
  defaultDumpName,
  dumpFile,
  nameOfOthers,
  outputPath,
  removeTemporary,
} from "./dump_file.ts";
import { writeMessage } from "./output.ts";
import { findProgram, type Program, startOf } from "./program.ts";
import { commandEnvironment, RUNTIMES } from "./runtimes.ts";
import { summarize } from "./summarize_run.ts";
import { TRACER_FLAGS, tracerVariables } from "./tracer_flags.ts";
import { growthRule, oneOf, seconds, text, wholeNumber } from "./values.ts";
import { refuseSourceFile } from "./write_output.ts";

const FLAGS = {
  runtime: {
    type: oneOf("--runtime", RUNTIMES),
    placeholder: "NAME",
    description: `What to run the program on: ${RUNTIMES.join(", ")} (default: the one that runs this command); deno gets all permissions`,
  },
  output: {
    type: text("--output", "a file name"),
    alias: "o",
    placeholder: "FILE",
    description:
      "Where to write the snapshot; %p stands for the process id (default: tracemalloc-<script>-%p.pb.gz)",
  },
  nframe: TRACER_FLAGS.nframe,
  exact: { type: Boolean, default: false, description: "Know of every block whether it is alive" },
  sample: {
    type: wholeNumber("--sample", 1, 2 ** 40),
    placeholder: "BYTES",
    description:
      "Follow one block in so many bytes on average, 524288 if it does not say (default: all of quiet lines, a share of busy ones)",
  },
  checkpoint: {
    type: seconds("--checkpoint", 0.1, 86_400),
    placeholder: "SECONDS",
    description: "Write the snapshot every so many seconds too, for programs that may be killed",
  },
  "on-growth": {
    type: growthRule("--on-growth"),
    placeholder: "PERCENT",
    description:
      "Write a snapshot of its own when live memory has grown by so much within 5 minutes: 20%, or 20%/600 for the last 600 s",
  },
  live: {
    type: Boolean,
    default: false,
    description:
      "Serve a live page on this machine while the program runs; --live=PORT for a port of your own",
  },
  why: {
    type: Boolean,
    default: false,
    description:
      "End with who holds the objects of the top lines, and keep that in the snapshot (Node, Deno)",
  },
  "no-follow": {
    type: Boolean,
    default: false,
    description: "Do not trace the workers and child processes of the program",
  },
  include: TRACER_FLAGS.include,
  exclude: TRACER_FLAGS.exclude,
} as const;

/** `tracemalloc run script`: runs a program under the tracker, and ends as it ends. */
export async function run(argv: readonly string[]): Promise<number> {
  refuseInlineCode(argv);
  const live = takeOptionalValues(argv);
  const { flags, operands } = parseCommand(
    {
      name: "run",
      description: "Runs a program, writes down what its lines hold when it ends, and shows the top lines",
      usage: "[options] script [args...]\n  tracemalloc run [options] command [args...]",
      examples: [
        "tracemalloc run app.ts --port 8000",
        "tracemalloc run --runtime bun -o app.pb.gz app.ts",
        "tracemalloc run npm start",
        "tracemalloc run node --max-old-space-size=200 --watch app.js",
      ],
      flags: FLAGS,
      stopAtOperand: true,
      unknownOption: " (options of the runtime stand after --: run -- --max-old-space-size=200 app.js)",
    },
    live.argv,
  );
  if (flags.exact && flags.sample !== undefined)
    throw new UsageError("--exact and --sample exclude each other");
  const program = findProgram(operands, flags.runtime);
  if (flags.why) checkWhy(program);
  const subject = program.kind === "script" ? program.script : program.subject;
  const file = outputOf(flags.output ?? defaultDumpName(subject), subject);
  const { file: started, args } = startOf(program);
  tellPermissions(program);
  const id = randomUUID();
  const heap = flags.why ? heapFile() : null;
  const env = {
    ...process.env,
    TRACEMALLOC_RUN: id,
    ...variablesOf(flags),
    // A command's first process may be none of ours, and may lead to several.
    TRACEMALLOC_OUT: program.kind === "script" ? file.template : nameOfOthers(file.template),
    // A pipe takes one snapshot, at the end.
    ...(file.special !== null && { TRACEMALLOC_SNAPSHOTS: outputPath(defaultDumpName(subject)) }),
    ...(heap !== null && { TRACEMALLOC_WHY: heap.file }),
    ...(flags.live && { TRACEMALLOC_LIVE: live.address }),
    ...(program.kind === "command" && commandEnvironment(process.env)),
  };
  const { include, exclude } = flags;
  const command = program.kind === "script" ? null : program.name;
  let end: ChildEnd;
  try {
    end = await runChild(started, {
      args,
      env,
      afterwards: (end) =>
        summarize(file, end, { run: id, include, exclude, heapFile: heap?.file ?? null, command }),
    });
  } finally {
    // Before this process ends by the program's signal.
    heap?.remove();
    removeTemporary(file);
  }
  return await endLike(end);
}

/** The variables by which the tracker hears of the options. */
function variablesOf(flags: ParsedCommand<typeof FLAGS>["flags"]): Record<string, string> {
  const sampling = flags.exact ? "exact" : String(flags.sample ?? "adaptive");
  return {
    ...tracerVariables({ ...flags, sampling, follow: !flags["no-follow"] }),
    ...(flags.checkpoint !== undefined && { TRACEMALLOC_CHECKPOINT: String(flags.checkpoint) }),
    ...(flags["on-growth"] !== undefined && { TRACEMALLOC_ON_GROWTH: flags["on-growth"] }),
  };
}

/** @throws {UsageError} where nobody could tell whose heap it would be, or there is none. */
function checkWhy(program: Program): void {
  if (program.kind === "command")
    throw new UsageError(
      `--why takes the heap of one process, and ${program.name} may lead to several: give it a script (options of Node go into NODE_OPTIONS)`,
    );
  if (program.runtime === "bun")
    throw new UsageError(
      "--why needs V8's heap, which Bun does not have: use --runtime node or --runtime deno",
    );
}

/** They are not what Deno gives by itself. */
function tellPermissions(program: Program): void {
  if (program.kind === "script" && program.runtime === "deno") {
    writeMessage(
      "Deno runs the program with all permissions (--allow-all); docs/loaders.md says how to give fewer",
    );
  }
}

/** Mean bytes between samples, where `--sample` does not say how many: as V8 and Go have it. */
const SAMPLE = 512 * 1024;

/**
 * `--live` and `--sample` take a value or none, which the parser does not know: `--live=8080` is read here, and its bare word left to
 * the parser; `--sample` in front of what is no number gets its default.
 * @throws {UsageError} when the value is no port.
 */
function takeOptionalValues(argv: readonly string[]): { argv: string[]; address: string } {
  let address = "0";
  const words = [...argv];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "--" || !word.startsWith("-")) break; // the script: what follows belongs to it
    if (word.startsWith("--live=")) {
      address = word.slice("--live=".length);
      if (!/^(?:.+:)?\d{1,5}$/.test(address) || Number(address.slice(address.lastIndexOf(":") + 1)) > 65_535)
        throw new UsageError(`--live takes a port from 0 to 65535, got ${JSON.stringify(address)}`);
      words[i] = "--live";
    } else if (word === "--sample" && !/^\d/.test(words[i + 1] ?? "")) words[i] = `--sample=${SAMPLE}`;
    else if (takesValue(word)) i++;
  }
  return { argv: words, address };
}

/** Whether the word after this one is its value. */
function takesValue(word: string): boolean {
  if (word.includes("=")) return false;
  const name = word.replace(/^--?/, "");
  return Object.entries(FLAGS).some(
    ([flag, schema]) =>
      (flag === name || ("alias" in schema && schema.alias === name)) && schema.type !== Boolean,
  );
}

function refuseInlineCode(argv: readonly string[]): void {
  const [first] = argv;
  if (first === "-" || first === "-e" || first === "--eval" || first === "-p" || first === "--print") {
    throw new UsageError(`${first} is not supported: give the name of a script file`);
  }
}

function outputOf(output: string, script: string): DumpFile {
  const path = outputPath(output);
  refuseSourceFile(output, script);
  checkOutput(path, output);
  return dumpFile(path);
}

/**
 * Finds out before the program runs what would keep its snapshot from being written when it has run.
 * @throws {InputError} when that is certain.
 */
function checkOutput(template: string, output: string): void {
  const refuse = (reason: string): never => {
    throw new InputError(`cannot write ${output}: ${reason}`);
  };
  if (statSync(template, { throwIfNoEntry: false })?.isDirectory()) refuse("is a directory");
  const folder = dirname(template);
  if (folder.includes(PLACEHOLDER)) {
    refuse(
      `${PLACEHOLDER} (the process id, which is not known yet) may stand in the file's name, not in its folder's`,
    );
  }
  try {
    if (!statSync(folder).isDirectory()) refuse(`${folder} is no folder`);
    accessSync(isSpecial(template) ? template : folder, constants.W_OK);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    refuse(
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? `there is no folder ${folder}`
        : `${folder}: ${reason}`,
    );
  }
}

/** Where the program writes its heap: that this cannot be is known before the program runs. */
function heapFile(): TemporaryHeap {
  try {
    return temporaryHeap();
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(
      `--why cannot write V8's heap to ${tmpdir()}, the folder for temporary files: ${reason}; TMPDIR names another`,
    );
  }
}

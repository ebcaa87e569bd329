import { resolve } from "node:path";
import { UsageError } from "../cli_error.ts";
import { parseCommand } from "../command_line.ts";
import { findProgram, type Program } from "../program.ts";
import { RUNTIMES } from "../runtimes.ts";
import { TRACER_FLAGS } from "../tracer_flags.ts";
import { oneOf, seconds, text, type ValueParser, wholeNumber } from "../values.ts";
import { SELECTION_FLAGS, VIEW_FLAGS } from "../view_flags.ts";
import type { Plan } from "./hunt_pass.ts";
import { type RequestTemplate, requestsOf } from "./requests.ts";

const SIGNALS = ["SIGUSR1", "SIGUSR2", "SIGHUP", "SIGWINCH", "SIGCONT"] as const;

const FLAGS = {
  runtime: {
    type: oneOf("--runtime", RUNTIMES),
    placeholder: "NAME",
    description: `What to run the program on: ${RUNTIMES.join(", ")} (default: the one that runs this command)`,
  },
  url: {
    type: [text("--url", "an address")] as [ValueParser<string>],
    placeholder: "URL",
    description:
      'A server: what to ask it for, with a method if it is not GET ("POST http://..."); {n} is the request\'s number; may be repeated',
  },
  requestsFile: {
    type: text("--requests-file", "a file name"),
    placeholder: "FILE",
    description: "A server: requests, one a line: GET /path, POST /path BODY; paths are those of --url",
  },
  header: {
    type: [text("--header", "a name and a value")] as [ValueParser<string>],
    placeholder: "NAME: VALUE",
    description: "A header of all requests; may be repeated",
  },
  signal: {
    type: oneOf("--signal", SIGNALS),
    placeholder: "NAME",
    description: "A program that is neither server nor script: it does something for each of these signals",
  },
  requests: {
    type: wholeNumber("--requests", 1, 1_000_000),
    default: 200,
    placeholder: "N",
    description: "Requests, calls or signals of a round (default: 200)",
  },
  rounds: {
    type: wholeNumber("--rounds", 3, 100),
    default: 5,
    placeholder: "N",
    description:
      "How many rounds (default: 5); 3 of twice as many requests and 2 long ones follow where something grew",
  },
  warmUp: {
    type: wholeNumber("--warm-up", 1, 1_000_000),
    placeholder: "N",
    description: "Requests before the first round (default: those of a round)",
  },
  concurrency: {
    type: wholeNumber("--concurrency", 1, 1000),
    placeholder: "N",
    description: "Requests at a time (default: 8), or calls (default: 1)",
  },
  wait: {
    type: seconds("--wait", 0, 3600),
    default: 2,
    placeholder: "SECONDS",
    description: "How long what has grown may take to go by itself, as by a timer (default: 2)",
  },
  timeout: {
    type: seconds("--timeout", 1, 3600),
    default: 30,
    placeholder: "SECONDS",
    description: "How long the program may take to start, and for each answer (default: 30)",
  },
  anyStatus: { type: Boolean, default: false, description: "Take every answer for good, not only 2xx" },
  allowRemote: { type: Boolean, default: false, description: "Drive servers that are not on this machine" },
  exact: {
    type: Boolean,
    default: false,
    description: "One exact run, in the place of an adaptive one and an exact one",
  },
  ...TRACER_FLAGS,
  output: {
    type: text("--output", "a folder"),
    alias: "o",
    placeholder: "FOLDER",
    description: "Where the snapshots go (default: tracemalloc-hunt-<script>)",
  },
  report: {
    type: text("--report", "a file name"),
    placeholder: "FILE",
    description: "Where the report goes (default: report.html in that folder)",
  },
  showOutput: { type: Boolean, default: false, description: "Pass on what the program prints, to stderr" },
  json: VIEW_FLAGS.json,
  quiet: SELECTION_FLAGS.quiet,
} as const;

/** What `tracemalloc hunt` was asked for. */
export interface HuntCommand {
  readonly program: Program;
  /** What a server is asked for; empty: it is none. */
  readonly templates: readonly RequestTemplate[];
  readonly headers: Readonly<Record<string, string>>;
  readonly anyStatus: boolean;
  /** What a program gets that is neither server nor script. */
  readonly signal: NodeJS.Signals | undefined;
  /** The script whose default export is called; null: none is. */
  readonly called: string | null;
  readonly plan: Plan;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly isExact: boolean;
  readonly nframe: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Folder and file as they were given. */
  readonly output: string | undefined;
  readonly report: string | undefined;
  readonly showOutput: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/**
 * Reads the words after `hunt`.
 *
 * @throws {UsageError} where they are wrong.
 */
export function huntCommand(argv: readonly string[]): HuntCommand {
  const end = argv.indexOf("--");
  const [own, args] = end === -1 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)];
  const { flags, operands } = parseCommand(
    {
      name: "hunt",
      description:
        "Drives a program in rounds and says whether it leaks, which lines do, and who holds their objects. " +
        "Ends with 0 when it does not, 1 when it does, and 2 when that cannot be told",
      usage: "[options] script [-- args...]\n  tracemalloc hunt [options] -- command [args...]",
      examples: [
        "tracemalloc hunt server.ts --url http://127.0.0.1:3000/",
        'tracemalloc hunt server.ts --url "http://127.0.0.1:3000/users/{n}" -- --port 3000',
        "tracemalloc hunt script.ts    # whose default export is called",
        "tracemalloc hunt worker.ts --signal SIGUSR2",
        "tracemalloc hunt --url http://127.0.0.1:3000/ -- npm start",
      ],
      flags: FLAGS,
    },
    own,
  );
  const [, unexpected] = operands;
  if (unexpected !== undefined)
    throw new UsageError(
      `unexpected argument ${JSON.stringify(unexpected)}: the program's own stand behind --`,
    );
  const { signal, requests, rounds, warmUp = requests, wait, timeout } = flags;
  const isServer = flags.url.length > 0 || flags.requestsFile !== undefined;
  if (isServer && signal !== undefined) throw new UsageError("--url and --signal exclude each other");
  const program = findProgram([...operands, ...args], flags.runtime);
  const isCalled = !isServer && signal === undefined;
  if (isCalled && program.kind === "command")
    throw new UsageError(`hunt must be told what ${program.name} is to do: --url, or --signal`);
  const { anyStatus, nframe, include, exclude, output, report, showOutput, json, quiet } = flags;
  return {
    ...{ program, signal, anyStatus, nframe, include, exclude, output, report, showOutput, json, quiet },
    templates: isServer ? requestsOf(flags.url, flags.requestsFile, flags.allowRemote) : [],
    headers: headersOf(flags.header),
    called: isCalled && program.kind === "script" ? resolve(program.script) : null,
    plan: { requests, rounds, warmUp, waitMs: wait * 1000 },
    concurrency: flags.concurrency ?? (isServer ? 8 : 1),
    timeoutMs: timeout * 1000,
    isExact: flags.exact,
  };
}

function headersOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((header) => {
      const [, name, value] = /^([\w-]+):\s*(.*)$/s.exec(header) ?? [];
      if (name === undefined)
        throw new UsageError(`--header must be like "Name: value", not ${JSON.stringify(header)}`);
      return [name, value];
    }),
  );
}

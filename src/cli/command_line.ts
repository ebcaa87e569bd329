import { cli, type Flags, type Renderers, type TypeFlag } from "cleye";
import picocolors from "picocolors";
import { UsageError } from "./cli_error.ts";
import { didYouMean } from "./nearest.ts";
import { colored } from "./output.ts";

/** What a command accepts, and what its `--help` says. */
export interface CommandSpec<F extends Flags> {
  readonly name: string;
  readonly description: string;
  /** The line under "Usage:", without `tracemalloc` and the command's name. */
  readonly usage: string;
  readonly examples: readonly string[];
  readonly flags: F;
  /** The first operand ends the command's own flags: what follows belongs to somebody else. */
  readonly stopAtOperand?: boolean;
  /** Follows the message about an option that is not known. */
  readonly unknownOption?: string;
}

export interface ParsedCommand<F extends Flags> {
  readonly flags: TypeFlag<F>["flags"];
  readonly operands: readonly string[];
}

/**
 * Reads the words after the command's name. `--help` prints the help and ends the process with 0.
 *
 * cleye's own strict mode would end the process with 1, and 2 is this program's code for wrong usage: the checks
 * sit in the callback through which cleye asks about every word.
 * @throws {UsageError} on an unknown flag, a missing or a wrong value.
 */
export function parseCommand<F extends Flags>(
  spec: CommandSpec<F>,
  argv: readonly string[],
): ParsedCommand<F> {
  const words = [...argv];
  let stopped = false;
  const parsed = cli(
    {
      name: `tracemalloc ${spec.name}`,
      flags: spec.flags as Flags,
      help: {
        description: spec.description,
        usage: `tracemalloc ${spec.name} ${spec.usage}`,
        examples: [...spec.examples],
        render: plainHelp,
      },
      ignoreArgv(type, word, value) {
        if (stopped) return true;
        if (type === "argument") stopped = spec.stopAtOperand === true;
        else checkFlag(spec.flags, word, value, spec.unknownOption);
        return stopped;
      },
    },
    undefined,
    words,
  );
  const flags = parsed.flags as TypeFlag<F>["flags"];
  if (!stopped) return { flags, operands: [...parsed._] };
  return { flags, operands: words[0] === "--" ? words.slice(1) : words };
}

/** Draws cleye's help; its own choice of colours would write them to a pipe on some build machines. */
export function plainHelp(
  nodes: Parameters<Renderers["render"]>[0] & unknown[],
  renderers: Renderers,
): string {
  renderers.bold = picocolors.createColors(colored(process.stdout)).bold;
  return renderers.render(nodes);
}

/**
 * Checks one flag that stands on the command line.
 * @throws {UsageError} when there is no such flag, or it is a switch and got a value.
 */
export function checkFlag(flags: Flags, name: string, value: string | undefined, unknown = ""): void {
  const known = new Map<string, boolean>([
    ["help", true],
    ["h", true],
  ]);
  for (const [flag, schema] of Object.entries(flags)) {
    const isSwitch =
      schema === Boolean || (typeof schema === "object" && "type" in schema && schema.type === Boolean);
    // As it is written on the command line: cleye reads `samePid` from `--same-pid`.
    known.set(
      flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      isSwitch,
    );
    if (typeof schema === "object" && "alias" in schema && schema.alias) known.set(schema.alias, isSwitch);
  }
  const shown = `${name.length === 1 ? "-" : "--"}${name}`;
  const isSwitch = known.get(name);
  if (isSwitch === undefined) {
    const long = [...known.keys()].filter((candidate) => candidate.length > 1);
    throw new UsageError(`unknown option ${shown}${didYouMean(name, long, "--")}${unknown}`);
  }
  if (isSwitch && value !== undefined)
    throw new UsageError(`${shown} takes no value, got ${JSON.stringify(value)}`);
}

/**
 * Checks that a command got as many operands as it names.
 * @throws {UsageError} otherwise.
 */
export function expectOperands(operands: readonly string[], names: readonly string[]): void {
  if (operands.length < names.length) throw new UsageError(`${names[operands.length]} is missing`);
  if (operands.length > names.length) {
    throw new UsageError(
      `unexpected argument ${JSON.stringify(operands[names.length])}: only ${names.join(" ")} is taken`,
    );
  }
}

/**
 * Checks that a command got at least so many operands.
 * @throws {UsageError} otherwise.
 */
export function expectAtLeast(operands: readonly string[], names: readonly string[]): void {
  if (operands.length < names.length) throw new UsageError(`${names[operands.length]} is missing`);
}

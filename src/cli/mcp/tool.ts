import { type Parameters, readArguments, type Values } from "./parameters.ts";
import type { Reader } from "./reader.ts";

/** What a call of a tool may use. */
export interface Context {
  readonly reader: Reader;
  /** Aborted when the client does not want the answer any more. */
  readonly signal: AbortSignal;
}

/** What a model may ask for. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: Parameters;
  /** Whether it starts programs and writes files; else it only reads. */
  readonly writes?: boolean;
  /** @throws {Error} that says in one line what was wrong. */
  readonly call: (given: Readonly<Record<string, unknown>>, context: Context) => Answer;
}

/** Lines of text. */
export type Answer = readonly string[] | Promise<readonly string[]>;

/** A tool whose arguments are read by its parameters. */
export function tool<P extends Parameters>(
  words: Omit<Tool, "parameters" | "call">,
  parameters: P,
  call: (values: Values<P>, context: Context) => Answer,
): Tool {
  return { ...words, parameters, call: (given, context) => call(readArguments(parameters, given), context) };
}

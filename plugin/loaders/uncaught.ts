// What Node prints of an error that ends the program begins with the line that threw, as it runs: with all that was inserted
// into it. Here that line becomes the program's again. Everything else, and every case that is not understood, is Node's.

import { writeSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isOwnFile } from "../../src/instrument/selection.ts";
import { originalLine } from "../../src/instrument/text/original_line.ts";
import { quietly } from "../../src/tracing.ts";

const { apply } = Reflect;

type FatalException = (this: unknown, error: unknown, fromPromise?: boolean) => unknown;

/** How each frame of a stack begins. */
const FRAME = "    at ";

interface NodeProcess {
  _fatalException?: unknown;
  reallyExit?(code: number): never;
}

const node = process as unknown as NodeProcess;

/** Gives the text that a file was loaded as; null: unknown. */
export type LoadedText = (name: string) => string | null;

/** Where an error came from, as Node quotes it. */
interface Place {
  /** As the runtime names it: a path, or a URL. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** Of the mark below the line, 0-based; -1: there is none. */
  readonly start: number;
  readonly end: number;
}

/**
 * Has Node quote the program's own text where an error ends it.
 *
 * `process._fatalException` says whether anybody has taken the error; when nobody has, Node puts line and mark together from V8's
 * message, which no JavaScript sees, and asks for the error's `stack` before it prints: there the line is read and, where it is
 * not the program's, printed in its place.
 *
 * @returns Takes it back.
 */
export function quoteOriginalLines(loadedText: LoadedText): () => void {
  const before = Object.getOwnPropertyDescriptor(process, "_fatalException");
  const original = before?.value as FatalException | undefined;
  if (
    typeof original !== "function" ||
    before?.configurable !== true ||
    typeof node.reallyExit !== "function"
  )
    return () => {};
  const replacement = {
    _fatalException(this: unknown, error: unknown, fromPromise?: boolean): unknown {
      const isHandled = apply(original, this, [error, fromPromise]);
      if (isHandled === false) {
        try {
          quietly(() => printInsteadOfNode(error, loadedText));
        } catch {
          // Node prints it as it would have.
        }
      }
      return isHandled;
    },
  }._fatalException;
  for (const key of ["name", "length"]) {
    Object.defineProperty(replacement, key, Object.getOwnPropertyDescriptor(original, key) ?? {});
  }
  Object.defineProperty(process, "_fatalException", { ...before, value: replacement });
  return () => {
    if (node._fatalException === replacement) Object.defineProperty(process, "_fatalException", before);
  };
}

/** Puts an accessor in front of `stack`, for as long as Node takes to read it once. */
function printInsteadOfNode(error: unknown, loadedText: LoadedText): void {
  if (!wantsPlainOutput() || !process.getBuiltinModule("node:util").types.isNativeError(error)) return;
  if (restoreLinesOfStack(error)) return;
  const own = Object.getOwnPropertyDescriptor(error, "stack");
  if (own === undefined) return;
  const restore = (): void => void Object.defineProperty(error, "stack", own);
  Object.defineProperty(error, "stack", {
    configurable: true,
    enumerable: own.enumerable ?? false,
    get() {
      quietly(restore);
      const { stack } = error;
      try {
        quietly(() => {
          const quoted = readQuoted(error, stack);
          if (quoted !== null) print(error, quoted, loadedText);
        });
      } catch {
        // Node prints it as it would have.
      }
      return stack;
    },
    set(value: unknown) {
      restore();
      error.stack = value as string;
    },
  });
}

/**
 * Lines of the file stand in the stack itself where CommonJS does not compile, and where Node does not take TypeScript (`enum`): there they become the
 * program's. Gives whether there were any.
 */
function restoreLinesOfStack(error: Error): boolean {
  const { stack } = error;
  const end = typeof stack === "string" ? stack.indexOf(`\n${FRAME}`) : -1;
  if (end < 0) return false;
  let hasChanged = false;
  let columnOf = (column: number): number => column;
  const lines = stack!
    .slice(0, end)
    .split("\n")
    .map((line) => {
      const mark = /^( *)(\^+)$/.exec(line);
      if (mark !== null) {
        const from = mark[1]!.length;
        const start = columnOf(from);
        return " ".repeat(start) + "^".repeat(Math.max(columnOf(line.length) - start, 1));
      }
      const original = originalLine(line);
      columnOf = original === null ? (column) => column : (column) => original.column(column);
      hasChanged ||= original !== null;
      return original === null ? line : original.text;
    });
  if (hasChanged) error.stack = lines.join("\n") + stack!.slice(end);
  return hasChanged;
}

/** Whether nothing was asked for that only Node can print. */
function wantsPlainOutput(): boolean {
  const flags = `${process.execArgv.join(" ")} ${process.env.NODE_OPTIONS ?? ""}`;
  if (/--(?:trace-uncaught|abort-on-uncaught|report-uncaught)/.test(flags)) return false;
  if (process.report?.reportOnUncaughtException === true) return false;
  return process.getBuiltinModule("node:inspector").url() === undefined;
}

const THROWN = Symbol.for("tracemalloc.thrown");

/**
 * What Node would print in front of the stack: `vm` puts it there for whoever catches an error of a script's. The comment
 * keeps Node from looking for that script's own line (`GetErrorSource` in `node_errors.cc`).
 */
function readQuoted(error: Error, stack: unknown): Place | null {
  if (typeof stack !== "string") return null;
  const { Script } = process.getBuiltinModule("node:vm");
  Object.defineProperty(globalThis, THROWN, { value: error, configurable: true });
  try {
    const text = 'throw globalThis[Symbol.for("tracemalloc.thrown")] // node-do-not-add-exception-line';
    new Script(text).runInThisContext({ displayErrors: true });
  } catch {
    // It is the error.
  } finally {
    Reflect.deleteProperty(globalThis, THROWN);
  }
  const both: unknown = error.stack;
  error.stack = stack;
  if (typeof both !== "string" || !both.endsWith(`\n${stack}`)) return null;
  return parseQuoted(both.slice(0, both.length - stack.length - 1));
}

/** `file:line`, the line, and the mark. */
function parseQuoted(quoted: string): Place | null {
  const [head = "", text, mark = ""] = quoted.split("\n");
  const found = /^(.*):(\d+)$/.exec(head);
  if (found === null || text === undefined) return null;
  const start = mark.indexOf("^");
  return { file: found[1]!, line: Number(found[2]), text, start, end: start < 0 ? -1 : mark.length };
}

/** Prints all that Node would print, with the program's own line, and ends the process as Node would. */
function print(error: Error, quoted: Place, loadedText: LoadedText): void {
  const place = isOwnFile(pathOf(quoted.file)) ? callerOf(error, loadedText) : originalPlace(quoted);
  if (place === null) return;
  const { inspect } = process.getBuiltinModule("node:util");
  const tty = process.getBuiltinModule("node:tty");
  const depth = Math.max(inspect.defaultOptions.depth ?? Number.POSITIVE_INFINITY, 5);
  const colors = tty.isatty(2) && tty.WriteStream.prototype.getColorDepth() >= 4;
  const report = inspect(error, { colors, customInspect: false, depth });
  const flags = `${process.execArgv.join(" ")} ${process.env.NODE_OPTIONS ?? ""}`;
  const version = flags.includes("--no-extra-info-on-fatal-exception")
    ? ""
    : `\nNode.js ${process.version}\n`;
  writeAll(`${place.file}:${place.line}\n${place.text}\n${markOf(place)}\n${report}\n${version}`);
  node.reallyExit!(Number(process.exitCode ?? 1));
}

/** Node's own limit: a mark that is farther to the right is left out. */
const LONGEST_MARK = 1020;

function markOf({ text, start, end }: Place): string {
  const bytes = Buffer.from(text);
  if (start < 0 || end > bytes.length) return "";
  let mark = "";
  for (let i = 0; i < end && i < LONGEST_MARK; i++) mark += i >= start ? "^" : bytes[i] === 9 ? "\t" : " ";
  return `${mark}\n`;
}

/** The same place in the text as the program has it; null: nothing was inserted. */
function originalPlace(quoted: Place): Place | null {
  const original = originalLine(quoted.text);
  if (original === null) return null;
  const { text } = original;
  if (quoted.start < 0) return { ...quoted, text };
  const start = original.column(quoted.start);
  return { ...quoted, text, start, end: Math.max(original.column(quoted.end), start + 1) };
}

/** Where a stand-in for a built-in function was called from: that is where the built-in itself would have thrown. */
function callerOf(error: Error, loadedText: LoadedText): Place | null {
  for (const line of String(error.stack).split("\n")) {
    const found = /^ {4}at (?:.*\()?((?:file:\/\/)?\/.*|[A-Za-z]:\\.*):(\d+):(\d+)\)?$/.exec(line);
    if (found === null) continue;
    const [, file = "", lineno, column] = found;
    const text = loadedText(pathOf(file))?.split(/\r\n|[\n\r\u2028\u2029]/)[Number(lineno) - 1];
    if (text === undefined) return null;
    const start = Number(column) - 1;
    const place = { file, line: Number(lineno), text, start, end: start + 1 };
    return originalPlace(place) ?? place;
  }
  return null;
}

function pathOf(file: string): string {
  return file.startsWith("file:") ? fileURLToPath(file) : file;
}

/** To a pipe that is full, too: the process ends right after it. */
function writeAll(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(2, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
    }
  }
}

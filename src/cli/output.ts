import { escapeText } from "../vocabulary/escape_text.ts";
import { InputError, systemReason } from "./cli_error.ts";

/** A terminal, a file or a pipe. */
export type OutputStream = NodeJS.WriteStream;

/** Whether to write colours to a stream: only to a terminal, and not when `NO_COLOR` is set (https://no-color.org). */
export function colored(stream: OutputStream): boolean {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}

const MAX_WRITE = 2 ** 20;

/** Writes whole lines. */
export function writeLines(stream: OutputStream, lines: readonly string[]): void {
  let text = "";
  for (const line of lines) {
    text += `${line}\n`;
    // A million lines may be more than one string can hold.
    if (text.length < MAX_WRITE) continue;
    writeText(stream, text);
    text = "";
  }
  if (text !== "") writeText(stream, text);
}

/**
 * Writes text; false where the stream has more than it can pass on at once.
 * @throws {InputError} where Deno cannot write: it says so here, the other runtimes by an event.
 */
export function writeText(stream: OutputStream, text: string): boolean {
  try {
    return stream.write(text);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new InputError(
      `cannot write to standard ${stream === process.stdout ? "output" : "error"}: ${reason}`,
    );
  }
}

/** Writes one line for the person at the terminal; nothing in it can move the cursor or start another line. */
export function writeMessage(message: string): void {
  process.stderr.write(`tracemalloc: ${escapeText(message)}\n`);
}

/**
 * Ends the process when it cannot write: quietly when the reader of a pipe is gone (`tracemalloc top FILE | head`), else
 * with the reason.
 */
export function endOnFailedWrite(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      // Where stderr is full there is nowhere left to say so.
      if (stream === process.stdout) {
        writeMessage(`cannot write to standard output: ${systemReason(error) ?? error.message}`);
      }
      process.exit(1);
    });
  }
}

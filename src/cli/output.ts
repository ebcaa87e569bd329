import { escapeText } from "../report/escape_text.ts";

/** A terminal, a file or a pipe. */
export type OutputStream = NodeJS.WriteStream;

/** Whether to write colours to a stream: only to a terminal, and not when `NO_COLOR` is set (https://no-color.org). */
export function colored(stream: OutputStream): boolean {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}

/** Writes whole lines. */
export function writeLines(stream: OutputStream, lines: readonly string[]): void {
  if (lines.length > 0) stream.write(`${lines.join("\n")}\n`);
}

/** Writes one line for the person at the terminal; nothing in it can move the cursor or start another line. */
export function writeMessage(message: string): void {
  process.stderr.write(`tracemalloc: ${escapeText(message)}\n`);
}

/** Ends the process quietly when the reader of a pipe is gone (`tracemalloc top FILE | head`). */
export function endOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      throw error;
    });
  }
}

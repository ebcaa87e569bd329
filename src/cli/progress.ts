import type { GenericFormatter, SingleBar } from "cli-progress";
import { cutEnd } from "../report/terminal/width.ts";
import { escapeText } from "../vocabulary/escape_text.ts";
import type { OutputStream } from "./output.ts";

/** Work that is over before this draws nothing: a line that only flickers tells nobody anything. */
const SHOW_AFTER_MS = 200;
const BAR_COLUMNS = 24;

/** What long work tells of itself. */
export interface Progress {
  /**
   * Names what is done now: `reading app.pb.gz`.
   *
   * Work that blocks the event loop cannot be drawn once it has begun: `long` says that this step is worth a line at
   * once; without it a step is drawn when the work as a whole has taken a while.
   */
  step(label: string, options?: { readonly long?: boolean }): void;
  /** How much of the step is done, in any unit. */
  advance(done: number, total: number): void;
}

/** When progress is shown. */
export interface ProgressOptions {
  /** `--quiet`: nothing is shown. */
  readonly quiet?: boolean;
  /** Default: stderr. What is no terminal gets nothing. */
  readonly stream?: OutputStream;
}

/** Shows nothing. */
export const SILENT: Progress = { step() {}, advance() {} };

/**
 * Does work that may take long, and shows on one line of the terminal how far it is; the line is gone when the work
 * is over, also when it fails.
 *
 * @example
 * ```ts
 * await withProgress({ quiet: flags.quiet }, (progress) => {
 *   for (const [index, file] of files.entries()) {
 *     progress.step(`reading ${file}`);
 *     progress.advance(index, files.length);
 *     read(file);
 *   }
 * });
 * ```
 */
export async function withProgress<T>(
  { quiet = false, stream = process.stderr }: ProgressOptions,
  work: (progress: Progress) => T | Promise<T>,
): Promise<T> {
  if (quiet || stream.isTTY !== true || process.env.TERM === "dumb") return await work(SILENT);
  // Only here: loading it takes longer than most snapshots do.
  const { default: cliProgress } = await import("cli-progress");
  const line = new ProgressLine(
    (format) =>
      new cliProgress.SingleBar({
        stream,
        format,
        clearOnComplete: true,
        // A killed process would not take these back.
        hideCursor: false,
        linewrap: true,
        gracefulExit: false,
        synchronousUpdate: true,
      }),
    () => stream.columns || 80,
  );
  try {
    return await work(line);
  } finally {
    line.end();
  }
}

/** The one line at the bottom of the terminal. */
class ProgressLine implements Progress {
  readonly #bar: SingleBar;
  readonly #startedAt = performance.now();
  #label = "";
  #total = 0;

  constructor(create: (format: GenericFormatter) => SingleBar, columns: () => number) {
    this.#bar = create((_, { value }) =>
      progressText(this.#label, { done: value, total: this.#total }, columns()),
    );
  }

  step(label: string, { long = false }: { readonly long?: boolean } = {}): void {
    this.#label = label;
    this.#total = 0;
    if (this.#bar.isActive) {
      this.#bar.update(0);
      this.#bar.render();
    } else if (long) this.#bar.start(0, 0);
    else this.#showWhenLate();
  }

  advance(done: number, total: number): void {
    this.#total = total;
    this.#showWhenLate();
    this.#bar.update(done);
  }

  #showWhenLate(): void {
    if (!this.#bar.isActive && performance.now() - this.#startedAt >= SHOW_AFTER_MS) this.#bar.start(0, 0);
  }

  end(): void {
    this.#bar.stop();
  }
}

/** A label, before it a bar where the end is in sight; no wider than the terminal, which would wrap it. */
export function progressText(
  label: string,
  { done, total }: { readonly done: number; readonly total: number },
  columns: number,
): string {
  const text = escapeText(label);
  if (!(total > 0)) return cutEnd(`${text}…`, columns - 1);
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * BAR_COLUMNS);
  const bar = `${"█".repeat(filled)}${"░".repeat(BAR_COLUMNS - filled)}`;
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return cutEnd(`${bar} ${percent}% ${text}`, columns - 1);
}

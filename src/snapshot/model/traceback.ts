// Browser compatible.
import { Frame } from "./frame.ts";
import { inspect, typeName } from "./python_repr.ts";
import { makeReadOnly } from "./read_only.ts";
import { sourceLine } from "./source_lines.ts";

/** Where a traceback that was not looked at yet finds its frames. */
export interface FrameSource {
  /** The frames of traceback `id`, oldest first. */
  readFrames(id: number): readonly Frame[];
}

/** Options of {@linkcode Traceback.format}. */
export interface FormatOptions {
  /** Above 0: only so many of the most recent frames; below: leaves out so many of them, as Python does; 0: none. */
  readonly limit?: number | null;
  /** Whether the most recent frame comes first. Default: `false`, it comes last. */
  readonly mostRecentFirst?: boolean;
}

/**
 * A sequence of frames from the oldest to the most recent: the way to an allocation.
 *
 * @example Walk a traceback
 * ```ts
 * import { Frame, Traceback } from "tracemalloc";
 * import { assertEquals } from "@std/assert";
 *
 * const traceback = new Traceback([new Frame("main.ts", 3), new Frame("cache.ts", 12)]);
 * assertEquals([...traceback].map(String), ["main.ts:3", "cache.ts:12"]);
 * assertEquals(String(traceback.at(-1)), "cache.ts:12");
 * ```
 */
export class Traceback implements Iterable<Frame> {
  // A million statistics hold a traceback each and most are never looked at: frames are made on demand.
  #frames: readonly Frame[] | undefined;
  #source: FrameSource | undefined;
  #id = 0;
  /** How many frames there were before the traceback was cut to the limit; `null`: unknown. Cannot be changed. */
  readonly totalNframe: number | null;

  /**
   * @param frames oldest first
   * @param totalNframe number of frames before truncation; `null`: unknown
   */
  constructor(frames: Iterable<Frame> | FrameSource, totalNframe: number | null = null) {
    if (Symbol.iterator in frames) this.#frames = [...frames];
    else this.#source = frames;
    this.totalNframe = totalNframe;
    makeReadOnly(this, new.target !== Traceback);
  }

  /** A traceback that reads its frames from `source` when they are first asked for. @internal */
  static lazy(source: FrameSource, id: number, totalNframe: number | null = null): Traceback {
    const traceback = new Traceback(source, totalNframe);
    traceback.#id = id;
    return traceback;
  }

  /** Orders tracebacks as Python orders tuples: frame by frame from the oldest, a prefix first. Below 0, 0, above 0. */
  static compare(a: Traceback, b: Traceback): number {
    const left = a.#read();
    const right = b.#read();
    const end = Math.min(left.length, right.length);
    for (let i = 0; i < end; i++) {
      const order = Frame.compare(left[i], right[i]);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }

  #read(): readonly Frame[] {
    if (this.#frames === undefined) {
      this.#frames = this.#source?.readFrames(this.#id) ?? [];
      // A kept statistic must not keep the tables of the whole snapshot.
      this.#source = undefined;
    }
    return this.#frames;
  }

  /** Number of frames. */
  get length(): number {
    return this.#read().length;
  }

  /** The frame at `index`, counted from the oldest, or from the most recent where negative. */
  at(index: number): Frame | undefined {
    return this.#read().at(index);
  }

  [Symbol.iterator](): IterableIterator<Frame> {
    return this.#read().values();
  }

  /** Whether the traceback goes through the line of `frame`. */
  includes(frame: Frame): boolean {
    return this.#read().some((own) => own.equals(frame));
  }

  /** Whether `other` has the same lines in the same order; `totalNframe` does not count. */
  equals(other: unknown): boolean {
    if (!(other instanceof Traceback)) return false;
    const frames = this.#read();
    const others = other.#read();
    return frames.length === others.length && frames.every((frame, i) => frame.equals(others[i]));
  }

  /**
   * Formats the traceback as lines of text without line ends, with the source lines that can be read.
   *
   * @throws {TypeError} where `limit` is no number or `mostRecentFirst` no boolean
   * @throws {RangeError} where `limit` is not whole
   *
   * @example Print where a block came from
   * ```ts
   * import { Frame, Traceback } from "tracemalloc";
   * import { assertEquals } from "@std/assert";
   *
   * const traceback = new Traceback([new Frame("<main>", 3), new Frame("<cache>", 12)]);
   * assertEquals(traceback.format({ limit: 1 }), ['  File "<cache>", line 12']);
   * ```
   */
  format(options: FormatOptions = {}): string[] {
    const { limit = null, mostRecentFirst = false } = options;
    checkLimit(limit);
    if (typeof mostRecentFirst !== "boolean") {
      throw new TypeError(`mostRecentFirst must be a boolean, not ${typeName(mostRecentFirst)}`);
    }
    const all = this.#read();
    // Python's own slices, [-limit:] and [:limit]; its manual tells the second one differently.
    const frames = limit === null ? all.slice() : limit > 0 ? all.slice(-limit) : all.slice(0, limit);
    if (mostRecentFirst) frames.reverse();
    const lines: string[] = [];
    for (const { filename, lineno } of frames) {
      lines.push(`  File "${filename}", line ${lineno}`);
      const source = sourceLine(filename, lineno);
      if (source !== "") lines.push(`    ${source}`);
    }
    return lines;
  }

  /** The oldest frame as `file:line`; `<unknown>:0` where there is none. */
  toString(): string {
    const frames = this.#read();
    return frames.length === 0 ? "<unknown>:0" : frames[0].toString();
  }

  /** @internal */
  [inspect](): string {
    const frames = this.#read().map((frame) => frame[inspect]());
    const tuple = frames.length === 1 ? `(${frames[0]},)` : `(${frames.join(", ")})`;
    return `<Traceback ${tuple}${this.totalNframe === null ? "" : ` total_nframe=${this.totalNframe}`}>`;
  }
}

function checkLimit(limit: unknown): asserts limit is number | null {
  if (limit === null) return;
  if (typeof limit !== "number")
    throw new TypeError(`limit must be a number of frames, not ${typeName(limit)}`);
  if (!Number.isInteger(limit)) throw new RangeError(`limit must be a whole number of frames, not ${limit}`);
}

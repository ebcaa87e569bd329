// Browser compatible.
import { compareCodePoints } from "../../tables/code_points.ts";
import { inspect, reprString } from "./python_repr.ts";
import { makeReadOnly } from "./read_only.ts";

/** What is known of a frame besides its place. */
export interface FrameDetails {
  /** 1-based; 0 (the default): unknown. */
  readonly column?: number;
  /** `f`, `Class.method`, `<anonymous>`, `<module>`, or `""` (the default): unknown. */
  readonly functionName?: string;
}

/**
 * One frame of a traceback: a line of a file, and the function it stands in. Its fields cannot be changed.
 *
 * @example Read a frame
 * ```ts
 * import { Frame } from "tracemalloc";
 * import { assertEquals } from "@std/assert";
 *
 * const frame = new Frame("app.ts", 12, { functionName: "main" });
 * assertEquals(String(frame), "app.ts:12");
 * ```
 */
export class Frame {
  /** A plain path for `file:` modules, the URL for others, `"<unknown>"` where it is not known. */
  readonly filename: string;
  /** 1-based; 0: unknown. */
  readonly lineno: number;
  /** 1-based; 0: unknown. */
  readonly column: number;
  /** `f`, `Class.method`, `<anonymous>`, `<module>`, or `""`: unknown. */
  readonly functionName: string;

  /**
   * @param filename a path or a URL
   * @param lineno 1-based line; 0: unknown
   * @param details column and function, where known
   */
  constructor(filename: string, lineno: number, details: FrameDetails = {}) {
    this.filename = filename;
    this.lineno = lineno;
    this.column = details.column ?? 0;
    this.functionName = details.functionName ?? "";
    // Snapshots share it.
    makeReadOnly(this, new.target !== Frame);
  }

  /** Orders frames as Python orders `(filename, lineno)`: by code points, then by line. Below 0, 0 or above 0. */
  static compare(a: Frame, b: Frame): number {
    return compareCodePoints(a.filename, b.filename) || a.lineno - b.lineno;
  }

  /** Whether `other` is the same line of the same file; column and function do not count. */
  equals(other: unknown): boolean {
    return other instanceof Frame && this.filename === other.filename && this.lineno === other.lineno;
  }

  /** `file:line`. */
  toString(): string {
    return `${this.filename}:${this.lineno}`;
  }

  /** @internal */
  [inspect](): string {
    return `<Frame filename=${reprString(this.filename)} lineno=${this.lineno}>`;
  }
}

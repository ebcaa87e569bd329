// Browser compatible.
import { formatSize } from "../../statistics/format_size.ts";
import { inspect } from "./python_repr.ts";
import { makeReadOnly } from "./read_only.ts";
import type { Traceback } from "./traceback.ts";

/** What a trace is made of. */
export interface TraceFields {
  readonly domain: number;
  /** In bytes. */
  readonly size: number;
  /** Default: `"<unknown>"`. */
  readonly type?: string;
}

/** One block of memory: how large it is, what it is, and where it was allocated. Its fields cannot be changed. */
export class Trace {
  /** 0: objects on the heap, 1: external bytes, 2: strings, 16 and up: the user's. */
  readonly domain: number;
  /** In bytes. */
  readonly size: number;
  /** `Object`, `Array`, `closure`, a class's name, …; `<unknown>` where it is not known. */
  readonly type: string;
  /** Where the block was allocated. */
  readonly traceback: Traceback;

  constructor(traceback: Traceback, fields: TraceFields) {
    this.domain = fields.domain;
    this.size = fields.size;
    this.type = fields.type ?? "<unknown>";
    this.traceback = traceback;
    makeReadOnly(this, new.target !== Trace);
  }

  /** Whether `other` has the same domain, size, type, traceback and number of frames before truncation. */
  equals(other: unknown): boolean {
    return (
      other instanceof Trace &&
      this.domain === other.domain &&
      this.size === other.size &&
      this.type === other.type &&
      this.traceback.totalNframe === other.traceback.totalNframe &&
      this.traceback.equals(other.traceback)
    );
  }

  /** `file:line: size`, for the oldest frame. */
  toString(): string {
    return `${this.traceback}: ${formatSize(this.size)}`;
  }

  /** @internal */
  [inspect](): string {
    return `<Trace domain=${this.domain} size=${formatSize(this.size)}, traceback=${this.traceback[inspect]()}>`;
  }
}

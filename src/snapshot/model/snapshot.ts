// Browser compatible.
import { differencesOf } from "../../statistics/compare.ts";
import { type DomainFilter, type Filter, filteredBlocks } from "../../statistics/filter.ts";
import { statisticsOf } from "../../statistics/group.ts";
import type { KeyType } from "../../statistics/key_type.ts";
import { type ShortLived, shortLivedOf } from "../../statistics/short_lived.ts";
import type { Statistic, StatisticDiff } from "../../statistics/statistic.ts";
import { quietly } from "../../track/calls/quietly.ts";
import { encodeSnapshot } from "../pprof/dump.ts";
import { readFileBytes, writeFileAtomically } from "../pprof/files.ts";
import { decodeSnapshot } from "../pprof/load.ts";
import { withoutEmptyTracebacks } from "./column_reader.ts";
import type { SnapshotColumns } from "./columns.ts";
import { columnsFromTraces, type RawTrace } from "./from_traces.ts";
import { inspect, typeName } from "./python_repr.ts";
import { Traces } from "./traces.ts";

/**
 * The traces of all blocks of memory that were alive at one moment.
 *
 * @example Which line holds the memory?
 * ```ts
 * import { Snapshot } from "tracemalloc";
 * import { assertEquals } from "@std/assert";
 *
 * const snapshot = Snapshot.fromTraces([[0, 24, [["app.ts", 3]]], [0, 1024, [["app.ts", 9]]]], 1);
 * const [top] = snapshot.statistics("lineno");
 * assertEquals(String(top), "app.ts:9: size=1024 B, count=1, average=1024 B");
 * ```
 */
export class Snapshot {
  /** The data, for reports and exports; not to be changed. */
  readonly columns: SnapshotColumns;
  /** What is known about the run; survives `dump` and `load` as JSON. */
  readonly metadata: Record<string, unknown>;
  /** The traces of all living blocks, in no particular order. */
  readonly traces: Traces;

  /**
   * @param columns the data; taken over, not copied
   * @param metadata anything that JSON can hold
   */
  constructor(columns: SnapshotColumns, metadata: Record<string, unknown> = {}) {
    this.columns = withoutEmptyTracebacks(columns);
    this.metadata = metadata;
    this.traces = new Traces(this.columns);
  }

  /** How many frames a traceback could hold when the snapshot was taken. */
  get tracebackLimit(): number {
    return this.columns.tracebackLimit;
  }

  /**
   * Makes a snapshot of raw traces, like CPython's.
   *
   * @param rawTraces `[domain, size in bytes, [[filename, lineno], …] most recent first, totalNframe?]` each
   * @param tracebackLimit 1 to 65535
   * @throws {TypeError} where a part of a trace is of the wrong type
   * @throws {RangeError} where a number is out of range
   */
  static fromTraces(rawTraces: Iterable<RawTrace>, tracebackLimit: number): Snapshot {
    return quietly(() => new Snapshot(columnsFromTraces(rawTraces, tracebackLimit)));
  }

  /**
   * Adds up the blocks under each key, sorted by size, count and traceback, descending.
   *
   * Keys under which everything was freed again come last, with a count of 0: their `allocatedSize` tells what
   * passed through them.
   *
   * @param keyType `"filename"`, `"lineno"` (file and line), `"traceback"`, `"function"`, `"type"`, or `"process"` (of
   *   a merged snapshot)
   * @param cumulative whether every frame of a traceback gets the block, and not the most recent one only; a line
   *   that stands twice in a traceback gets it twice. For `"filename"`, `"lineno"` and `"function"`
   * @throws {TypeError} where an argument is of the wrong type
   * @throws {RangeError} where there is no such key type, or it cannot be cumulated
   */
  statistics(keyType: KeyType, cumulative = false): Statistic[] {
    return quietly(() => statisticsOf(this.columns, keyType, cumulative));
  }

  /**
   * Tells what grew and what shrank since an older snapshot, sorted by |size difference|, size, |count difference|,
   * count and traceback, descending.
   *
   * @param old the older snapshot
   * @param keyType as for {@linkcode Snapshot.statistics}
   * @param cumulative as for {@linkcode Snapshot.statistics}
   * @throws {TypeError} where an argument is of the wrong type
   * @throws {RangeError} where there is no such key type, or it cannot be cumulated
   *
   * @example What grew?
   * ```ts
   * import { Snapshot } from "tracemalloc";
   * import { assertEquals } from "@std/assert";
   *
   * const before = Snapshot.fromTraces([[0, 24, [["app.ts", 3]]]], 1);
   * const after = Snapshot.fromTraces([[0, 24, [["app.ts", 3]]], [0, 40, [["app.ts", 3]]]], 1);
   * const [grown] = after.compareTo(before, "lineno");
   * assertEquals(String(grown), "app.ts:3: size=64 B (+40 B), count=2 (+1), average=32 B");
   * ```
   */
  compareTo(old: Snapshot, keyType: KeyType, cumulative = false): StatisticDiff[] {
    if (!(old instanceof Snapshot)) throw new TypeError(`old must be a Snapshot, not ${typeName(old)}`);
    return quietly(() => differencesOf({ old: old.columns, new: this.columns }, keyType, cumulative));
  }

  /**
   * Tells what was allocated and has died again, sorted by bytes, blocks and traceback, descending: what to fix where the
   * garbage collector has much to do. (memray speaks of temporary allocations.)
   *
   * Take the snapshot after `await collect()`, so that what is dead counts as dead. Strings are left out: where they are
   * built nobody sees them die. In the sampled modes the figures are estimates.
   *
   * @param keyType as for {@linkcode Snapshot.statistics}
   * @param cumulative as for {@linkcode Snapshot.statistics}
   * @throws {TypeError} where an argument is of the wrong type
   * @throws {RangeError} where there is no such key type, or it cannot be cumulated
   *
   * @example What keeps the collector busy?
   * ```ts
   * import { collect, start, stop, takeSnapshot } from "tracemalloc";
   *
   * start();
   * for (let i = 0; i < 1000; i++) [i].concat(i);
   * await collect();
   * for (const line of takeSnapshot().shortLived("lineno").slice(0, 3)) console.log(String(line));
   * stop();
   * ```
   */
  shortLived(keyType: KeyType, cumulative = false): ShortLived[] {
    return quietly(() => shortLivedOf(this.columns, keyType, cumulative));
  }

  /**
   * Makes a snapshot of the traces that the filters let pass: at least one inclusive filter matches, if there are
   * any, and no exclusive one does. Without filters it has all traces.
   *
   * @throws {TypeError} where `filters` is no list of `Filter` and `DomainFilter`
   */
  filterTraces(filters: Iterable<Filter | DomainFilter>): Snapshot {
    return quietly(() => {
      const blocks = filteredBlocks(this.columns, filters);
      return new Snapshot({ ...this.columns, blocks }, { ...this.metadata });
    });
  }

  /** Whether `other` has the same traces, each as often, whatever the order. */
  equals(other: unknown): boolean {
    return other instanceof Snapshot && this.traces.equals(other.traces);
  }

  /**
   * Writes the snapshot to a file as gzipped pprof; the file is either whole or not there.
   *
   * @throws {TypeError} where `filename` is no string
   */
  dump(filename: string): void {
    checkFilename(filename);
    quietly(() => writeFileAtomically(filename, this.toBytes()));
  }

  /**
   * Reads a snapshot from a file that `dump` or another pprof tool wrote.
   *
   * @throws {TypeError} where `filename` is no string
   * @throws {SnapshotFormatError} where the file holds no snapshot that can be read
   */
  static load(filename: string): Snapshot {
    checkFilename(filename);
    return quietly(() => {
      const { columns, metadata } = decodeSnapshot(readFileBytes(filename), { filename });
      return new Snapshot(columns, metadata);
    });
  }

  /** The bytes that `dump` writes. */
  toBytes(): Uint8Array {
    return quietly(() => encodeSnapshot(this.columns, this.metadata));
  }

  /**
   * Reads a snapshot from the bytes of a file.
   *
   * @throws {TypeError} where `bytes` is no `Uint8Array`
   * @throws {SnapshotFormatError} where they are no snapshot that can be read
   */
  static fromBytes(bytes: Uint8Array): Snapshot {
    if (!(bytes instanceof Uint8Array))
      throw new TypeError(`bytes must be a Uint8Array, not ${typeName(bytes)}`);
    return quietly(() => {
      const { columns, metadata } = decodeSnapshot(bytes);
      return new Snapshot(columns, metadata);
    });
  }

  /** @internal */
  [inspect](): string {
    return `<Snapshot traces=${this.traces} tracebackLimit=${this.tracebackLimit}>`;
  }
}

function checkFilename(filename: unknown): void {
  if (typeof filename !== "string")
    throw new TypeError(`filename must be a string, not ${typeName(filename)}`);
}

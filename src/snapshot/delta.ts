// Browser compatible.
import type { BlockColumns, SnapshotColumns } from "./columns.ts";
import { encodeProfile } from "./pprof/encode_profile.ts";
import { gzip } from "./pprof/gzip.ts";
import type { Snapshot } from "./snapshot.ts";

/** Figures of a row, which have changed by so much. */
interface Change {
  traceback: number;
  type: number;
  domain: number;
  size: number;
  count: number;
  allocatedCount: number;
  allocatedSize: number;
}

/**
 * What has changed between two snapshots, as a gzipped pprof profile: as Go's `/debug/pprof/heap?seconds=30` gives it.
 * What shrank is negative. Tools show it; a snapshot cannot be loaded from it as it was.
 *
 * @param pair The older and the newer snapshot.
 */
export function deltaProfile({ old, now }: { old: Snapshot; now: Snapshot }): Uint8Array {
  const columns = new Difference(now.columns).minus(old.columns);
  return gzip(encodeProfile(columns, { ...now.metadata, delta: true }, { isDelta: true }));
}

/** Both snapshots' tables in one: those of the newer one, with what only the older one has behind it. */
class Difference {
  readonly #frames: Frames;
  readonly #tracebacks: Tracebacks;
  readonly #types: Names;
  readonly #limit: number;
  readonly #changes = new Map<string, Change>();

  constructor(columns: SnapshotColumns) {
    this.#frames = new Frames();
    this.#tracebacks = new Tracebacks();
    this.#types = new Names();
    this.#limit = columns.tracebackLimit;
    this.#add(columns, 1);
  }

  minus(columns: SnapshotColumns): SnapshotColumns {
    this.#add(columns, -1);
    return {
      frames: this.#frames.columns(),
      tracebacks: this.#tracebacks.columns(),
      blocks: blocksOf([...this.#changes.values()].filter(hasChanged)),
      types: this.#types.names,
      tracebackLimit: this.#limit,
    };
  }

  #add({ frames, tracebacks, blocks, types }: SnapshotColumns, sign: number): void {
    const frameOf = Array.from(frames.lineno, (_, i) => this.#frames.of(frames, i));
    const typeOf = types.map((name) => this.#types.of(name));
    const tracebackOf = Array.from(tracebacks.totalNframe, (total, i) => {
      const ids = tracebacks.frames.subarray(tracebacks.offset[i], tracebacks.offset[i + 1]);
      return this.#tracebacks.of(
        Array.from(ids, (id) => frameOf[id]!),
        total,
      );
    });
    for (let row = 0; row < blocks.traceback.length; row++) {
      const traceback = tracebackOf[blocks.traceback[row]!]!;
      const type = typeOf[blocks.type[row]!]!;
      const [domain, size] = [blocks.domain[row]!, blocks.size[row]!];
      const key = `${traceback} ${type} ${domain} ${size}`;
      let change = this.#changes.get(key);
      if (change === undefined) {
        change = { traceback, type, domain, size, count: 0, allocatedCount: 0, allocatedSize: 0 };
        this.#changes.set(key, change);
      }
      change.count += sign * blocks.count[row]!;
      change.allocatedCount += sign * blocks.allocatedCount[row]!;
      change.allocatedSize += sign * blocks.allocatedSize[row]!;
    }
  }
}

function hasChanged({ count, allocatedCount, allocatedSize }: Change): boolean {
  return count !== 0 || allocatedCount !== 0 || allocatedSize !== 0;
}

function blocksOf(changes: readonly Change[]): BlockColumns {
  return {
    traceback: Int32Array.from(changes, ({ traceback }) => traceback),
    type: Int32Array.from(changes, ({ type }) => type),
    domain: Int32Array.from(changes, ({ domain }) => domain),
    size: Float64Array.from(changes, ({ size }) => size),
    count: Float64Array.from(changes, ({ count }) => count),
    allocatedCount: Float64Array.from(changes, ({ allocatedCount }) => allocatedCount),
    allocatedSize: Float64Array.from(changes, ({ allocatedSize }) => allocatedSize),
  };
}

/** Texts, each once. */
class Names {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }
}

class Frames {
  readonly #filenames = new Names();
  readonly #functionNames = new Names();
  readonly #numbers = new Map<string, number>();
  readonly #rows: [file: number, line: number, column: number, name: number, functionLine: number][] = [];

  of(frames: SnapshotColumns["frames"], i: number): number {
    const row: [number, number, number, number, number] = [
      this.#filenames.of(frames.filenames[frames.filename[i]!]!),
      frames.lineno[i]!,
      frames.column[i]!,
      this.#functionNames.of(frames.functionNames[frames.functionName[i]!]!),
      frames.functionLine[i]!,
    ];
    const key = row.join();
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#rows.push(row) - 1));
    return number;
  }

  columns(): SnapshotColumns["frames"] {
    const column = (at: 0 | 1 | 2 | 3 | 4): Int32Array => Int32Array.from(this.#rows, (row) => row[at]);
    return {
      filenames: this.#filenames.names,
      functionNames: this.#functionNames.names,
      filename: column(0),
      lineno: column(1),
      column: column(2),
      functionName: column(3),
      functionLine: column(4),
    };
  }
}

class Tracebacks {
  readonly #numbers = new Map<string, number>();
  readonly #offset: number[] = [0];
  readonly #frames: number[] = [];
  readonly #totals: number[] = [];

  of(frames: readonly number[], total: number): number {
    const key = `${total}:${frames.join()}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      for (const frame of frames) this.#frames.push(frame);
      this.#offset.push(this.#frames.length);
      number = this.#totals.push(total) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  columns(): SnapshotColumns["tracebacks"] {
    return {
      offset: Int32Array.from(this.#offset),
      frames: Int32Array.from(this.#frames),
      totalNframe: Int32Array.from(this.#totals),
    };
  }
}

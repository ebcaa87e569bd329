// Browser compatible.
import type { BlockColumns, SnapshotColumns } from "../model/columns.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { encodeProfile } from "../pprof/encode_profile.ts";
import { gzip } from "../pprof/gzip.ts";
import { CommonTables } from "./common_tables.ts";

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

/** Both snapshots' rows in one: those of the newer one, with what only the older one has behind them. */
class Difference {
  readonly #tables = new CommonTables();
  readonly #limit: number;
  readonly #changes = new Map<string, Change>();

  constructor(columns: SnapshotColumns) {
    this.#limit = columns.tracebackLimit;
    this.#add(columns, 1);
  }

  minus(columns: SnapshotColumns): SnapshotColumns {
    this.#add(columns, -1);
    return {
      ...this.#tables.columns(),
      blocks: blocksOf([...this.#changes.values()].filter(hasChanged)),
      tracebackLimit: this.#limit,
    };
  }

  #add(columns: SnapshotColumns, sign: number): void {
    const { blocks } = columns;
    const { tracebacks, types } = this.#tables.add(columns);
    for (let row = 0; row < blocks.traceback.length; row++) {
      const traceback = tracebacks[blocks.traceback[row]];
      const type = types[blocks.type[row]];
      const [domain, size] = [blocks.domain[row], blocks.size[row]];
      const key = `${traceback} ${type} ${domain} ${size}`;
      let change = this.#changes.get(key);
      if (change === undefined) {
        change = { traceback, type, domain, size, count: 0, allocatedCount: 0, allocatedSize: 0 };
        this.#changes.set(key, change);
      }
      change.count += sign * blocks.count[row];
      change.allocatedCount += sign * blocks.allocatedCount[row];
      change.allocatedSize += sign * blocks.allocatedSize[row];
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

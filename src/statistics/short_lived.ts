// Browser compatible.

import type { BlockColumns, SnapshotColumns } from "../snapshot/model/columns.ts";
import { inspect } from "../snapshot/model/python_repr.ts";
import type { Traceback } from "../snapshot/model/traceback.ts";
import { formatSize } from "./format_size.ts";
import { statisticsOf } from "./group.ts";
import type { KeyType } from "./key_type.ts";

/** What a {@linkcode ShortLived} is made of. */
export interface ShortLivedFields {
  readonly key: string;
  readonly freedSize: number;
  readonly freedCount: number;
  readonly allocatedSize: number;
  readonly allocatedCount: number;
}

/** What was allocated under one key and is gone again: work for the garbage collector, and little to show for it. */
export class ShortLived {
  /** What was grouped by, as in `Statistic.key`. */
  readonly key: string;
  /** Bytes allocated since `start()` or `clearTraces()` that are not alive any more. */
  readonly freedSize: number;
  /** Blocks allocated since `start()` or `clearTraces()` that are not alive any more. */
  readonly freedCount: number;
  /** Bytes allocated since then, as they were allocated; strings are left out. */
  readonly allocatedSize: number;
  /** Blocks allocated since then; strings are left out. */
  readonly allocatedCount: number;
  /** Where the blocks were allocated; empty when grouped by type. */
  readonly traceback: Traceback;

  constructor(traceback: Traceback, fields: ShortLivedFields) {
    this.key = fields.key;
    this.freedSize = fields.freedSize;
    this.freedCount = fields.freedCount;
    this.allocatedSize = fields.allocatedSize;
    this.allocatedCount = fields.allocatedCount;
    this.traceback = traceback;
  }

  /** `app.ts:716: freed=4855 KiB of 4867 KiB, count=39328 of 39330, average=126 B`. */
  toString(): string {
    const size = `freed=${formatSize(this.freedSize)} of ${formatSize(this.allocatedSize)}`;
    const average = formatSize(this.freedSize / this.freedCount);
    return `${this.key}: ${size}, count=${this.freedCount} of ${this.allocatedCount}, average=${average}`;
  }

  /** @internal */
  [inspect](): string {
    return `<ShortLived traceback=${this.traceback[inspect]()} freedSize=${this.freedSize} freedCount=${this.freedCount}>`;
  }
}

/** Nobody sees a string die: what is alive of it is counted where it is held, not where it was built. */
const STRINGS = 2;

/** Adds up what has died per key; sorted by bytes, blocks and traceback, descending. */
export function shortLivedOf(snapshot: SnapshotColumns, keyType: KeyType, cumulative: boolean): ShortLived[] {
  return statisticsOf({ ...snapshot, blocks: freedBlocks(snapshot.blocks) }, keyType, cumulative)
    .filter(({ count }) => count > 0)
    .map(
      ({ key, traceback, size, count, allocatedSize, allocatedCount }) =>
        new ShortLived(traceback, {
          key,
          freedSize: size,
          freedCount: count,
          allocatedSize,
          allocatedCount,
        }),
    );
}

/** Sums over a traceback, type and domain; size and count are what was allocated. */
interface Group {
  readonly row: number;
  aliveSize: number;
  alive: number;
  size: number;
  count: number;
}

/** Of one block. Files of other tools, and of former versions, may not count as allocated what the living have grown by. */
function sizeOfFreed({ aliveSize, alive, size, count }: Group): number {
  if (count <= alive) return 0;
  return size < aliveSize ? size / count : (size - aliveSize) / (count - alive);
}

/**
 * What has died, as blocks: the ones that were allocated less those that are alive. Of a traceback, type and domain at
 * once, because containers that have grown are alive in another row than they were allocated in.
 */
function freedBlocks(blocks: BlockColumns): BlockColumns {
  const groups = new Map<string, Group>();
  for (let row = 0; row < blocks.size.length; row++) {
    if (blocks.domain[row] === STRINGS) continue;
    const key = `${blocks.traceback[row]} ${blocks.type[row]} ${blocks.domain[row]}`;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { row, aliveSize: 0, alive: 0, size: 0, count: 0 }));
    group.aliveSize += blocks.size[row] * blocks.count[row];
    group.alive += blocks.count[row];
    group.size += blocks.allocatedSize[row];
    group.count += blocks.allocatedCount[row];
  }
  const all = [...groups.values()];
  const of = (column: Int32Array): Int32Array => Int32Array.from(all, ({ row }) => column[row]);
  const sums = (figure: (group: Group) => number): Float64Array => Float64Array.from(all, figure);
  return {
    traceback: of(blocks.traceback),
    type: of(blocks.type),
    domain: of(blocks.domain),
    size: sums(sizeOfFreed),
    // What is alive can be an estimate, and come out larger than all there was.
    count: sums(({ alive, count }) => Math.max(0, count - alive)),
    allocatedCount: sums(({ count }) => count),
    allocatedSize: sums(({ size }) => size),
  };
}

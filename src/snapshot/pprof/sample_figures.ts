// Browser compatible.

import type { LabelDecoder } from "./decode_labels.ts";
import { toInt64 } from "./fields.ts";
import type { ValueColumns } from "./sample_types.ts";

/** The numbers of a row. */
export interface Figures {
  size: number;
  count: number;
  allocatedCount: number;
  allocatedSize: number;
}

export function newFigures(): Figures {
  return { size: 0, count: 0, allocatedCount: 0, allocatedSize: 0 };
}

/**
 * The numbers of the row that a sample stands for, into `figures`.
 *
 * Labels tell more than the values, but only as long as both agree: tools that merge, scale or subtract profiles
 * change the values and leave the labels.
 */
export function figuresOf(
  values: Float64Array,
  labels: LabelDecoder,
  { columns, own }: { columns: ValueColumns; own: boolean },
  figures: Figures,
): void {
  const { allocObjects, allocSpace, inuseObjects, inuseSpace } = columns;
  const objects = inuseObjects === -1 ? -1 : values[inuseObjects];
  const space = inuseSpace === -1 ? -1 : values[inuseSpace];
  setAlive(figures, { objects, space, blockSize: labels.bytes });
  const allocated = allocObjects === -1 ? -1 : values[allocObjects];
  const allocatedSpace = allocSpace === -1 ? -1 : values[allocSpace];
  setAllocated(figures, { objects: allocated, space: allocatedSpace, blockSize: labels.bytes });
  if (!own) return;
  figures.allocatedCount = exactly(labels.exactAllocatedCount, figures.allocatedCount);
  figures.allocatedSize = exactly(labels.exactAllocatedSize, figures.allocatedSize);
  const count = exactly(labels.exactCount, objects);
  const size = exactly(labels.exactSize, labels.bytes);
  if (count < 0 || size < 0 || toInt64(size * count) !== space) return;
  figures.size = size;
  figures.count = count;
}

/** The float of a label where it rounds to the integer beside it, else the integer. */
function exactly(label: number, value: number): number {
  return label >= 0 && toInt64(label) === value ? label : value;
}

interface Values {
  /** -1: unknown, as the others. */
  objects: number;
  space: number;
  blockSize: number;
}

/** Bytes come first: where they and the objects contradict each other, `size × count` are the bytes. */
function setAlive(figures: Figures, { objects, space, blockSize }: Values): void {
  figures.count = objects > 0 ? objects : space > 0 ? 1 : 0;
  if (space > 0) figures.size = space / figures.count;
  else if (objects > 0 && space === 0) figures.size = 0;
  else figures.size = Math.max(blockSize, 0);
}

/** A profile of living blocks alone tells the least that must have been allocated: these. */
function setAllocated(figures: Figures, { objects, space, blockSize }: Values): void {
  const { size, count } = figures;
  if (objects === -1 && space === -1) {
    figures.allocatedCount = count;
    figures.allocatedSize = size * count;
    return;
  }
  figures.allocatedCount = objects !== -1 ? objects : Math.max(count, space > 0 ? 1 : 0);
  figures.allocatedSize = space !== -1 ? space : objects * Math.max(size, 0);
  if (count === 0 && blockSize < 0 && objects > 0) figures.size = figures.allocatedSize / objects;
}

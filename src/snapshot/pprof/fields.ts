// Browser compatible.

/** Field numbers of pprof's `profile.proto`: https://github.com/google/pprof/blob/main/proto/profile.proto */
export const PROFILE = {
  sampleType: 1,
  sample: 2,
  mapping: 3,
  location: 4,
  function: 5,
  stringTable: 6,
  timeNanos: 9,
  periodType: 11,
  period: 12,
  comment: 13,
  defaultSampleType: 14,
} as const;

export const VALUE_TYPE = { type: 1, unit: 2 } as const;
export const SAMPLE = { locationId: 1, value: 2, label: 3 } as const;
export const LABEL = { key: 1, str: 2, num: 3, numUnit: 4 } as const;
export const MAPPING = { id: 1, filename: 5 } as const;
export const LOCATION = { id: 1, mappingId: 2, address: 3, line: 4 } as const;
export const LINE = { functionId: 1, line: 2, column: 3 } as const;
export const FUNCTION = { id: 1, name: 2, systemName: 3, filename: 4, startLine: 5 } as const;

/**
 * Keys of the labels on our samples. The `exact…` ones are there only where pprof's integers are not the whole truth
 * (estimated counts, fractions of bytes): their number is the bit pattern of the 64-bit float. pprof's tools carry
 * labels through filters and merges, which they do not do for fields they don't know. `pid` and `worker` are there in
 * merged snapshots, `peakCount` where blocks were alive at the peak.
 */
export const LABEL_KEYS = {
  bytes: "bytes",
  domain: "domain",
  type: "type",
  pid: "pid",
  worker: "worker",
  totalNframe: "totalNframe",
  peakCount: "peakCount",
  exactSize: "exactSize",
  exactCount: "exactCount",
  exactAllocatedCount: "exactAllocatedCount",
  exactAllocatedSize: "exactAllocatedSize",
} as const;

/** Sample types in Go's order: tools show the last one by default. */
export const SAMPLE_TYPES: readonly (readonly [type: string, unit: string])[] = [
  ["alloc_objects", "count"],
  ["alloc_space", "bytes"],
  ["inuse_objects", "count"],
  ["inuse_space", "bytes"],
];

/** The largest double that an int64 holds; larger figures are written as this. */
const LARGEST_INT64_DOUBLE = 2 ** 63 - 1024;

/** The integer that stands for `value` in a sample. */
export function toInt64(value: number): number {
  return Math.min(Math.round(value), LARGEST_INT64_DOUBLE);
}

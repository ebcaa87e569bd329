// Browser compatible.

import type { ProtoReader } from "./proto_reader.ts";

export interface SampleType {
  readonly type: string;
  readonly unit: string;
}

/** Which of a sample's values is which figure; -1: the profile does not have it. */
export interface ValueColumns {
  readonly allocObjects: number;
  readonly allocSpace: number;
  readonly inuseObjects: number;
  readonly inuseSpace: number;
}

/** Names by tool, the first found counts: Go and jemalloc; V8 (pprof, Datadog) and tcmalloc; Datadog for Python and Ruby. */
const NAMES: Readonly<Record<keyof ValueColumns, readonly string[]>> = {
  allocObjects: ["alloc_objects", "alloc-samples"],
  allocSpace: ["alloc_space", "alloc-space"],
  inuseObjects: ["inuse_objects", "objects", "heap-live-samples"],
  inuseSpace: ["inuse_space", "space", "heap-space", "heap-live-size"],
};

/** Finds objects and bytes among the sample types; a profile that has none is no heap profile, and an error. */
export function findValueColumns(sampleTypes: readonly SampleType[], reader: ProtoReader): ValueColumns {
  const find = (figure: keyof ValueColumns, unit: string): number => {
    for (const name of NAMES[figure]) {
      const matches = (type: SampleType): boolean => type.type === name && type.unit === unit;
      const index = sampleTypes.findIndex(matches);
      if (index === -1) continue;
      if (sampleTypes.findLastIndex(matches) !== index)
        reader.fail(`two sample types are ${name}/${unit}`, -1);
      return index;
    }
    return -1;
  };
  const columns = {
    allocObjects: find("allocObjects", "count"),
    allocSpace: find("allocSpace", "bytes"),
    inuseObjects: find("inuseObjects", "count"),
    inuseSpace: find("inuseSpace", "bytes"),
  };
  if (Object.values(columns).every((index) => index === -1)) {
    const found = sampleTypes
      .slice(0, 10)
      .map(({ type, unit }) => JSON.stringify(`${type}/${unit}`.slice(0, 60)));
    reader.fail(
      `no heap profile: it has the sample types ${found.join(", ") || "(none)"}; ` +
        "wanted are objects/count or space/bytes, or Go's alloc_… and inuse_…",
      -1,
    );
  }
  return columns;
}

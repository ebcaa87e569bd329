// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { labelNames } from "../../statistics/label_keys.ts";
import type { ReportLabel } from "./model.ts";
import { shortened } from "./output_names.ts";

/** What `withLabels` lets a program use are 8 at once. */
const MOST_LABELS = 32;
const MOST_VALUES = 50;
const LONGEST = 300;

/** What the blocks of each label's values come to, the largest first. */
export function reportLabels(snapshot: Snapshot): ReportLabel[] {
  return labelNames(snapshot.columns)
    .slice(0, MOST_LABELS)
    .map((name) => {
      const all = snapshot
        .statistics(`label:${name}`)
        .filter(({ allocatedCount, count }) => allocatedCount + count > 0);
      return {
        name: shortened(name, LONGEST),
        values: all.slice(0, MOST_VALUES).map(({ key, size, count, allocatedSize }) => ({
          value: shortened(key, LONGEST),
          ...{ size, count, allocatedSize },
        })),
        left: Math.max(0, all.length - MOST_VALUES),
      };
    });
}

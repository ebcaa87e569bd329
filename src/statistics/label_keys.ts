// Browser compatible.
import type { SnapshotColumns } from "../snapshot/model/columns.ts";
import { compareCodePoints } from "../tables/code_points.ts";
import { NameKeys } from "./name_keys.ts";

/** What blocks without the label belong to. */
export const UNLABELLED = "<none>";

/** Numbers the values of a label. */
export function labelKeys(label: string): NameKeys {
  return new NameKeys("process", ({ processes }) =>
    processes === undefined ? [UNLABELLED] : processes.map(({ labels }) => textOf(labels, label)),
  );
}

function textOf(labels: Readonly<Record<string, string>> | undefined, label: string): string {
  return labels !== undefined && Object.hasOwn(labels, label) ? labels[label] : UNLABELLED;
}

/** The names of all labels of a snapshot. */
export function labelNames({ processes = [] }: SnapshotColumns): string[] {
  return [...new Set(processes.flatMap(({ labels = {} }) => Object.keys(labels)))].sort(compareCodePoints);
}

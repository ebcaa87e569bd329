// Browser compatible.
// In pages, `program_labels_in_page.ts` takes its place ("browser" of package.json).

import type { ProcessName } from "../model/columns.ts";
import { LABEL, SAMPLE } from "./fields.ts";
import type { ProtoWriter } from "./proto_writer.ts";
import type { StringNumbers } from "./string_numbers.ts";

/** Of eight labels, names and values by turns; a sample has no more. */
const MOST = 16;

/** By process, the numbers of strings: name and value of each of its labels. */
export function labelNumbers(
  processes: readonly ProcessName[],
  strings: StringNumbers,
): readonly (readonly number[])[] {
  return processes.map(({ labels = {} }) =>
    Object.entries(labels)
      .flat()
      .map((text) => strings.intern(text)),
  );
}

/** Writes the labels of a sample's process. */
export function writeLabels(writer: ProtoWriter, numbers: readonly number[]): void {
  for (let i = 0; i < numbers.length; i += 2) {
    const start = writer.begin(SAMPLE.label);
    writer.integer(LABEL.key, numbers[i]);
    writer.integer(LABEL.str, numbers[i + 1]);
    writer.end(start);
  }
}

/** Takes in a label that is none of a snapshot's own. */
export function noteLabel(others: number[], key: number, value: number): void {
  if (value !== 0 && others.length < MOST) others.push(key, value);
}

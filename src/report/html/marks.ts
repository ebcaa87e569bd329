// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { agesText, markTexts } from "../text/mark_texts.ts";
import { AGES_RULE, CONTAINERS_RULE, lineMarks, TENTHS_RULE } from "../views/line_marks.ts";
import type { MarkedLine, MarkRules } from "./model.ts";
import { type OutputNames, shortened } from "./output_names.ts";

/** So many lines are told of; suspects come first. */
const MOST_MARKED = 300;
const LONGEST = 500;

/** What stands out about lines, as it goes into a page. */
export function markedLines(snapshot: Snapshot, files: OutputNames): MarkedLine[] {
  // At the peak the end of the run was yet to come.
  if (snapshot.metadata.at === "peak") return [];
  const marks = [...lineMarks(snapshot).values()];
  if (marks.length === 0) return [];
  const sizes = new Map(snapshot.statistics("lineno").map(({ key, size }) => [key, size]));
  return marks
    .map((mark) => ({
      mark,
      size: sizes.get(mark.key) ?? 0,
      texts: markTexts(mark),
      place: placeOf(mark.key),
    }))
    .sort((a, b) => Number(b.mark.grew) - Number(a.mark.grew) || b.size - a.size)
    .slice(0, MOST_MARKED)
    .flatMap(({ mark, size, texts, place }) =>
      place === null
        ? []
        : [
            {
              file: files.numberOf(place.filename),
              line: place.lineno,
              isSuspect: mark.grew,
              size,
              texts: texts.map((text) => shortened(text, LONGEST)),
              ages: mark.ages === null ? "" : shortened(agesText(mark.ages), LONGEST),
            },
          ],
    );
}

/** The same by `file:line`. */
export function marksByLine(
  snapshot: Snapshot,
): ReadonlyMap<string, { readonly isSuspect: boolean; readonly texts: readonly string[] }> {
  return new Map(
    [...lineMarks(snapshot).values()].map((mark) => [
      mark.key,
      { isSuspect: mark.grew, texts: markTexts(mark).map((text) => shortened(text, LONGEST)) },
    ]),
  );
}

/** By what rules. */
export const MARK_RULES: MarkRules = { suspect: TENTHS_RULE, ages: AGES_RULE, containers: CONTAINERS_RULE };

function placeOf(key: string): { filename: string; lineno: number } | null {
  const [, filename, digits] = /^(.+):(\d{1,9})$/s.exec(key) ?? [];
  return filename === undefined ? null : { filename, lineno: Number(digits) };
}

import { patternsFor, suffixesIn } from "./original_text.ts";

/** A line without what was inserted, and where its columns were. */
export interface OriginalLine {
  readonly text: string;
  /** The column (0-based) in the original of one in the instrumented line. */
  column(instrumented: number): number;
}

/** The original of one line of a file that stands as the transform has written it; null where nothing was inserted. */
export function originalLine(line: string): OriginalLine | null {
  for (const suffix of suffixesIn(line)) {
    const { written } = patternsFor(suffix);
    const inserted = [...line.matchAll(written)];
    if (inserted.length === 0) continue;
    const column = (instrumented: number): number => {
      let removed = 0;
      for (const { index, 0: text } of inserted) {
        if (index + text.length > instrumented) return Math.min(instrumented, index) - removed;
        removed += text.length;
      }
      return instrumented - removed;
    };
    return { text: line.replace(written, ""), column };
  }
  return null;
}

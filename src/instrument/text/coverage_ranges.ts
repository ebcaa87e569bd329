// V8's coverage of instrumented text, as that of the original.
import type { EditDescription } from "../instrument.ts";

/** How often a part of a script ran; offsets in UTF-16 code units. */
export interface CoverageRange {
  startOffset: number;
  endOffset: number;
  count: number;
}

/** A function of a script; the first range is the function itself, and the others are within those before. */
export interface FunctionCoverage {
  functionName: string;
  isBlockCoverage: boolean;
  ranges: CoverageRange[];
}

/** An instrumented text and what it came of. */
export interface InstrumentedText {
  readonly source: string;
  readonly code: string;
  readonly edits: EditDescription;
}

/** Leads functions and ranges back to the source. What is inserted text alone is left out. */
export function originalFunctions(
  functions: readonly FunctionCoverage[],
  { source, code, edits }: InstrumentedText,
): FunctionCoverage[] {
  const original = originalOffsets(edits.insertions);
  const limitOf = limits(edits.continuations);
  /** Inserted text has branches of its own: nothing of the source goes on in them. */
  const isOwnBranch = (rawStart: number): boolean =>
    original.isWithin(rawStart) && /^(?:&&|\|\|)/.test(code.slice(rawStart, rawStart + 2));
  /** A semicolon that is inserted where the source has none ends the statement: what has it in was not cut off. */
  const endsStatement = (rawEnd: number): boolean =>
    code[rawEnd - 1] === ";" && original.isWithin(rawEnd) && !original.isWithin(rawEnd - 1);
  const endOf = (rawEnd: number): number => {
    if (rawEnd >= code.length) return source.length;
    const end = original.of(rawEnd);
    return endsStatement(rawEnd) ? source.slice(0, end).trimEnd().length : end;
  };
  return functions.flatMap((coverage) => {
    const [first, ...rest] = coverage.ranges.map(({ startOffset, endOffset, count }) => ({
      rawStart: startOffset,
      rawEnd: endOffset,
      startOffset: original.of(startOffset),
      endOffset: endOf(endOffset),
      count,
    }));
    if (first === undefined || first.startOffset >= first.endOffset) return [];
    const continuesTo = (range: MappedRange): number | null =>
      original.isWithin(range.rawEnd) && !isOwnBranch(range.rawStart) && !endsStatement(range.rawEnd)
        ? limitOf(range)
        : null;
    const ranges = [first, ...neededParts(first, rest, continuesTo)].map(
      ({ startOffset, endOffset, count }) => ({ startOffset, endOffset, count }),
    );
    return [{ ...coverage, ranges }];
  });
}

/**
 * Gives where a range could go on to that inserted text has cut off: the end of the block around the cut, if a statement of
 * that block has ended in the range, or right before it.
 */
function limits(continuations: ReadonlyMap<number, number>): (range: MappedRange) => number | null {
  const ends = Int32Array.from(continuations.keys()).sort();
  return ({ startOffset, endOffset }) => {
    for (let i = lastBefore(ends, endOffset); i >= 0 && ends[i]! >= startOffset; i--) {
      const limit = continuations.get(ends[i]!)!;
      if (limit > endOffset) return limit;
    }
    return continuations.get(startOffset) ?? null;
  };
}

/** Index of the last that is smaller; -1: none. */
function lastBefore(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

interface MappedRange extends CoverageRange {
  readonly rawStart: number;
  readonly rawEnd: number;
}

interface Enclosing {
  readonly range: MappedRange;
  /** The last part in it that goes on until the next. */
  open: MappedRange | null;
}

/**
 * The parts that the source has, too. V8 lists them by their starts, outer ones first. What comes after a statement goes on
 * until the next part: a branch in inserted text ends it there too early (`if (x) return; ($on$&&(…),f())`), and so
 * it is given back what it has lost.
 */
function neededParts(
  whole: MappedRange,
  parts: readonly MappedRange[],
  continuesTo: (part: MappedRange) => number | null,
): MappedRange[] {
  const kept: { range: MappedRange; within: Enclosing }[] = [];
  const around: Enclosing[] = [{ range: whole, open: null }];
  for (const part of parts) {
    while (around.length > 1 && around[around.length - 1]!.range.rawEnd <= part.rawStart) around.pop();
    const outer = around[around.length - 1]!;
    const limit = continuesTo(part);
    if (limit !== null) part.endOffset = Math.max(part.endOffset, Math.min(limit, outer.range.endOffset));
    if (part.startOffset >= part.endOffset) continue;
    if (outer.open !== null && outer.open.endOffset > part.startOffset)
      outer.open.endOffset = part.startOffset;
    outer.open = limit === null ? null : part;
    // V8 merges what ran as often as what it is in.
    if (outer.range.count !== part.count) kept.push({ range: part, within: outer });
    around.push({ range: part, open: null });
  }
  return merged(kept);
}

/** V8 merges what follows at once and ran as often. */
function merged(parts: readonly { range: MappedRange; within: Enclosing }[]): MappedRange[] {
  const last = new Map<Enclosing, MappedRange>();
  return parts.flatMap(({ range, within }) => {
    if (range.startOffset >= range.endOffset) return [];
    const before = last.get(within);
    if (before?.endOffset === range.startOffset && before.count === range.count) {
      before.endOffset = range.endOffset;
      return [];
    }
    last.set(within, range);
    return [range];
  });
}

/** Leads offsets in the code to the source: within an insertion, to where it was made. */
function originalOffsets(insertions: readonly number[]): {
  of(offset: number): number;
  isWithin(offset: number): boolean;
} {
  const count = insertions.length / 2;
  // Where each insertion starts in the code, and how much was inserted before it.
  const starts = new Int32Array(count);
  const before = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    starts[i] = insertions[2 * i]! + before[i]!;
    before[i + 1] = before[i]! + insertions[2 * i + 1]!;
  }
  /** How many insertions start at the offset or before. */
  const upTo = (offset: number): number => {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    of(offset) {
      const i = upTo(offset);
      return i === 0 ? offset : Math.max(insertions[2 * (i - 1)]!, offset - before[i]!);
    },
    isWithin(offset) {
      const i = upTo(offset) - 1;
      return i >= 0 && offset > starts[i]! && offset < starts[i]! + insertions[2 * i + 1]!;
    },
  };
}

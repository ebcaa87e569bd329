// Moves the positions in a tree of instrumented text to where the same things stand in the original.
import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import type { BuiltCode } from "../bundlers/build_step.ts";

/** A position as Babel's parser writes it: line from 1, column and index from 0. */
interface Position {
  line: number;
  column: number;
  index?: number;
}

interface Located {
  start?: number | null;
  end?: number | null;
  loc?: { start: Position; end: Position } | null;
}

/** What the tree was parsed from. */
export interface Relocation extends BuiltCode {
  original: string;
}

/**
 * Rewrites all positions of the tree: `start`, `end` and `loc` of nodes, comments and tokens. What was inserted gets the
 * position of what follows it.
 */
export function relocate(tree: object, { code, map, original }: Relocation): void {
  const lines = decodedMappings(new TraceMap(map as never));
  const startsNow = lineStarts(code);
  const startsBefore = lineStarts(original);

  /** The original column. Inserted text stands between two pieces of the original, and maps to where they meet. */
  function columnOf(line: number, column: number): number {
    const segments = lines[line - 1] ?? [];
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (segments[middle]![0] <= column) low = middle + 1;
      else high = middle;
    }
    const before = segments[low - 1];
    const after = segments[low];
    const end = startsBefore[line] === undefined ? original.length : startsBefore[line]! - 1;
    const limit = after === undefined || after.length === 1 ? end - startsBefore[line - 1]! : after[3];
    if (before === undefined || before.length === 1) return Math.min(column, limit);
    return Math.min(before[3] + column - before[0], limit);
  }

  const seen = new Set<object>();
  const positions = new Set<Position>();

  function movePosition(position: Position): void {
    // Babel shares some between nodes.
    if (positions.has(position)) return;
    positions.add(position);
    const { line } = position;
    position.column = columnOf(line, position.column);
    if (position.index !== undefined) position.index = startsBefore[line - 1]! + position.column;
  }

  function offset(at: number): number {
    const line = lineOf(startsNow, at);
    return startsBefore[line - 1]! + columnOf(line, at - startsNow[line - 1]!);
  }

  const pending: object[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const located = node as Located;
    if (typeof located.start === "number") located.start = offset(located.start);
    if (typeof located.end === "number") located.end = offset(located.end);
    if (located.loc) {
      movePosition(located.loc.start);
      movePosition(located.loc.end);
    }
    for (const [key, value] of Object.entries(node)) {
      if (key !== "loc" && typeof value === "object" && value !== null) pending.push(value as object);
    }
  }
}

/** The offset at which each line starts. Lines end as source maps count them, U+2028 and U+2029 not among their ends. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The line, from 1, that holds an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

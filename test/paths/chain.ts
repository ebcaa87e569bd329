// Checks tracebacks against marks in the source: `/*@3*/` stands on the line that the third frame must show.
import { assertEquals } from "@std/assert";
import type { Trace } from "../../mod.ts";
import { path } from "../traced.ts";

/** What a frame must be: its function, and the mark on its line. */
export type Expected = readonly [functionName: string, mark: string | number];

/** The line of each mark. */
export function marks(source: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const [index, text] of source.split("\n").entries()) {
    for (const [, mark] of text.matchAll(/\/\*@(\w+)\*\//g)) lines.set(mark!, index + 1);
  }
  return lines;
}

/** Asserts that the traces of a type, by default of `Leaf`, all have this traceback, oldest frame first. */
export function assertChain(
  traces: readonly Trace[],
  source: string,
  expected: readonly Expected[],
  type = "Leaf",
): void {
  const lines = marks(source);
  const wanted = expected.map(([name, mark]) => `${name}:${lines.get(String(mark))}`).join(" ");
  const found = traces.filter((trace) => trace.type === type);
  assertEquals([...new Set(found.map(path))].join("\n"), wanted);
  for (const { traceback } of found) {
    assertEquals(traceback.totalNframe, expected.length);
    for (const frame of traceback) assertEquals(frame.filename, "/app/test.mjs");
  }
}

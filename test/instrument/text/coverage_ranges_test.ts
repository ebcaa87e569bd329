import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import { type CoverageRange, originalFunctions } from "../../../src/instrument/text/coverage_ranges.ts";

const SOURCE = "export function f(x) {\n  if (x) return 1;\n  g();\n  return [x];\n}\n";

/** Ranges of the one function, each from the start of a text in the code to the end of another. */
function originalOf(...parts: [from: string, to: string, count: number][]): string[] {
  const { code, edits } = instrument(SOURCE, { filename: "/a.js", describesEdits: true });
  const ranges = parts.map(([from, to, count]): CoverageRange => {
    const startOffset = code.indexOf(from);
    return { startOffset, endOffset: code.indexOf(to, startOffset) + to.length, count };
  });
  const functions = [{ functionName: "f", isBlockCoverage: true, ranges }];
  return originalFunctions(functions, { source: SOURCE, code, edits: edits! }).flatMap(({ ranges }) =>
    ranges.map(({ startOffset, endOffset, count }) => `${count} ${SOURCE.slice(startOffset, endOffset)}`),
  );
}

const BODY = "function f(x) {\n  if (x) return 1;\n  g();\n  return [x];\n}";

test("a function and its parts are those of the source", () => {
  assertEquals(originalOf(["function f(x)", "}}", 1], ["return 1", ";", 0]), [`1 ${BODY}`, "0 return 1;"]);
});

test("what is inserted alone is left out: branches in it, and functions", () => {
  assertEquals(originalOf(["function f(x)", "}}", 1], ["&&(", ")", 0]), [`1 ${BODY}`]);
  assertEquals(originalOf(["function $i$()", "return t}", 1]), []);
});

test("what never ran after a statement goes on behind a branch in inserted text", () => {
  const cut: [string, string, number] = ["\n  ($tmon$", "$tmon$", 0];
  const code = instrument(SOURCE, { filename: "/a.js" }).code;
  // V8 starts what comes after a statement at the statement's end.
  assertEquals(code.includes("return 1;\n  ($tmon$&&("), true, code);
  assertEquals(originalOf(["function f(x)", "}}", 1], cut), [`1 ${BODY}`, "0 \n  g();\n  return [x];\n"]);
});

import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { instrument } from "../../../src/instrument/instrument.ts";
import { type CoverageRange, originalFunctions } from "../../../src/instrument/text/coverage_ranges.ts";

const SOURCE = "export function f(x) {\n  if (x) return 1;\n  g();\n  return [x];\n}\n";

type Part = [from: string, to: string, count: number];

/** Ranges of the one function, each from the start of a text in the code to the end of another. */
function originalOf(...parts: Part[]): string[] {
  return originalIn(SOURCE, ...parts);
}

function originalIn(source: string, ...parts: Part[]): string[] {
  const { code, edits } = instrument(source, { filename: "/a.js", describesEdits: true });
  const ranges = parts.map(([from, to, count]): CoverageRange => {
    const startOffset = code.indexOf(from);
    return { startOffset, endOffset: code.indexOf(to, startOffset) + to.length, count };
  });
  const functions = [{ functionName: "f", isBlockCoverage: true, ranges }];
  return originalFunctions(functions, { source, code, edits: edits! }).flatMap(({ ranges }) =>
    ranges.map(({ startOffset, endOffset, count }) => `${count} ${source.slice(startOffset, endOffset)}`),
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

// As V8 gives them: the last of a line of postcss's that has no semicolons was said never to have run.
test("a statement without a semicolon ends where it does, not where the block does", () => {
  const body = "function f(x) {\n  if (x) x.y = 1\n  g()\n  return [x]\n}";
  const source = `export ${body}\n`;
  const parts: Part[] = [
    ["function f(x)", "}}", 1],
    ["x.y = 1", ";", 0],
  ];
  assertEquals(originalIn(source, ...parts), [`1 ${body}`, "0 x.y = 1"]);
});

test("branches of inserted text at a statement's end leave what comes after it alone", () => {
  const body = "function f(x) {\n  x.y = x[0]\n  return [x]\n}";
  const source = `export ${body}\nclass D { set y(_) {} }\n`;
  const { code } = instrument(source, { filename: "/a.js" });
  assertEquals(code.includes("x[0],$tmon$&&($d$||($d$=$tms$[0],$tms$[0]=$d$+1,0)"), true, code);
  const parts: Part[] = [
    ["function f(x)", "}}", 1],
    ["||($d$", "+1,0)", 0],
  ];
  assertEquals(originalIn(source, ...parts), [`1 ${body}`]);
});

import { test } from "node:test";
import { parse } from "@babel/parser";
import { assert, assertEquals } from "@std/assert";
import { Lines } from "../../../src/instrument/syntax/lines.ts";
import { parse as parseFile } from "../../../src/instrument/syntax/parse.ts";

test("lines and columns are those that the parser counts, whatever ends the lines", () => {
  const text =
    'a;\r\nb; // c\u2028d;\r\re;\n\u2029"f\u2028g", `h\r\ni${j}\rk`; /* l\r\n\nm */ n;\n/o/;\n\n p';
  const lines = new Lines(text);
  const { tokens = [] } = parse(text, { tokens: true });
  const found = (tokens as { start: number; end: number; loc: { start: Position; end: Position } }[]).flatMap(
    ({ start, end, loc }) => [
      { offset: start, line: loc.start.line, column: loc.start.column },
      { offset: end, line: loc.end.line, column: loc.end.column },
    ],
  );
  assertEquals(found.at(-1)!.offset, text.length);
  assertEquals(new Set(found.map(({ line }) => line)).size, 11);
  const located = (offset: number) => ({
    offset,
    line: lines.lineAt(offset),
    column: lines.columnAt(offset),
  });
  assertEquals(
    found.map(({ offset }) => located(offset)),
    found,
  );
  // In any order.
  const backwards = found.toReversed();
  assertEquals(
    backwards.map(({ offset }) => located(offset)),
    backwards,
  );
});

interface Position {
  readonly line: number;
  readonly column: number;
}

test("a text without a line's end is one line, and an empty one, too", () => {
  assertEquals([new Lines("").lineAt(0), new Lines("").columnAt(0)], [1, 0]);
  assertEquals([new Lines("ab").lineAt(2), new Lines("ab").columnAt(2)], [1, 2]);
  assertEquals([new Lines("ab\n").lineAt(3), new Lines("ab\n").columnAt(3)], [2, 0]);
});

test("the transform's parser leaves locations to it", () => {
  const { program } = parseFile("export const a = [1];\nf(a);", "/app/a.js", "module");
  for (const node of [program, ...program.body]) assert(node.loc == null, node.type);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { Frame } from "../../../src/snapshot/model/frame.ts";
import { inspect } from "../../../src/snapshot/model/python_repr.ts";
import { sourceLine } from "../../../src/snapshot/model/source_lines.ts";
import { Traceback } from "../../../src/snapshot/model/traceback.ts";
import { oracle } from "../../cases/oracle.ts";

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "tracemalloc-"));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const traceback = (...lines: [string, number][]) =>
  new Traceback(lines.map(([file, line]) => new Frame(file, line)));

test("format() gives Python's lines for every limit", () => {
  inFolder((folder) => {
    const path = join(folder, "source.py");
    writeFileSync(path, oracle.format.text);
    // Python's raw frames begin with the most recent one.
    const frames = oracle.format.frames
      .map(([name, line]) => new Frame(name.replace("PATH", path), line))
      .reverse();
    for (const [limit, mostRecentFirst, lines] of oracle.format.results) {
      const found = new Traceback(frames).format({ limit, mostRecentFirst });
      assertEquals(
        found,
        lines.map((line) => line.replace("PATH", path)),
        `limit ${limit}`,
      );
    }
    assertEquals(new Traceback(frames).format(), new Traceback(frames).format({ limit: null }));
  });
});

test("format() gives the manual's lines", () => {
  inFolder((folder) => {
    const path = join(folder, "test.py");
    writeFileSync(
      path,
      `${"\n".repeat(8)}    obj = Object()\n\n\n    tb = tracemalloc.get_object_traceback(f())\n`,
    );
    assertEquals(traceback([path, 9], [path, 12]).format(), [
      `  File "${path}", line 9`,
      "    obj = Object()",
      `  File "${path}", line 12`,
      "    tb = tracemalloc.get_object_traceback(f())",
    ]);
  });
});

test("format() refuses limits that are no whole numbers", () => {
  assertThrows(() => traceback().format({ limit: 1.5 }), RangeError, "whole number of frames, not 1.5");
  assertThrows(() => traceback().format({ limit: "1" as never }), TypeError, "limit must be a number");
  assertThrows(
    () => traceback().format({ mostRecentFirst: 1 as never }),
    TypeError,
    "must be a boolean, not number",
  );
});

test("there is no source line for URLs, folders, devices, text that is no UTF-8, and lines beyond the end", () => {
  inFolder((folder) => {
    const path = join(folder, "a.ts");
    writeFileSync(path, "\ufeffone\ntwo");
    writeFileSync(join(folder, "binary.ts"), Uint8Array.of(0x61, 0xff, 0xfe));
    assertEquals([sourceLine(path, 1), sourceLine(path, 2)], ["one", "two"]);
    for (const [name, line] of [
      [path, 3],
      [path, 0],
      [path, -1],
      [folder, 1],
      ["/dev/zero", 1],
      [join(folder, "binary.ts"), 1],
      [`file://${path}`, 1],
      ["https://example.org/a.ts", 1],
      ["<anonymous>", 1],
      ["", 1],
      ["a\0b.ts", 1],
    ] as const) {
      assertEquals(sourceLine(name, line), "", `${name}:${line}`);
    }
  });
});

test("a traceback is a sequence, oldest frame first", () => {
  const frames = traceback(["main.ts", 3], ["cache.ts", 12]);
  assertEquals([...frames].map(String), ["main.ts:3", "cache.ts:12"]);
  assertEquals(
    [frames.length, String(frames), String(frames.at(-1)), frames.at(2)],
    [2, "main.ts:3", "cache.ts:12", undefined],
  );
  assert(frames.includes(new Frame("cache.ts", 12, { column: 4 })));
  assertFalse(frames.includes(new Frame("cache.ts", 13)));
  assertEquals(String(traceback()), "<unknown>:0");
});

test("equality looks at files and lines only", () => {
  const one = new Traceback([new Frame("a.ts", 1, { column: 2, functionName: "f" })], 5);
  assert(one.equals(traceback(["a.ts", 1])));
  assertFalse(one.equals(traceback(["a.ts", 2])));
  assertFalse(one.equals(traceback(["a.ts", 1], ["a.ts", 1])));
  assertFalse(one.equals([new Frame("a.ts", 1)]));
  assertFalse(new Frame("a.ts", 1).equals({ filename: "a.ts", lineno: 1 }));
});

test("compare() orders as Python orders tuples", () => {
  const ascending = [
    traceback(),
    traceback(["A.ts", 9]),
    traceback(["a.ts", 2]),
    traceback(["a.ts", 2], ["a.ts", 1]),
    traceback(["a.ts", 10]),
    traceback(["a.tsx", 1]),
    traceback(["\ud83d\uffff", 1]),
    traceback(["\uff5e.ts", 1]),
    traceback(["\u{1f600}.ts", 1]),
    traceback(["\u{1f601}.ts", 1]),
  ];
  assertEquals([...ascending].reverse().sort(Traceback.compare), ascending);
  for (let i = 1; i < ascending.length; i++)
    assert(Traceback.compare(ascending[i - 1], ascending[i]) < 0, `at ${i}`);
  // Half a character is a character of its own, below the whole one.
  assert(Traceback.compare(traceback(["\ud83d\uffff", 1]), traceback(["\u{1f600}", 1])) < 0);
  assertEquals(Traceback.compare(ascending[3], traceback(["a.ts", 2], ["a.ts", 1])), 0);
});

test("console.log() shows what Python's repr() shows", () => {
  assertEquals(new Frame("it's\n.ts", 1)[inspect](), `<Frame filename="it's\\n.ts" lineno=1>`);
  assertEquals(traceback(["a.ts", 1])[inspect](), "<Traceback (<Frame filename='a.ts' lineno=1>,)>");
  assertEquals(
    new Traceback([new Frame("a.ts", 1), new Frame("b.ts", 2)], 4)[inspect](),
    "<Traceback (<Frame filename='a.ts' lineno=1>, <Frame filename='b.ts' lineno=2>) total_nframe=4>",
  );
});

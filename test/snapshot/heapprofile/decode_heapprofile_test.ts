import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { heapprofile } from "../../../src/report/export/heapprofile.ts";
import { decodeHeapprofile } from "../../../src/snapshot/heapprofile/decode_heapprofile.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { type DecodedSnapshot, decodeSnapshot as decodeAny } from "../../../src/snapshot/pprof/load.ts";
import { SnapshotFormatError } from "../../../src/vocabulary/errors.ts";
import { blocksAt, snapshotOf } from "../../report/fixtures.ts";
import { toRows } from "../model/columns_fixture.ts";

interface Node {
  callFrame: Record<string, unknown>;
  selfSize?: number;
  id?: number;
  children?: Node[];
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const place = (functionName: string, url: string, lineNumber: number, columnNumber: number) => {
  return { functionName, scriptId: lineNumber < 0 ? "0" : "7", url, lineNumber, columnNumber };
};
const ROOT = place("(root)", "", -1, -1);
const MAIN = place("main", "file:///app/a%20b.ts", 9, 4);

/** As V8 writes it: a tree of functions, of which one calls itself, and samples. */
const PROFILE: { head: Node; samples?: object[] } = {
  head: {
    callFrame: ROOT,
    selfSize: 0,
    id: 1,
    children: [
      { callFrame: place("(V8 API)", "", -1, -1), selfSize: 64, id: 2, children: [] },
      {
        callFrame: MAIN,
        selfSize: 3000,
        id: 3,
        children: [
          { callFrame: place("", "https://x.test/lib.js", 0, 0), selfSize: 0, id: 4 },
          { callFrame: MAIN, selfSize: 500, id: 5, children: [] },
        ],
      },
    ],
  },
  samples: [2, 3, 3, 3, 5].map((nodeId, ordinal) => ({ size: 1, nodeId, ordinal })),
};

const written = (profile: object): Uint8Array => utf8(JSON.stringify(profile));
/** As the command line reads files. */
const decodeSnapshot = (bytes: Uint8Array, filename = ""): DecodedSnapshot =>
  decodeAny(bytes, { filename, json: decodeHeapprofile });
const rowsOf = (bytes: Uint8Array) => toRows(decodeSnapshot(bytes).columns);

function failure(bytes: Uint8Array): string {
  const read = (): unknown => decodeSnapshot(bytes, "a.heapprofile");
  const { message } = assertThrows(read, SnapshotFormatError);
  assert(message.startsWith("a.heapprofile at byte "), message);
  return message.replace(/^a\.heapprofile at byte \d+: /, "");
}

test("V8's profile: functions at the lines where they begin, callers first, samples as blocks", () => {
  const main = ["/app/a b.ts", 10, 5, "main", 10] as const;
  const common = { totalNframe: -1, type: "<unknown>", domain: 0 };
  const row = (
    frames: (readonly [string, number, number, string, number])[],
    size: number,
    count: number,
  ) => {
    return { ...common, frames, size, count, allocatedCount: count, allocatedSize: size * count };
  };
  const expected = [
    row([["<unknown>", 0, 0, "(V8 API)", 0]], 64, 1),
    row([main], 1000, 3),
    row([main, main], 500, 1),
  ];
  assertEquals(rowsOf(written(PROFILE)), expected);
  assertEquals(rowsOf(utf8(JSON.stringify(PROFILE, null, "\t"))), expected);
  assertEquals(rowsOf(gzipSync(written(PROFILE))), expected);
  const { metadata, columns } = decodeSnapshot(written(PROFILE));
  assertEquals([metadata, columns.tracebackLimit], [{ format: "heapprofile" }, 2]);
});

test("without samples each function counts as one block; what V8 adds some day is passed over", () => {
  const { head } = PROFILE;
  assertEquals(
    rowsOf(
      written({ head: { ...head, more: [{ a: [1, "]", { "}": null }] }, true, -1e-3] }, next: "x" }),
    ).map(({ count, size }) => [count, size]),
    [
      [1, 64],
      [1, 3000],
      [1, 500],
    ],
  );
});

test("names with escapes, and those of V8 for functions without one", () => {
  const head = {
    callFrame: ROOT,
    children: [
      { callFrame: place("", "a.js", 0, 0), selfSize: 1 },
      { callFrame: place("eval", "", 2, 0), selfSize: 1 },
      { callFrame: { functionName: "f", scriptId: "../x", url: "" }, selfSize: 1 },
      { callFrame: place('q"\\\n\u2028é\ud800', "__proto__", 1, 0), selfSize: 1 },
    ],
  };
  assertEquals(
    rowsOf(written({ head })).map(({ frames: [[filename, , , name]] }) => [filename, name]),
    [
      ["a.js", "<anonymous>"],
      // What has no name is called as in DevTools.
      ["VM7", "eval"],
      ["<unknown>", "f"],
      ["__proto__", 'q"\\\n\u2028é\ud800'],
    ],
  );
});

test("what tracemalloc export writes is read with the same bytes by line", () => {
  const original = snapshotOf(
    blocksAt(3, 100, "/app/b.ts:2", "/app/main.ts:1"),
    blocksAt(1, 50, "/app/b.ts:4", "/app/main.ts:1"),
    blocksAt(2, 8, "/app/main.ts:9"),
  );
  const text = [...heapprofile(original)].join("");
  const lines = (snapshot: Snapshot): unknown =>
    snapshot.statistics("lineno").map(({ key, size }) => [key, size]);
  const { columns, metadata } = decodeSnapshot(utf8(text));
  assertEquals(lines(new Snapshot(columns, metadata)), lines(original));
});

test("JSON of other kinds is named, however it goes on", () => {
  const cases: [text: string, named: string][] = [
    ['{"snapshot":{"meta":{}},"nodes":[', "a heap snapshot"],
    ['{"version":3,"type":"Inspector","nodes":[],"nodeClassNames":[', "JavaScriptCore"],
    ['{"nodes":[{"id":1}],"startTime":1,', "a CPU profile"],
    ['{"$schema":"x', "speedscope"],
    ['{"traceEvents":[', "a trace of Chrome's"],
    ['{"format":"tracemalloc","version":1,"tracebackLimit":25,', "tracemalloc export"],
    ["{}", 'no "head"'],
    [`{${Array.from({ length: 200 }, (_, i) => `"k${i}":0`).join()}}`, 'no "head"'],
  ];
  for (const [text, named] of cases) {
    const message = failure(utf8(text));
    assert(message.startsWith("not a snapshot, pprof profile or .heapprofile, but"), message);
    assert(message.includes(named), message);
  }
});

test("every truncation is found, and what follows the profile", () => {
  const whole = written(PROFILE);
  for (let length = 1; length < whole.length; length++) failure(whole.subarray(0, length));
  assertEquals(failure(utf8(`${JSON.stringify(PROFILE)} {}`)), "something follows the profile");
});

test("values that no profile has are refused with what was expected", () => {
  const cases: [text: string, reason: string][] = [
    ['{"head":[]}', "a node was expected"],
    ['{"head":{}}', "a node has no callFrame"],
    ['{"head":{"callFrame":[]}}', "a callFrame was expected"],
    ['{"head":{"callFrame":{},"selfSize":-1}}', "selfSize is -1, expected a whole number from 0 to"],
    ['{"head":{"callFrame":{},"selfSize":1e400}}', "selfSize is Infinity"],
    ['{"head":{"callFrame":{},"selfSize":"1"}}', "selfSize is no number"],
    ['{"head":{"callFrame":{},"selfSize":01}}', "selfSize is no number"],
    ['{"head":{"callFrame":{"lineNumber":2147483648}}}', "lineNumber is 2147483648"],
    ['{"head":{"callFrame":{"url":7}}}', "url was expected"],
    ['{"head":{"callFrame":{"url":"\\x"}}}', "a string that is no JSON"],
    ['{"head":{"callFrame":{"url":"\u0001"}}}', "a string that is no JSON"],
    ['{"head":{"callFrame":{}},"samples":{}}', "a list of samples was expected"],
    ['{"head":{"callFrame":{} "id":1}}', "a comma or } was expected"],
    ['{"head":{"callFrame":{},"more":nil}}', "a value was expected"],
    ['{"head":{"callFrame":{},"more":]}}', "a value was expected"],
  ];
  for (const [text, reason] of cases) {
    const message = failure(utf8(text));
    assert(message.startsWith(reason), `${text}: ${message}`);
  }
  const huge = { callFrame: MAIN, selfSize: 2 ** 52 };
  assertEquals(
    failure(written({ head: { callFrame: ROOT, children: [huge, huge, huge] } })),
    "its sizes come to more than 2^53 bytes",
  );
});

test("calls may be deep, and what is made of them is bounded", () => {
  const nested = (depth: number, selfSize: number): Uint8Array =>
    utf8(
      `{"head":${`{"callFrame":{},"selfSize":${selfSize},"children":[`.repeat(depth)}${"]}".repeat(depth)}}`,
    );
  assertEquals(rowsOf(nested(1000, 1)).length, 1000);
  assertEquals(rowsOf(nested(100_000, 0)), []);
  assert(failure(utf8(`{"head":${`{"callFrame":{},"children":[`.repeat(2 ** 20 + 1)}`)).includes("deep"));
  // Nothing is kept of what is passed over.
  assertEquals(rowsOf(utf8(`{"head":{"callFrame":{},"x":${"[".repeat(1e6)}${"]".repeat(1e6)}}}`)), []);
  const limits = { bytes: 1e6, samples: 4, entries: 3, frames: 9 };
  const over = (bytes: Uint8Array, what: string): void =>
    void assertThrows(() => decodeHeapprofile(bytes, "", limits), SnapshotFormatError, what);
  // Each node has all those above it.
  over(nested(4, 1), "more than 9 frames in tracebacks, the most that is read of a file of this size");
  over(nested(5, 0), "more than 4 nodes");
  over(written({ head: { callFrame: ROOT }, samples: [{}, {}, {}, {}, {}] }), "more than 4 samples");
  const children = ["a", "b", "c"].map((name) => ({ callFrame: place(name, "a.js", 0, 0), selfSize: 1 }));
  over(written({ head: { callFrame: ROOT, children } }), "more than 3 names");
});

test("random damage loads or is a SnapshotFormatError", () => {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const whole = written(PROFILE);
  const outcomes = { loaded: 0, refused: 0 };
  for (let run = 0; run < 4000; run++) {
    const damaged = whole.slice();
    for (let flips = 1 + random(3); flips > 0; flips--) damaged[1 + random(damaged.length - 1)] = random(256);
    try {
      decodeSnapshot(damaged);
      outcomes.loaded++;
    } catch (error) {
      assertInstanceOf(error, SnapshotFormatError);
      outcomes.refused++;
    }
  }
  assert(outcomes.loaded > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
});

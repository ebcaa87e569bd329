import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import type { SnapshotColumns } from "../../../src/snapshot/model/columns.ts";
import type { RawTrace } from "../../../src/snapshot/model/from_traces.ts";
import { inspect } from "../../../src/snapshot/model/python_repr.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import type { KeyType } from "../../../src/statistics/key_type.ts";
import { oracle } from "../../cases/oracle.ts";

/** Three rows: 2.6 (so 3) arrays, no living object of 40, 1 object on no known line. */
function columns(): SnapshotColumns {
  return {
    frames: {
      filenames: ["app.ts"],
      functionNames: ["", "main", "Cache.put"],
      filename: Int32Array.of(0, 0, 0),
      lineno: Int32Array.of(3, 12, 12),
      column: Int32Array.of(1, 5, 9),
      functionName: Int32Array.of(1, 2, 2),
      functionLine: Int32Array.of(1, 10, 10),
    },
    tracebacks: {
      offset: Int32Array.of(0, 2, 4, 4),
      frames: Int32Array.of(0, 1, 0, 2),
      totalNframe: Int32Array.of(2, 7, -1),
    },
    blocks: {
      traceback: Int32Array.of(0, 1, 2),
      type: Int32Array.of(0, 1, 1),
      domain: Int32Array.of(0, 0, 16),
      size: Float64Array.of(16, 40, 5),
      count: Float64Array.of(2.6, 0, 1),
      allocatedCount: Float64Array.of(100, 8, 1),
      allocatedSize: Float64Array.of(1600, 320, 5),
    },
    types: ["Array", "Object"],
    tracebackLimit: 2,
  };
}

const texts = (list: readonly unknown[]) => list.map(String);

test("traces are those of Python's snapshot", () => {
  for (const { new: raw, traces } of oracle.cases) {
    const found = [...Snapshot.fromTraces(raw, 9).traces].map(
      (trace) => `${trace} ${trace.traceback[inspect]()}`,
    );
    assertEquals(found.sort(), [...traces].sort());
  }
});

test("traces.at() finds every trace from both ends and nothing beyond", () => {
  for (const { new: raw } of oracle.cases.slice(0, 60)) {
    const { traces } = Snapshot.fromTraces(raw, 9);
    const all = [...traces];
    assertEquals(traces.length, raw.length);
    assertEquals(all.length, raw.length);
    for (let i = 0; i < all.length; i++) {
      assert(traces.at(i)?.equals(all[i]));
      assert(traces.at(i - all.length)?.equals(all[i]));
    }
    assertEquals(traces.at(all.length), undefined);
    assertEquals(traces.at(-all.length - 1), undefined);
  }
});

test("a row stands for as many traces as its rounded count says", () => {
  const { traces } = new Snapshot(columns());
  assertEquals(traces.length, 4);
  assertEquals(
    [...traces].map((trace) => [trace.domain, trace.size, trace.type, String(trace)]),
    [
      [0, 16, "Array", "app.ts:3: 16 B"],
      [0, 16, "Array", "app.ts:3: 16 B"],
      [0, 16, "Array", "app.ts:3: 16 B"],
      [16, 5, "Object", "<unknown>:0: 5 B"],
    ],
  );
  assertEquals(traces.at(0)?.traceback.totalNframe, 2);
  assertEquals(traces.at(0)?.traceback.at(-1)?.functionName, "Cache.put");
  assertEquals(traces.at(0)?.traceback.at(-1)?.column, 5);
  assertEquals(traces.at(3)?.traceback.totalNframe, null);
  assert(traces.includes(traces.at(-1)!));
});

test("two snapshots are equal when they hold the same traces in any order", () => {
  for (const { old, new: raw, equal } of oracle.cases) {
    const snapshot = Snapshot.fromTraces(raw, 9);
    assertEquals(snapshot.equals(Snapshot.fromTraces(old, 3)), equal);
    assert(snapshot.equals(Snapshot.fromTraces([...raw].reverse(), 9)));
  }
});

test("equality counts traces and looks at every part of them, but not at columns and functions", () => {
  const trace: RawTrace = [0, 8, [["a.ts", 1]], 1];
  const others: RawTrace[] = [
    [1, 8, [["a.ts", 1]], 1],
    [0, 9, [["a.ts", 1]], 1],
    [0, 8, [["b.ts", 1]], 1],
    [0, 8, [["a.ts", 2]], 1],
    [0, 8, [["a.ts", 1]], 2],
    [0, 8, [["a.ts", 1]]],
  ];
  const snapshot = Snapshot.fromTraces([trace, trace], 1);
  for (const other of others)
    assertFalse(snapshot.equals(Snapshot.fromTraces([trace, other], 1)), String(other));
  assertFalse(
    Snapshot.fromTraces([trace, trace, others[0]], 1).equals(
      Snapshot.fromTraces([trace, others[0], others[0]], 1),
    ),
  );
  assertFalse(snapshot.equals([trace, trace]));
  const full = columns();
  const plain = {
    ...full,
    frames: { ...full.frames, column: new Int32Array(3), functionName: new Int32Array(3) },
  };
  assert(new Snapshot(full).equals(new Snapshot(plain)));
  assertFalse(new Snapshot(full).equals(new Snapshot({ ...full, types: ["Object", "Array"] })));
});

test("an empty traceback is <unknown>:0", () => {
  const snapshot = Snapshot.fromTraces([[0, 5, []]], 1);
  assertEquals(texts(snapshot.statistics("lineno")), ["<unknown>:0: size=5 B, count=1, average=5 B"]);
  const { columns: repaired } = new Snapshot(columns());
  assertEquals([...repaired.tracebacks.offset], [0, 2, 4, 5]);
  assertEquals([...repaired.tracebacks.frames], [0, 1, 0, 2, 3]);
});

test("statistics by line keep what the frames of a line have in common", () => {
  const [line, unknown] = new Snapshot(columns()).statistics("lineno");
  assertEquals(line.key, "app.ts:12");
  assertEquals([line.size, line.count, line.allocatedSize, line.allocatedCount], [48, 3, 1920, 108]);
  assertEquals(line.traceback.length, 1);
  assertEquals([line.traceback.at(0)?.column, line.traceback.at(0)?.functionName], [0, "Cache.put"]);
  assertEquals([unknown.key, unknown.size], ["<unknown>:0", 5]);
  const two = columns();
  two.frames.functionName[1] = 1;
  assertEquals(new Snapshot(two).statistics("lineno")[0].traceback.at(0)?.functionName, "");
});

test("statistics by type and by function start with the name", () => {
  const snapshot = new Snapshot(columns());
  const types = snapshot.statistics("type");
  assertEquals(texts(types), [
    "Array: size=48 B, count=3, average=16 B",
    "Object: size=5 B, count=1, average=5 B",
  ]);
  assertEquals([types[0].traceback.length, types[1].allocatedCount], [0, 9]);
  const functions = snapshot.statistics("function");
  assertEquals(texts(functions), [
    "Cache.put (app.ts:10): size=48 B, count=3, average=16 B",
    "<unknown> (<unknown>:0): size=5 B, count=1, average=5 B",
  ]);
  assertEquals(String(functions[0].traceback.at(0)), "app.ts:10");
  assertEquals(functions[0].traceback.at(0)?.functionName, "Cache.put");
  assertEquals(
    texts(snapshot.statistics("function", true)).slice(0, 2),
    [
      "main (app.ts:1): size=48 B, count=3, average=16 B",
      "Cache.put (app.ts:10): size=48 B, count=3, average=16 B",
    ].reverse(),
  );
});

test("lines whose blocks are all dead come last and tell what was allocated", () => {
  const dead = columns();
  dead.blocks.count.set([0, 0, 1]);
  const statistics = new Snapshot(dead).statistics("lineno");
  assertEquals(texts(statistics), [
    "<unknown>:0: size=5 B, count=1, average=5 B",
    "app.ts:12: size=0 B, count=0",
  ]);
  assertEquals(statistics[1].allocatedSize, 1920);
  const [freed, same] = new Snapshot(dead).compareTo(new Snapshot(columns()), "lineno");
  assertEquals(String(freed), "app.ts:12: size=0 B (-48 B), count=0 (-3)");
  assertEquals([freed.allocatedSizeDiff, freed.allocatedCountDiff], [0, 0]);
  assertEquals(String(same), "<unknown>:0: size=5 B (+0 B), count=1 (+0), average=5 B");
});

test("filterTraces keeps the metadata and the limit, and copies without filters", () => {
  const snapshot = new Snapshot(columns(), { pid: 7 });
  const copy = snapshot.filterTraces([]);
  assert(copy.equals(snapshot));
  assert(copy !== snapshot);
  assertEquals(copy.metadata, { pid: 7 });
  assertEquals(copy.tracebackLimit, 2);
});

test("key types that are wrong are refused in Python's words", () => {
  const snapshot = Snapshot.fromTraces([], 1);
  const by =
    (keyType: unknown, cumulative: unknown = false) =>
    () =>
      snapshot.statistics(keyType as KeyType, cumulative as boolean);
  assertEquals(assertThrows(by("line's\n"), RangeError).message, oracle.errors.unknown);
  assertEquals(assertThrows(by("traceback", true), RangeError).message, oracle.errors.traceback);
  assertThrows(by("type", true), RangeError, "cumulative mode cannot by used with key type 'type'");
  assertThrows(by("toString"), RangeError, "unknown key_type: 'toString'");
  assertThrows(by(3), TypeError, "unknown key_type: 3");
  assertThrows(by("lineno", 1), TypeError, "cumulative must be a boolean, not number");
  assertThrows(() => snapshot.compareTo(snapshot, "traceback", true), RangeError, "cumulative mode");
  assertThrows(
    () => snapshot.compareTo(null as never, "lineno"),
    TypeError,
    "old must be a Snapshot, not null",
  );
});

test("raw traces that are wrong are refused", () => {
  const from =
    (raw: unknown, limit: unknown = 1) =>
    () =>
      Snapshot.fromTraces(raw as RawTrace[], limit as number);
  assertThrows(from(5), TypeError, "rawTraces must be a list of traces, not number");
  assertThrows(from([7]), TypeError, "rawTraces[0] must be [domain, size, frames, totalNframe?], not number");
  assertThrows(from([["0", 1, []]]), TypeError, "rawTraces[0]: domain must be a number, not '0'");
  assertThrows(from([[0, -1, []]]), RangeError, "rawTraces[0]: size must be a whole number from 0 to");
  assertThrows(from([[0, 1, "a.ts"]]), TypeError, "rawTraces[0]: frames must be a list, not string");
  assertThrows(from([[0, 1, ["a.ts"]]]), TypeError, "a frame must be [filename, lineno], not string");
  assertThrows(from([[0, 1, [[1, "a.ts"]]]]), TypeError, "a filename must be a string, not number");
  assertThrows(
    from([[0, 1, [["a.ts", 1.5]]]]),
    RangeError,
    "lineno must be a whole number from 0 to 2147483647",
  );
  assertThrows(from([[0, 1, [["a.ts", 1]], -4]]), RangeError, "totalNframe must be");
  assertThrows(from([], 0), RangeError, "tracebackLimit must be a whole number from 1 to 65535, not 0");
});

test("dump, load and fromBytes refuse what is no file name and no bytes", () => {
  assertThrows(
    () => Snapshot.fromTraces([], 1).dump(3 as never),
    TypeError,
    "filename must be a string, not number",
  );
  assertThrows(() => Snapshot.load(null as never), TypeError, "filename must be a string, not null");
  assertThrows(() => Snapshot.fromBytes("x" as never), TypeError, "bytes must be a Uint8Array, not string");
});

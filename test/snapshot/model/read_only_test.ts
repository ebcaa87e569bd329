import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Frame } from "../../../src/snapshot/model/frame.ts";
import { Snapshot } from "../../../src/snapshot/model/snapshot.ts";
import { Trace } from "../../../src/snapshot/model/trace.ts";
import { Traceback } from "../../../src/snapshot/model/traceback.ts";
import { DomainFilter, Filter } from "../../../src/statistics/filter.ts";

const SNAPSHOT = Snapshot.fromTraces(
  [
    [0, 24, [["a.ts", 3]]],
    [16, 8, [["b.ts", 1]]],
  ],
  1,
);

/** What Python refuses to change with an AttributeError: properties of classes in `Lib/tracemalloc.py` that have no setter. */
const READ_ONLY: [object: object, names: string[]][] = [
  [new Filter(true, "a.ts"), ["filenamePattern"]],
  [new DomainFilter(true, 16), ["domain"]],
  [SNAPSHOT.traces.at(0)!, ["domain", "size", "type", "traceback"]],
  [SNAPSHOT.traces.at(0)!.traceback, ["totalNframe"]],
  [SNAPSHOT.traces.at(0)!.traceback.at(0)!, ["filename", "lineno", "column", "functionName"]],
];

for (const [object, names] of READ_ONLY) {
  test(`${object.constructor.name}: ${names.join(", ")} cannot be changed, deleted or defined anew`, () => {
    for (const name of names) {
      const fields = object as Record<string, unknown>;
      const before = fields[name];
      assertThrows(() => (fields[name] = "x"), TypeError);
      assertThrows(() => delete fields[name], TypeError);
      assertThrows(() => Object.defineProperty(object, name, { value: "x" }), TypeError);
      assertEquals(fields[name], before);
      assert(Object.keys(object).includes(name), "still a field that is printed and compared");
    }
  });
}

test("a filter goes on filtering as it was made", () => {
  const filters = [new Filter(true, "a.ts"), new DomainFilter(true, 0)];
  assertThrows(() => ((filters[0] as { filenamePattern: string }).filenamePattern = "b.ts"), TypeError);
  assertThrows(() => ((filters[1] as { domain: number }).domain = 16), TypeError);
  for (const filter of filters) {
    const { traces } = SNAPSHOT.filterTraces([filter]);
    assertEquals([...traces].map(String), ["a.ts:3: 24 B"]);
  }
});

test("what Python lets one change can be changed: a filter's other conditions, a statistic", () => {
  const filter = new Filter(true, "*", { lineno: 3 });
  Object.assign(filter, { inclusive: false });
  assertEquals([...SNAPSHOT.filterTraces([filter]).traces].map(String), ["b.ts:1: 8 B"]);
  const [statistic] = SNAPSHOT.statistics("lineno");
  Object.assign(statistic!, { size: 2048 });
  assertEquals(String(statistic), "a.ts:3: size=2048 B, count=1, average=2048 B");
});

test("derived classes have fields of their own, and those of the base are read-only in them, too", () => {
  class OwnFrame extends Frame {
    note = "mine";
  }
  class OwnTraceback extends Traceback {
    note = "mine";
  }
  class OwnTrace extends Trace {
    note = "mine";
  }
  class OwnFilter extends DomainFilter {
    note = "mine";
  }
  const frame = new OwnFrame("a.ts", 1);
  const traceback = new OwnTraceback([frame], 4);
  const trace = new OwnTrace(traceback, { domain: 0, size: 1 });
  const filter = new OwnFilter(true, 0);
  for (const [object, name] of [
    [frame, "lineno"],
    [traceback, "totalNframe"],
    [trace, "size"],
    [filter, "domain"],
  ] as const) {
    assertEquals(object.note, "mine");
    object.note = "changed";
    assertThrows(() => ((object as unknown as Record<string, unknown>)[name] = 7), TypeError);
  }
  assertEquals(String(trace), "a.ts:1: 1 B");
});

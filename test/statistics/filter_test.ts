import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { DomainFilter, Filter } from "../../src/statistics/filter.ts";
import { type FilterSpec, oracle } from "../cases/oracle.ts";

function filterOf({ inclusive, pattern, domain, ...options }: FilterSpec): Filter | DomainFilter {
  return pattern === undefined
    ? new DomainFilter(inclusive, domain!)
    : new Filter(inclusive, pattern, { ...options, domain });
}

test("filters keep the traces that Python's keep", () => {
  for (const { new: raw, filters } of oracle.cases) {
    const snapshot = Snapshot.fromTraces(raw, 9);
    for (const [specs, kept] of filters) {
      const expected = Snapshot.fromTraces(
        kept.map((index) => raw[index]),
        9,
      );
      const found = snapshot.filterTraces(specs.map(filterOf));
      assertEquals(found.traces.length, kept.length, JSON.stringify(specs));
      assert(found.equals(expected), JSON.stringify(specs));
    }
  }
});

test("filters have the manual's fields and defaults", () => {
  const { inclusive, filenamePattern, lineno, allFrames, domain } = new Filter(true, "abc.pyc");
  assertEquals([inclusive, filenamePattern, lineno, allFrames, domain], [true, "abc.py", null, false, null]);
  const custom = new Filter(false, "test.ts", { lineno: 123, allFrames: true, domain: 16 });
  assertEquals([custom.lineno, custom.allFrames, custom.domain], [123, true, 16]);
  assertEquals(new DomainFilter(true, 1).domain, 1);
});

test("filters and filterTraces refuse wrong arguments", () => {
  assertThrows(() => new Filter(1 as never, "*"), TypeError, "inclusive must be a boolean, not number");
  assertThrows(
    () => new Filter(true, /x/ as never),
    TypeError,
    "filenamePattern must be a string, not RegExp",
  );
  assertThrows(
    () => new Filter(true, "*", { lineno: -1 }),
    RangeError,
    "lineno must be a whole number from 0 on, not -1",
  );
  assertThrows(
    () => new Filter(true, "*", { domain: "0" as never }),
    TypeError,
    "domain must be a number, not '0'",
  );
  assertThrows(
    () => new Filter(true, "*", { allFrames: "no" as never }),
    TypeError,
    "allFrames must be a boolean",
  );
  assertThrows(
    () => new DomainFilter(true, 0.5),
    RangeError,
    "domain must be a whole number from 0 on, not 0.5",
  );
  const snapshot = Snapshot.fromTraces([], 1);
  assertThrows(
    () => snapshot.filterTraces(7 as never),
    TypeError,
    "filters must be a list of filters, not number",
  );
  assertThrows(
    () => snapshot.filterTraces(["a" as never]),
    TypeError,
    "must hold Filter and DomainFilter objects, not string",
  );
});

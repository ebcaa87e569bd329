import { test } from "node:test";
import { assertEquals } from "@std/assert";
import type { HeapReportData, Hop, RetainingPath } from "../../../src/heap/heap_report.ts";
import { commonHolders } from "../../../src/report/views/hunt_common.ts";
import type { GrownLine } from "../../../src/report/views/hunt_growth.ts";

const hop = (edge: string, type: string, line: number): Hop => ({
  ...{ edge, type, filename: "lib.js", lineno: line, functionName: null, times: 1 },
});
const path = (root: string, size: number, ...hops: Hop[]): RetainingPath => ({ count: 1, size, root, hops });

function grown(lineno: number, bytesPerRequest: number): GrownLine {
  return {
    ...{ filename: "lib.js", lineno, functionName: "", package: null, bytesPerRequest, objectsPerRequest: 1 },
    ...{ sizes: [], counts: [], types: [], isEstimate: false, isSlowing: false, entries: null },
  };
}

function why(...lines: [lineno: number, ...paths: RetainingPath[]][]): HeapReportData {
  const totals = { heapSize: 1, attributedSize: 1, engineSize: 0, otherSize: 0 };
  return {
    ...{ totals, otherKinds: [], lineCount: lines.length, notes: [] },
    lines: lines.map(([lineno, ...paths]) => ({
      ...{
        filename: "lib.js",
        lineno,
        functionName: "",
        count: 1,
        selfSize: 1,
        engineSize: 0,
        retainedSize: 1,
        paths,
      },
    })),
  };
}

const LIST = hop(".instances", "Array", 23);
const ITEM = hop("[]", "closure", 67);

test("what most of the growth is held by leads to the one that keeps it", () => {
  const found = commonHolders(
    [grown(67, 240), grown(228, 56), grown(90, 10)],
    why(
      [67, path("a module's variable", 100, LIST, ITEM)],
      [228, path("a module's variable", 100, LIST, ITEM, hop(".options", "Object", 228))],
      [90, path("a timer", 100, hop("._onTimeout", "closure", 90))],
    ),
  );
  assertEquals(found, { share: 296 / 306, root: "a module's variable", hops: [LIST, ITEM] });
});

test("a line's ways count by what they hold", () => {
  const lines = [grown(1, 100), grown(2, 100)];
  const own = path("the runtime", 900, hop("[]", "Map", 1));
  assertEquals(commonHolders(lines, why([1, path("x", 100, LIST), own], [2, path("x", 1, LIST)])), null);
  const found = commonHolders(
    lines,
    why([1, path("x", 900, LIST), { ...own, size: 100 }], [2, path("x", 1, LIST)]),
  );
  assertEquals([found?.root, found?.share, found?.hops], ["x", 0.95, [LIST]]);
});

test("one line alone, no common way, or no heap: there is none", () => {
  const paths = why([1, path("x", 1, LIST)], [2, path("y", 1, LIST)]);
  assertEquals(commonHolders([grown(1, 1)], paths), null);
  assertEquals(commonHolders([grown(1, 1), grown(2, 1)], paths), null);
  assertEquals(commonHolders([grown(1, 1), grown(2, 1)], null), null);
});

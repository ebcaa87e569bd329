import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { keptPaths } from "../../../src/report/views/kept_paths.ts";

const HOP = { edge: ".a", type: "Object", filename: "app.ts", lineno: 3, functionName: null, times: 1 };
const PATH = { count: 1, size: 2, root: "a timer", hops: [HOP, { ...HOP, filename: null, lineno: null }] };
const LINE = {
  filename: "app.ts",
  lineno: 3,
  functionName: "f",
  count: 1,
  selfSize: 2,
  engineSize: 0,
  retainedSize: 2,
  paths: [PATH],
};
const WHY = {
  totals: { heapSize: 9, attributedSize: 2, engineSize: 0, otherSize: 7 },
  otherKinds: [{ kind: "source text", count: 1, size: 7 }],
  lines: [LINE],
  lineCount: 1,
  notes: ["x"],
};

test("what a snapshot has kept comes back as it was", () => {
  assertEquals(keptPaths({ metadata: { why: WHY } }), WHY);
  assertEquals(keptPaths({ metadata: JSON.parse(JSON.stringify({ why: WHY })) }), WHY);
  assertEquals(keptPaths({ metadata: {} }), null);
  // Older ones do not tell the kinds; whatever else stands there is none.
  for (const otherKinds of [undefined, {}, [7], [{ kind: "x", count: "1", size: 2 }]])
    assertEquals(keptPaths({ metadata: { why: { ...WHY, otherKinds } } }), { ...WHY, otherKinds: [] });
});

test("whatever else stands there is nothing", () => {
  const line = (change: object): object => ({ ...WHY, lines: [{ ...LINE, ...change }] });
  const path = (change: object): object => line({ paths: [{ ...PATH, ...change }] });
  const hop = (change: object): object => path({ hops: [{ ...HOP, ...change }] });
  for (const why of [
    null,
    7,
    "x",
    [],
    {},
    { ...WHY, totals: null },
    { ...WHY, totals: { heapSize: "9" } },
    { ...WHY, lines: {} },
    { ...WHY, lines: [null] },
    line({ filename: 3 }),
    line({ count: "1" }),
    line({ paths: null }),
    path({ root: {} }),
    path({ hops: [[]] }),
    hop({ edge: null }),
    hop({ lineno: "3" }),
    hop({ times: Number.NaN }),
  ])
    assertEquals(keptPaths({ metadata: { why } }), null, JSON.stringify(why));
});

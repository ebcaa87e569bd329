import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { terminalHunt } from "../../../src/report/terminal/terminal_hunt.ts";
import type { HuntReport } from "../../../src/report/views/hunt.ts";
import type { GrownLine } from "../../../src/report/views/hunt_growth.ts";
import { PLAIN } from "../fixtures.ts";

const LINE: GrownLine = {
  ...{ filename: "app.ts", lineno: 7, functionName: "work", package: null },
  ...{
    bytesPerRequest: 2048,
    objectsPerRequest: 1.5,
    sizes: [1024, 2048, 4096],
    counts: [1, 2, 3],
    isSlowing: false,
    entries: null,
  },
  ...{ types: ["Map", "Array", "Object", "closure"], isEstimate: false },
};

const REPORT: HuntReport = {
  ...{ verdict: "leaks", reason: "after every round, 1 line held more", program: "app.ts", runtime: "node" },
  ...{
    words: ["request", "requests"],
    warmUp: 200,
    answers: { good: 1398, bad: { "status 503": 2 }, retried: 3 },
  },
  rounds: [200, 200, 200, 400].map((requests) => ({ requests, size: 1, rss: 1 })),
  ...{ sampling: ["adaptive", "exact"], lines: [LINE], resources: [], letGo: [], filled: [], notes: [] },
  ...{ why: null, common: null, whyNot: null, snapshots: [], report: "out/report.html" },
};

test("the verdict comes first, then how it was come by, the lines, and the report", () => {
  assertEquals(terminalHunt(REPORT, { ...PLAIN, sourceLine: () => "const cache = new Map();" }), [
    "LEAKS: after every round, 1 line held more",
    "node, adaptive, then exact: 200 requests to warm up, 2 rounds of 200, 1 round of 400; 1,398 requests answered; 2 of 1,400 requests failed (status 503: 2); 3 were sent again",
    "",
    "#1: app.ts:7 work",
    "    const cache = new Map();",
    "    +2048 B a request in 1.5 blocks (Map, Array, Object): 1024 B → 2048 B → 4096 B",
    "",
    "Report: out/report.html",
  ]);
});

test("one block a request is one, though one more was made before the first", () => {
  const lines = [{ ...LINE, objectsPerRequest: 1.0004 }];
  const text = terminalHunt({ ...REPORT, lines }, PLAIN);
  assertEquals(text[4], "    +2048 B a request in 1 block (Map, Array, Object): 1024 B → 2048 B → 4096 B");
});

test("resources, what was let go, whose line it is, and what is not known", () => {
  const resource = { domain: 3, name: "timers", filename: "app.ts", lineno: 9, functionName: "f" };
  const report: HuntReport = {
    ...REPORT,
    ...{
      verdict: "cannot tell",
      reason: "interrupted in round 3 of 5",
      report: null,
      whyNot: "bun has no heap",
    },
    lines: [{ ...LINE, package: "@s/x", objectsPerRequest: 0, isEstimate: true }],
    resources: [{ ...resource, perRequest: 1 / 3, counts: [0, 40, 1200], isSlowing: false }],
    letGo: [LINE],
    filled: [{ ...LINE, lineno: 8 }],
    notes: ["look again"],
  };
  assertEquals(terminalHunt(report, PLAIN).slice(2), [
    "Note: look again",
    "",
    "What grew in every round until then:",
    "",
    "#1: app.ts:7 work",
    "    +2048 B a request as what was there before grows: 1024 B → 2048 B → 4096 B, an estimate",
    "    of package @s/x",
    "",
    "More after every round:",
    "  timers: app.ts:9: +0.33 a request (0 → 1,200)",
    "",
    "Grew in every round, and let go of it by itself some time later:",
    "  app.ts:7",
    "",
    "Grew in every round at first, and no more after many more requests, as a cache that is full:",
    "  app.ts:8",
    "",
    "Who holds it is not known: bun has no heap",
  ]);
});

test("nothing that the program has named moves the cursor or begins a line", () => {
  const evil = "a\n\x1b[2J";
  const line = { ...LINE, filename: evil, functionName: evil, package: evil, types: [evil] };
  const hop = { edge: evil, type: evil, filename: evil, lineno: 1, functionName: evil, times: 1 };
  const report: HuntReport = {
    ...REPORT,
    ...{
      reason: evil,
      lines: [line],
      letGo: [line],
      filled: [line],
      notes: [evil],
      whyNot: evil,
      report: evil,
    },
    answers: { good: 1, bad: { [evil]: 1 }, retried: 0 },
    resources: [
      {
        domain: 3,
        name: "timers",
        filename: evil,
        lineno: 1,
        functionName: evil,
        perRequest: 1,
        counts: [1, 2],
        isSlowing: false,
      },
    ],
    common: { share: 1, root: evil, hops: [hop] },
  };
  const text = terminalHunt(report, PLAIN);
  assertEquals(
    text.filter((one) => one.includes("\n") || one.includes("\x1b")),
    [],
  );
});

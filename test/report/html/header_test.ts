import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { reportHeader } from "../../../src/report/html/header.ts";
import { reportTimeline } from "../../../src/report/html/timeline.ts";
import { kindsText } from "../../../src/report/text/kind_texts.ts";
import { snapshotOfRows } from "./models.ts";

const NOTHING = {
  program: "",
  runtime: "",
  engine: "",
  platform: "",
  time: "",
  pid: null,
  sampling: null,
  nframe: 25,
  at: "now",
  peak: null,
  upperBounds: { alive: false, peak: false },
  resources: { alive: [], peak: [], allocated: [], freed: [] },
  notes: [],
  process: null,
} as const;

test("timers, listeners and suspended calls are no blocks of memory", () => {
  const rows = [
    { at: ["app.ts:12"], alive: 1500, allocated: 1600 },
    { at: ["app.ts:12"], type: "listener", domain: 4, alive: 1500, allocated: 1600 },
    { at: ["app.ts:13"], type: "Timeout", domain: 3, alive: 0, allocated: 7 },
  ];
  const { resources } = reportHeader(snapshotOfRows(rows), "a.pb.gz");
  assertEquals(
    Object.entries(resources).map(([measure, kinds]) => [measure, kindsText(kinds)]),
    [
      ["alive", "1,500 listeners"],
      ["peak", ""],
      ["allocated", "7 timers, 1,600 listeners"],
      ["freed", "7 timers, 100 listeners"],
    ],
  );
});

test("the header has what the metadata say", () => {
  const metadata = {
    program: "/app/main.ts",
    runtime: "node 26.0.0",
    engine: "v8",
    platform: "linux-x64",
    time: "2026-01-02T03:04:05.678Z",
    pid: 7,
    sampling: 65536,
    at: "peak",
    peak: 12,
  };
  assertEquals(reportHeader(snapshotOfRows([], metadata), "a.pb.gz"), {
    ...NOTHING,
    ...metadata,
    file: "a.pb.gz",
  } as never);
});

test("the header says where figures are upper bounds, and why", () => {
  const { upperBounds, notes } = reportHeader(snapshotOfRows([], { unsettled: true }), "a.pb.gz");
  assertEquals([upperBounds, notes.length], [{ alive: true, peak: true }, 1]);
});

test("metadata that are not what they should be are left out", () => {
  const metadata = {
    program: { toString: 1 },
    runtime: 5,
    engine: null,
    platform: ["x"],
    time: "soon",
    pid: "1",
    sampling: "sometimes",
    at: 3,
    peak: -1,
    timeline: 3,
  };
  assertEquals(reportHeader(snapshotOfRows([], metadata), ""), { ...NOTHING, file: "" });
  assertEquals(reportTimeline(3).time, []);
});

test("the timeline adds up the rows of a place, and leaves out what is no point", () => {
  const timeline = reportTimeline([
    {
      time: 20,
      current: 9,
      top: [
        ["a.ts:1", 5],
        ["b.ts:2", 3],
        ["a.ts:1", 1],
      ],
    },
    { time: 10, current: 4, top: [["b.ts:2", 4], "x", ["c", "d"], ["e.ts:1", -1]] },
    { time: "30", current: 4, top: [] },
    { time: 30, current: Number.NaN, top: [] },
    null,
    { time: 40, current: 100, top: Array.from({ length: 8 }, (_, i) => [`f.ts:${i}`, 20 - i]) },
  ]);
  assertEquals(timeline.time, [10, 20, 40]);
  assertEquals(timeline.current, [4, 9, 100]);
  assertEquals(timeline.places.slice(0, 2), ["b.ts:2", "a.ts:1"]);
  assertEquals(timeline.top.slice(0, 2), [
    [0, 4],
    [1, 6, 0, 3],
  ]);
  assertEquals(timeline.unnamed, [0, 0, 13]);
});

import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import {
  blocksText,
  bytesText,
  durationText,
  nameText,
  percentText,
  sourceText,
} from "../../../../src/report/html/client/format.ts";
import { commonFolder, shortName } from "../../../../src/report/html/client/paths.ts";
import { growthBetween, peakMark, pointAt } from "../../../../src/report/html/client/place_growth.ts";
import { ReportData } from "../../../../src/report/html/client/report_data.ts";
import {
  columnValues,
  defaultSort,
  rowsOf,
  type TableView,
  tableColumnsOf,
} from "../../../../src/report/html/client/rows.ts";
import { FIRST_STATE, formatState, parseState } from "../../../../src/report/html/client/state.ts";
import type { TableName } from "../../../../src/report/html/model.ts";
import { reportTimeline } from "../../../../src/report/html/timeline.ts";
import { ownerOf } from "../../../../src/vocabulary/package_of.ts";
import { modelOf, snapshotOfRows } from "../models.ts";

const ROWS = [
  { at: ["main /a/src/app.ts:10"], type: "Map", size: 5, alive: 3, allocated: 8, peak: 4 },
  { at: ["main /a/src/app.ts:9"], size: 100, peak: 1 },
  { at: ["get /a/node_modules/lib/index.js:1"], size: 50, peak: 1 },
  { at: ["read node:fs:2"], size: 7, peak: 1 },
];
const OLD = [{ at: ["main /a/src/app.ts:10"], type: "Map", size: 5, alive: 9 }];

const VIEW: TableView = {
  measure: "alive",
  unit: "bytes",
  side: "new",
  table: "line",
  sort: "alive",
  descending: true,
  filter: "",
  hideDependencies: false,
  hideRuntime: false,
};

/** The names of the rows that a view shows. */
function shown(view: Partial<TableView>): string[] {
  const data = new ReportData(modelOf(snapshotOfRows(ROWS), snapshotOfRows(OLD)));
  const whole = { ...VIEW, ...view };
  return Array.from(rowsOf(data, whole), (row) => data.rowText(whole.table, row));
}

test("rows are sorted by a column, up or down, and by name with numbers in their order", () => {
  assertEquals(shown({}), ["app.ts:9", "lib/index.js:1", "app.ts:10", "node:fs:2"]);
  assertEquals(shown({ descending: false }), ["node:fs:2", "app.ts:10", "lib/index.js:1", "app.ts:9"]);
  assertEquals(shown({ sort: "name", descending: false }), [
    "app.ts:9",
    "app.ts:10",
    "lib/index.js:1",
    "node:fs:2",
  ]);
  assertEquals(shown({ sort: "freed" })[0], "app.ts:10");
  assertEquals(shown({ unit: "blocks" })[0], "app.ts:10");
  assertEquals(shown({ side: "difference", sort: "aliveGrowth" }).at(-1), "app.ts:10");
});

test("rows are filtered by whole paths and by functions, whatever the case", () => {
  assertEquals(shown({ filter: "/A/SRC/" }), ["app.ts:9", "app.ts:10"]);
  assertEquals(shown({ filter: "get" }), ["lib/index.js:1"]);
  assertEquals(shown({ filter: "[" }), []);
  assertEquals(shown({ hideDependencies: true, hideRuntime: true }), ["app.ts:9", "app.ts:10"]);
  assertEquals(shown({ table: "type", filter: "ma" }), ["Map"]);
  assertEquals(shown({ table: "package", hideRuntime: true, filter: "LIB" }), ["lib"]);
  assertEquals(shown({ table: "package", hideDependencies: true, hideRuntime: true }), ["<own code>"]);
});

test("a comparison has columns of differences", () => {
  const data = new ReportData(modelOf(snapshotOfRows(ROWS), snapshotOfRows(OLD)));
  const view: TableView = { ...VIEW, side: "difference" };
  const columns = tableColumnsOf(data, view);
  assertEquals(
    columns.map(({ key }) => key),
    ["alive", "aliveGrowth", "allocatedGrowth", "freedGrowth"],
  );
  const row = data.findRow("line", "/a/src/app.ts:10");
  assertEquals(
    columns.map((column) => columnValues(data, view, column)[row]),
    [15, -30, -5, 25],
  );
  assertEquals(defaultSort(view), "aliveGrowth");
  const old = tableColumnsOf(data, { ...view, side: "old" });
  assertEquals(columnValues(data, { ...view, side: "old" }, old[0]!)[row], 45);
});

test("every row is found again by the key that a link has", () => {
  const data = new ReportData(modelOf(snapshotOfRows(ROWS)));
  for (const table of ["line", "function", "file", "package", "type"] as const) {
    const rows = data.rowCount(table);
    assert(rows > 0, table);
    for (let row = 0; row < rows; row++) {
      assertEquals(data.findRow(table, data.rowKey(table, row)), row);
    }
    assertEquals(data.findRow(table, "none"), -1);
  }
});

test("the entries of a row are those of its line, its function, its file, its package or its type", () => {
  const data = new ReportData(modelOf(snapshotOfRows(ROWS)));
  const bytes = (table: TableName, key: string): number => {
    const values = data.model.tree.entries.figures[0]!;
    return data.entriesOf(table, data.findRow(table, key)).reduce((sum, entry) => sum + values[entry]!, 0);
  };
  assertEquals(bytes("line", "/a/src/app.ts:9"), 100);
  assertEquals(bytes("file", "/a/src/app.ts"), 115);
  assertEquals(bytes("function", "main /a/src/app.ts:1"), 115);
  assertEquals(bytes("package", "<own code>"), 115);
  assertEquals(bytes("type", "Map"), 15);
});

test("a link says what differs from the first state, and reads back", () => {
  assertEquals(formatState(FIRST_STATE), "");
  assertEquals(parseState(""), FIRST_STATE);
  const state = {
    ...FIRST_STATE,
    view: "table",
    zoom: [3, 17],
    search: `a&b=#"<é`,
    row: "/a b/ü.ts:3",
    invert: true,
    descending: false,
    from: 0,
    to: 12.5,
    sort: "freedGrowth",
    line: 7,
  } as const;
  assertEquals(parseState(`#${formatState(state)}`), state);
});

test("what a link says wrongly is as at first", () => {
  const wrong =
    "view=x&measure=__proto__&zoom=1.-2&zoom=x&from=-1&to=NaN&line=1e999&invert=yes&toString=1&__proto__=2";
  assertEquals(parseState(wrong), FIRST_STATE);
  assertEquals(parseState("zoom=&%E0%A4%A").zoom, []);
});

test("file names are told by owner, and shortened by what they share", () => {
  const names = [
    "/home/me/app/src/a.ts",
    "/home/me/app/lib/b.ts",
    "/home/me/app/node_modules/x/i.js",
    "node:fs",
    "<unknown>",
  ];
  assertEquals(names.map(ownerOf), ["own", "own", "dependency", "runtime", "runtime"]);
  const common = commonFolder(names);
  assertEquals(common, "/home/me/app/");
  assertEquals(
    names.map((name) => shortName(name, common)),
    ["src/a.ts", "lib/b.ts", "x/i.js", "node:fs", "<unknown>"],
  );
  assertEquals(ownerOf("https://esm.sh/x.js"), "dependency");
  assertEquals(ownerOf("C:\\app\\node_modules\\x\\i.js"), "dependency");
  assertEquals([commonFolder(["/a/x.ts", "b/y.ts"]), commonFolder([])], ["", ""]);
});

test("figures read well, and nothing invisible is left in a name", () => {
  assertEquals(
    [bytesText(4855 * 1024), bytesText(-2048, true), bytesText(2048, true), bytesText(0, true)],
    ["4855 KiB", "−2048 B", "+2048 B", "0 B"],
  );
  assertEquals(
    [blocksText(39328), blocksText(-1234, true), blocksText(5, true), blocksText(0, true)],
    ["39,328", "−1,234", "+5", "0"],
  );
  assertEquals([0, 0.0001, 0.125, 0.9999, 1].map(percentText), [
    "0 %",
    "< 0.1 %",
    "12.5 %",
    "> 99.9 %",
    "100 %",
  ]);
  assertEquals([340, 12_500, 185_000, 7_800_000].map(durationText), [
    "340 ms",
    "12.5 s",
    "3 min 5 s",
    "2 h 10 min",
  ]);
  assertEquals(nameText("a\u202eb\0\n"), "a\\u202eb\\x00\\n");
  assertEquals(sourceText("\tif (\u202e)"), "\tif (\\u202e)");
});

test("what grew in a span is known within the bounds that its ends leave", () => {
  const full = (first: [string, number][]): [string, number][] => [
    ...first,
    ...Array.from({ length: 8 - first.length }, (_, i): [string, number] => [`x.ts:${i}`, 3]),
  ];
  const timeline = reportTimeline([
    { time: 0, current: 100, top: full([["a.ts:1", 60]]) },
    {
      time: 10,
      current: 300,
      top: [
        ["a.ts:1", 90],
        ["b.ts:2", 50],
      ],
    },
  ]);
  assertEquals(
    growthBetween(timeline, 0, 1)
      .slice(0, 3)
      .map(({ place, ...rest }) => [timeline.places[place], rest]),
    [
      ["b.ts:2", { size: 50, least: 47, most: 50 }],
      ["a.ts:1", { size: 90, least: 30, most: 30 }],
      ["x.ts:0", { size: 0, least: -3, most: -3 }],
    ],
  );
  assertEquals([pointAt(timeline, 4), pointAt(timeline, 6)], [0, 1]);
  const [time, current] = [timeline.time[1], timeline.current[1]];
  assertEquals(peakMark(timeline, null), { time, current, bytes: current });
  // Between two points there was more: the mark stands as high as it says.
  assertEquals(peakMark(timeline, current + 500), { time, current, bytes: current + 500 });
});

test("a row's blocks are told apart where some are timers, listeners or suspended calls", () => {
  const rows = [
    { at: ["f app.ts:12"], type: "Function", alive: 1500 },
    { at: ["f app.ts:12"], type: "listener", domain: 4, alive: 1500 },
    { at: ["f app.ts:13"], type: "string", domain: 2, alive: 2 },
    { at: ["f app.ts:13"], type: "async call", domain: 5, alive: 1 },
    { at: ["f app.ts:14"], type: "Object", alive: 9 },
  ];
  const data = new ReportData(modelOf(snapshotOfRows(rows)));
  const text = (table: TableName, key: string): string => data.kindsText(table, data.findRow(table, key));
  assertEquals(text("line", "app.ts:12"), "1,500 objects, 1,500 listeners");
  assertEquals(text("line", "app.ts:13"), "2 blocks, 1 suspended call");
  assertEquals(text("line", "app.ts:14"), "");
  assertEquals(text("file", "app.ts"), "1,511 blocks, 1,500 listeners, 1 suspended call");
});

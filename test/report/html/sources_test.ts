import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { readSources, type SourceRequest } from "../../../src/report/html/sources.ts";
import { withFolder } from "../../cli/tracemalloc.ts";
import { modelOf, snapshotOfRows } from "./models.ts";

const LIMITS = { source: 1e6, file: 1e5 };
const request = (filename: string, ...lines: number[]): SourceRequest => ({ filename, lines });

test("scripts are read whole, line by line", () =>
  withFolder({ "a.ts": "one\r\ntwo\u2028three\n\tfour" }, (folder) => {
    const [found] = readSources([request(join(folder, "a.ts"), 1)], LIMITS);
    assertEquals(found!.parts, [[1, ["one", "two", "three", "\tfour"]]]);
    assertEquals(found!.request, 0);
    assert(Math.abs(found!.changed - Date.now()) < 60_000);
  }));

test("a profile cannot have other files read: only regular files, of a script's kind, that are text", () =>
  withFolder(
    {
      secret: "key",
      ".env": "key",
      "a.json": "1",
      "a.pem": "key",
      "b.js": new Uint8Array([0xff, 0xfe]),
      "n.js": "a\0b",
    },
    (folder) => {
      symlinkSync(join(folder, "secret"), join(folder, "link.js"));
      mkdirSync(join(folder, "folder.js"));
      spawnSync("mkfifo", [join(folder, "pipe.js")]);
      const names = [
        "secret",
        ".env",
        "a.json",
        "a.pem",
        "b.js",
        "n.js",
        "link.js",
        "folder.js",
        "pipe.js",
        "none.js",
      ];
      const requests = [
        ...names.map((name) => request(join(folder, name), 1)),
        ...["/etc/passwd", "/dev/stdin", "/proc/self/environ", "", "<unknown>"].map((name) =>
          request(name, 1),
        ),
        ...["https://example.org/a.js", "node:fs.js", "\0.js"].map((name) => request(name, 1)),
      ];
      assertEquals(readSources(requests, LIMITS), []);
    },
  ));

test("a file that may not be read is left out", { skip: process.getuid?.() === 0 }, () =>
  withFolder({ "a.js": "1" }, (folder) => {
    chmodSync(join(folder, "a.js"), 0);
    assertEquals(readSources([request(join(folder, "a.js"), 1)], LIMITS), []);
  }),
);

test("of a large file the lines around those that matter are kept, and of long lines the beginning", () => {
  const text = Array.from({ length: 5000 }, (_, i) => `line ${i + 1}`).join("\n");
  return withFolder({ "large.js": text, "minified.js": "x".repeat(100_000) }, (folder) => {
    const [large, minified] = readSources(
      [request(join(folder, "large.js"), 100, 110, 4999, 9999), request(join(folder, "minified.js"), 1)],
      { source: 1e6, file: 5000 },
    );
    assertEquals(
      large!.parts.map(([first, lines]) => [first, lines.length, lines[0]]),
      [
        [88, 35, "line 88"],
        [4987, 14, "line 4987"],
      ],
    );
    assertEquals(minified!.parts, [[1, [`${"x".repeat(400)}…`]]]);
  });
});

test("the first files get the text that there is room for", () =>
  withFolder({ "a.js": "a".repeat(300), "b.js": "b".repeat(300), "c.js": "c".repeat(300) }, (folder) => {
    const requests = ["a", "b", "c"].map((name) => request(join(folder, `${name}.js`), 1));
    const found = readSources(requests, { source: 500, file: 400 });
    assertEquals(
      found.map((one) => one.request),
      [0, 1],
    );
  }));

test("a report asks for the files of its largest lines first, and knows which were changed since", () => {
  const rows = [
    { at: ["small.js:1"], size: 1 },
    { at: ["large.js:5"], size: 900 },
    { at: ["large.js:6"], size: 90_000 },
  ];
  const asked: SourceRequest[] = [];
  const model = modelOf(snapshotOfRows(rows, { time: "2026-01-01T00:00:00.000Z" }), undefined, {
    readSources(requests) {
      asked.push(...requests);
      return [
        { request: 0, changed: Date.parse("2026-01-02"), parts: [[1, ["x"]]] },
        { request: 1, changed: Date.parse("2025-01-02"), parts: [[1, ["y"]]] },
      ];
    },
  });
  assertEquals(asked, [request("large.js", 6, 5), request("small.js", 1)]);
  assertEquals(
    model.sources.map(({ file, changed }) => [model.filenames[file], changed]),
    [
      ["large.js", true],
      ["small.js", false],
    ],
  );
  assertEquals([model.sourcesLeftOut, modelOf(snapshotOfRows(rows)).sourcesLeftOut], [0, null]);
});

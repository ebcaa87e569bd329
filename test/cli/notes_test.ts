// What a reader of a snapshot has to know stands in every view of it.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { Snapshot } from "../../mod.ts";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

/** Each takes a process of its own. */
const slow = { timeout: 120_000 };

function dumped(metadata: Record<string, unknown>, count = 100): Uint8Array {
  const { columns } = snapshotOf(blocksAt(count, 64, "/app/main.js:2", "/app/main.js:9"));
  const peakCount = columns.blocks.count.map((alive) => alive * 2);
  const blocks = { ...columns.blocks, peakCount };
  return new Snapshot({ ...columns, blocks }, { files: 2, runtime: "bun 1.4.5", ...metadata }).toBytes();
}

const FILES = {
  "unsettled.pb.gz": dumped({ unsettled: true, maxRss: 190 * 2 ** 20 }),
  "settled.pb.gz": dumped({}),
};
const NOTE = "what died since finalizers ran last still counts as alive, now and at the peak";
const RSS = "took 190 MiB at most";

/** Words of the command, where `%` is the file; and which other words of the output belong to it. */
const VIEWS: readonly (readonly [words: string, ...expected: string[]])[] = [
  ["top %"],
  ["top --peak %", "lines at the peak, at most"],
  ["stats %"],
  ["tree %"],
  ["diff settled.pb.gz %", "Note: unsettled.pb.gz: "],
  ["diff % settled.pb.gz", "Note: unsettled.pb.gz: "],
  ["diff settled.pb.gz settled.pb.gz %", "Note: unsettled.pb.gz: "],
  ["check % --against settled.pb.gz --max-growth 5%", "Note: unsettled.pb.gz: "],
  ["check settled.pb.gz --against % --max-growth 5%", "Note: unsettled.pb.gz: "],
  ["check % --against settled.pb.gz --max-growth 5% --markdown", "Note: `unsettled.pb.gz`: "],
  ["export % --format markdown"],
  ["export settled.pb.gz --format markdown --against %", "Note on the old snapshot: "],
];
const JSON_VIEWS = [
  "top %",
  "stats %",
  "tree %",
  "diff settled.pb.gz %",
  "check % --against settled.pb.gz --max-growth 5%",
] as const;

function shown(folder: string, words: string, file: string): string {
  const { code, stdout, stderr } = tracemalloc(
    words.split(" ").map((word) => (word === "%" ? file : word)),
    { cwd: folder },
  );
  assertEquals([code, stderr], [0, ""], words);
  return stdout;
}

for (const [words, ...expected] of VIEWS) {
  test(`${words}: says that what is alive is an upper bound`, slow, () =>
    withFolder(FILES, (folder) => {
      const text = shown(folder, words, "unsettled.pb.gz");
      for (const part of [NOTE, RSS, ...expected]) assertStringIncludes(text, part);
    }),
  );
}

for (const words of JSON_VIEWS) {
  test(`${words} --json: has it as a list of notes`, slow, () =>
    withFolder(FILES, (folder) => {
      const { notes } = JSON.parse(shown(folder, `${words} --json`, "unsettled.pb.gz")) as {
        notes: string[];
      };
      assertEquals(notes.length, 1);
      assertStringIncludes(notes[0]!, NOTE);
    }),
  );
}

test("of a settled snapshot nothing of that is said", slow, () =>
  withFolder(FILES, (folder) => {
    assertFalse(shown(folder, "top %", "settled.pb.gz").includes("Note"));
    assertEquals(JSON.parse(shown(folder, "stats % --json", "settled.pb.gz")).notes, []);
  }),
);

test("report: the page has it, of both snapshots", slow, () =>
  withFolder(FILES, (folder) => {
    for (const words of ["report % -o page.html --quiet", "report settled.pb.gz % -o page.html --quiet"]) {
      rmSync(join(folder, "page.html"), { force: true });
      shown(folder, words, "unsettled.pb.gz");
      assertStringIncludes(readFileSync(join(folder, "page.html"), "utf8"), NOTE);
    }
  }),
);

test("where next to nothing is alive, `top` says where to look", slow, () =>
  withFolder({ "app.pb.gz": dumped({}, 2) }, (folder) => {
    const lost = Snapshot.load(join(folder, "app.pb.gz"));
    lost.columns.blocks.peakCount?.fill(1000);
    lost.dump(join(folder, "app.pb.gz"));
    const hint = "Note: next to nothing is alive; top --peak shows the lines that held most at the peak";
    assertStringIncludes(shown(folder, "top %", "app.pb.gz"), hint);
    assert(JSON.parse(shown(folder, "top % --json", "app.pb.gz")).notes[0].startsWith("next to nothing"));
    for (const words of ["top --peak %", "top --short-lived %"])
      assertFalse(shown(folder, words, "app.pb.gz").includes("next to nothing"));
  }),
);

// Every command that reads snapshots, on every kind of file that is none: one line on stderr, exit code 1, and nothing
// written.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";
import { tracemalloc, withFolder } from "./tracemalloc.ts";

/** The words of each command; `BAD` is the file in question, `good.pb.gz` is a snapshot. */
const COMMANDS: readonly string[] = [
  "top BAD",
  "tree BAD",
  "stats BAD",
  "diff BAD good.pb.gz",
  "diff good.pb.gz good.pb.gz BAD",
  "check BAD --against good.pb.gz --max-growth 5%",
  "check good.pb.gz --against BAD --max-growth 5%",
  "export BAD --format json -o out",
  "export good.pb.gz --format markdown --against BAD -o out",
  "merge good.pb.gz BAD -o out",
];

const good = snapshotOf(blocksAt(1000, 64, "a.ts:1", "main.ts:2")).toBytes();

/** A profile whose samples point to a location that is not there. */
const dangling = gzipSync(Uint8Array.of(0x0a, 4, 8, 1, 16, 2, 0x12, 4, 0x0a, 1, 9, 0x12, 0, 0x32, 0));

const BAD_FILES: Readonly<Record<string, Uint8Array | string>> = {
  "empty.pb.gz": "",
  "foreign.json": '{"head": {}}',
  "text.txt": "no snapshot at all\n",
  "truncated.pb.gz": good.subarray(0, good.length >> 1),
  "corrupt.pb.gz": good.map((byte, at) => (at > 20 && at < 40 ? byte ^ 0x5a : byte)),
  "dangling.pb.gz": dangling,
  "bomb.pb.gz": gzipSync(new Uint8Array(2 ** 24)),
  "name\x1b]0;x\x07\n.pb.gz": "no snapshot",
};

/** All commands read files in one way: `top` is shown every kind, the others these. */
const EVERYWHERE = ["empty.pb.gz", "truncated.pb.gz", "missing.pb.gz", Object.keys(BAD_FILES).at(-1)!];

for (const command of COMMANDS) {
  test(`tracemalloc ${command}: whatever is wrong with a file is told in one line, and ends with 1`, () =>
    withFolder({ "good.pb.gz": good, ...BAD_FILES }, (cwd) => {
      const all = [...Object.keys(BAD_FILES), "missing.pb.gz", "."];
      for (const bad of command === "top BAD" ? all : EVERYWHERE) {
        const words = command.split(" ").map((word) => (word === "BAD" ? bad : word));
        const { code, stdout, stderr } = tracemalloc(words, { cwd });
        assertEquals([code, stdout], [1, ""], `${bad}: ${stderr}`);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: those must not be there
        assertMatch(stderr, /^tracemalloc: [^\n\x00-\x1f]+\n$/);
        assertStringIncludes(stderr, bad === "." ? "cannot read ." : bad.slice(0, 4));
        assertFalse(stderr.includes("internal error"), stderr);
        assertFalse(existsSync(join(cwd, "out")));
      }
      assertEquals(readFileSync(join(cwd, "good.pb.gz")).length, good.length);
    }));
}

test("an output that cannot be written is told in one line, and ends with 1", () =>
  withFolder({ "good.pb.gz": good, "other.pb.gz": good }, (cwd) => {
    for (const words of [
      "export good.pb.gz --format csv -o missing/out",
      "export good.pb.gz --format csv -o .",
      "merge good.pb.gz other.pb.gz -o missing/out",
    ]) {
      const { code, stdout, stderr } = tracemalloc(words.split(" "), { cwd });
      assertEquals([code, stdout], [1, ""], stderr);
      assertMatch(stderr, /^tracemalloc: (?:export|merge): cannot write (?:missing\/out|\.): [^\n]+\n$/);
    }
  }));

// What built-in functions give is counted exactly by line in adaptive mode, whatever sizes it has, where lines count by themselves.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { clearTraces, DomainFilter, start, stop, takeSnapshot } from "../../../mod.ts";
import { instrumentedFile } from "../../instrumented_file.ts";

const SOURCE = `
class Own extends Array {}
const list = Array.from({ length: 64 }, (_, i) => i);
const small = { a: 1 }, large = { a: 1, b: 2, c: 3 };
const own = Own.from(list);
export const run = (count) => { let sum = 0; for (let i = 0; i < count; i++) {
  sum += list.slice(0, i % 60).length;
  sum += list.slice(0, 4).length;
  sum += own.slice(0, i % 7).length;
  sum += "ab".repeat(i % 50).length;
  sum += "a b c".replace("b", i % 3 ? "longer" : "").length;
  sum += Object.keys(i % 2 ? small : large).length;
  sum += (i % 2 ? Object.values(small) : Object.create(null)) !== null;
  sum += Object.entries(large).length;
  } return sum; };
`;

/** By line, blocks and bytes of objects, or of strings. */
function allocated(domain: number): [line: number, blocks: number, bytes: number][] {
  return takeSnapshot()
    .filterTraces([new DomainFilter(true, domain)])
    .statistics("lineno")
    .filter(({ traceback }) => traceback.at(-1)!.filename.endsWith("module.mjs"))
    .map(({ traceback, allocatedCount, allocatedSize }): [number, number, number] => [
      traceback.at(-1)!.lineno,
      allocatedCount,
      allocatedSize,
    ])
    .sort(([a], [b]) => a - b);
}

/** Lines 10 and 11 are those that make strings. Of containers that are followed, what they have grown by is counted in as well. */
const figures = (): number[][][] => [
  allocated(0).map(([line, blocks]) => [line, blocks]),
  allocated(2).filter(([line]) => line === 10 || line === 11),
];

test("blocks by line, and bytes of strings, are those of exact mode, also after clearTraces", async () => {
  const { run } = await instrumentedFile(SOURCE, { calls: false });
  start({ sampling: "exact", nframe: 1 });
  run(6000);
  const wanted = figures();
  stop();
  assertEquals(
    wanted.map((lines) => lines.map(([line]) => line)),
    [
      [7, 8, 9, 12, 13, 14],
      [10, 11],
    ],
  );
  start({ sampling: "adaptive", nframe: 25, seed: 7 });
  try {
    // The rows that were wanted last are those of another table after each.
    for (let round = 0; round < 3; round++) {
      run(6000);
      assertEquals(figures(), wanted);
      clearTraces();
    }
  } finally {
    stop();
  }
});

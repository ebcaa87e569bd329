// Adaptive mode, where lines count by themselves: few objects take the long way, and each is counted all the same.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { DomainFilter, start, stop, takeSnapshot } from "../../../mod.ts";
import { currentSession } from "../../../src/recording/recording.ts";
import { instrumentedFile } from "../../instrumented_file.ts";

const SOURCE = `
const list = [1, 2, 3, 4, 5, 6, 7, 8];
const olds = [[1], [1, 2]];
function Old(i) { return olds[i & 1]; }
const some = (...rest) => rest.length;
export const lines = [
  (i) => some(...(i & 1 ? list : olds)),
  (i) => [...(i % 3 ? list : olds)],
  () => new Map(),
  (i) => new Array(i % 50),
  (i) => new Old(i),
  (i) => (({ a, ...rest }) => rest)({ a: i, b: 1 }),
  (i) => some.bind(null, i),
];
`;
const MADE = 20_000;

/** Of the lines that make new ones, how many. */
function allocated(): [line: number, blocks: number][] {
  return takeSnapshot()
    .filterTraces([new DomainFilter(true, 0)])
    .statistics("lineno")
    .map(({ traceback, allocatedCount }): [number, number] => [traceback.at(-1)!.lineno, allocatedCount])
    .filter(([line]) => line !== 11)
    .sort(([a], [b]) => a - b);
}

const { lines } = await instrumentedFile(SOURCE, { calls: false });

function run(): void {
  for (const make of lines) for (let i = 0; i < MADE; i++) make(i);
}

test("arrays of many lengths and built-in constructors are counted exactly by line, and nearly all at once", () => {
  start({ sampling: "exact", nframe: 1 });
  run();
  const wanted = allocated();
  stop();
  assertEquals(wanted, [
    [5, MADE],
    [8, MADE],
    [9, MADE],
    [10, MADE],
    [12, 3 * MADE],
    [13, MADE],
  ]);
  start({ sampling: "adaptive", nframe: 25, seed: 3 });
  try {
    const session = currentSession()!;
    const record = session.recordMaybe;
    let long = 0;
    session.recordMaybe = (site, value, path) => {
      long++;
      record.call(session, site, value, path);
    };
    run();
    assertEquals(allocated(), wanted);
    // Those that are followed, which are more than half of a line's first ten thousand.
    assert(long < 1.5 * MADE, `${long}`);
  } finally {
    stop();
  }
});

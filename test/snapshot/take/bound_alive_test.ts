import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { start, stop, takeSnapshot } from "../../../mod.ts";
import { boundAlive } from "../../../src/snapshot/take/bound_alive.ts";
import { DomainFilter } from "../../../src/statistics/filter.ts";
import { instrumented } from "../../instrumented.ts";

test("what a path cannot have goes to the line's others, and the line keeps its sum", () => {
  const rows = {
    site: [1, 1, 1, 2],
    type: [0, 0, 0, 0],
    size: [24, 24, 24, 24],
    allocated: [3, 1000, 500, 10],
  };
  const alive = Float64Array.of(256, 0, 250, 5);
  boundAlive(rows, alive);
  assertEquals(alive[0], 3);
  assertEquals(alive[0] + alive[1] + alive[2], 506);
  assert(
    alive.every((count, row) => count <= rows.allocated[row] && Number.isInteger(count)),
    `${alive}`,
  );
  assertEquals(alive[3], 5);
});

test("a line never has more than it allocated; what is within bounds stays as it is", () => {
  const rows = { site: [1, 1], type: [0, 0], size: [24, 24], allocated: [3, 4] };
  const alive = Float64Array.of(10, 0);
  boundAlive(rows, alive);
  assertEquals([...alive], [3, 4]);
  const kept = Float64Array.of(2.5, 4);
  boundAlive(rows, kept);
  assertEquals([...kept], [2.5, 4]);
});

test("what is given are whole units: they can be taken away again without a rest", () => {
  const unit = 2 ** -16;
  const allocated = [unit * 100_001, ...Array.from({ length: 30 }, (_, i) => unit * (7001 + 13 * i))];
  const rows = {
    site: allocated.map(() => 1),
    type: allocated.map(() => 0),
    size: allocated.map(() => 24),
    allocated,
  };
  const alive = Float64Array.from(allocated, (count, i) => (i === 0 ? count + unit * 99_991 : unit));
  const sum = alive.reduce((total, count) => total + count, 0);
  boundAlive(rows, alive);
  assertEquals(
    alive.filter((count) => !Number.isInteger(count / unit)),
    new Float64Array(),
  );
  assertEquals(
    alive.reduce((total, count) => total + count, 0),
    sum,
  );
});

test("a line that is reached by many paths: no path has more alive than it has allocated", async () => {
  const { keep } = await instrumented(`
const kept = [];
function make(i, below) { if (below === 0) kept.push({ i }); else make(i, below - 1); }
export function keep(count) { for (let i = 0; i < count; i++) make(i, i % 5 === 0 ? i % 500 : 0); return kept; }
`);
  start({ nframe: 25, sampling: "adaptive", seed: 1 });
  try {
    const kept = keep(100_000);
    const snapshot = takeSnapshot().filterTraces([new DomainFilter(true, 0)]);
    for (const by of ["traceback", "lineno"] as const) {
      const wrong = snapshot.statistics(by).filter(({ count, allocatedCount }) => count > allocatedCount);
      assertEquals(wrong.map(String), []);
    }
    const [line] = snapshot.statistics("lineno");
    assertEquals(line.allocatedCount, kept.length);
    assert(Math.abs(line.count / kept.length - 1) < 0.02, `${line.count} of ${kept.length}`);
  } finally {
    stop();
  }
});

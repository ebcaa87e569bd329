// What is said to be alive after collect(), against what is.
import { test } from "node:test";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { collect, type StartOptions, start, stop, takeSnapshot } from "../../mod.ts";
import { instrumented } from "../instrumented.ts";

/** A line each: what is made, and its type. */
const KINDS: readonly (readonly [expression: string, type: string])[] = [
  ["({ i })", "Object"],
  ["[i]", "Array"],
  ["() => i", "closure"],
  ["new Point(i)", "Point"],
  ["new Derived(i)", "Derived"],
  ["new Map().set(i, i)", "Map"],
  ["new Set()", "Set"],
  ["/x/g", "RegExp"],
  ["new Date(i)", "Date"],
  ["new ArrayBuffer(8)", "ArrayBuffer"],
  ["new Float64Array(2)", "Float64Array"],
  ["{ ...source }", "Object"],
  ["list.slice()", "Array"],
  ["JSON.parse(text)", "Object"],
  ["class { m() {} }", "class"],
  ["Object.freeze({ i })", "Object"],
];
const FIRST_LINE = 4;

const program = await instrumented(
  `class Point { #x; constructor(x) { this.#x = x; } } class Derived extends Point { y = 1 }
  const source = { a: 1 }, list = [1, 2], text = "{}";
  export const makers = [
${KINDS.map(([expression]) => `    (i) => (${expression}),`).join("\n")}
  ];`,
);
const makers = program.makers as ((i: number) => object)[];

/** Makes so many of a kind and keeps one of `every`. */
function make(kind: number, count: number, every: number): object[] {
  const kept: object[] = [];
  for (let i = 0; i < count; i++) {
    const made = makers[kind]!(i);
    if (i % every === 0) kept.push(made);
  }
  return kept;
}

/** Blocks alive and allocated per kind, and bytes outside the heap. */
function figures(): { alive: number[]; allocated: number[]; external: number[] } {
  const alive = KINDS.map(() => 0);
  const allocated = KINDS.map(() => 0);
  const external = KINDS.map(() => 0);
  const { blocks, tracebacks, frames } = takeSnapshot().columns;
  for (let row = 0; row < blocks.count.length; row++) {
    const frame = tracebacks.frames[tracebacks.offset[blocks.traceback[row]! + 1]! - 1]!;
    const kind = frames.lineno[frame]! - FIRST_LINE;
    if (!(kind in KINDS)) continue;
    if (blocks.domain[row] === 1) external[kind]! += blocks.count[row]! * blocks.size[row]!;
    if (blocks.domain[row] !== 0) continue;
    alive[kind]! += blocks.count[row]!;
    allocated[kind]! += blocks.allocatedCount[row]!;
  }
  return { alive, allocated, external };
}

async function tracing(options: StartOptions, run: () => Promise<void>): Promise<void> {
  start(options);
  try {
    await run();
  } finally {
    stop();
  }
}

test("exact: after collect() the true count of every kind is alive", () =>
  tracing({ sampling: "exact", nframe: 3 }, async () => {
    const COUNT = 1200;
    const kept = KINDS.map((_, kind) => make(kind, COUNT, 2 + (kind % 4)));
    await collect();
    const { alive, allocated, external } = figures();
    const named = (counts: readonly number[]): string[] =>
      counts.map((count, kind) => `${KINDS[kind]![0]}: ${count}`);
    assertEquals(named(alive), named(kept.map(({ length }) => length)));
    assertEquals(named(allocated), named(KINDS.map(() => COUNT)));
    const buffers = KINDS.findIndex(([, type]) => type === "ArrayBuffer");
    assertEquals(external[buffers], 8 * kept[buffers]!.length);
    assertEquals(external[buffers + 1], 16 * kept[buffers + 1]!.length);
    const held = kept.map(({ length }) => length);
    for (const list of kept) list.length = 0;
    await collect();
    assertEquals([figures().alive, held.every((length) => length > 0)], [KINDS.map(() => 0), true]);
  }));

// Of a line of which a share p lives, estimates have a standard error of about √((1 − p)/(p·n)), n the objects followed.
for (const [live, every, tolerance] of [
  [1000, 1, 0],
  [1000, 4, 0.15],
  [1000, 10, 0.15],
  [100_000, 1, 0.001],
  [100_000, 3, 0.05],
] as const) {
  const percent = `${tolerance * 100} %`;
  test(`adaptive: ${live} live of ${live * every}, within ${percent}`, async () => {
    for (const seed of live > 1000 ? [1] : [1, 2, 3, 4, 5]) {
      await tracing({ sampling: "adaptive", nframe: 25, seed }, async () => {
        const kept = make(0, live * every, every);
        await collect();
        const { alive, allocated } = figures();
        assertEquals([kept.length, allocated[0]], [live, live * every]);
        assertAlmostEquals(alive[0]!, live, live * tolerance);
      });
    }
  });
}

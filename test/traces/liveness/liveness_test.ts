// What is said to be alive after collect(), against what is.
import { test } from "node:test";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { collect, type StartOptions, start, stop, takeSnapshot } from "../../../mod.ts";
import { instrumented } from "../../instrumented.ts";

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

/**
 * JavaScriptCore takes every word on the stack that looks like a pointer for one, so that what a call left there keeps
 * dead objects: https://webkit.org/blog/12967/understanding-gc-in-jsc-from-scratch/ (conservative roots).
 */
const CONSERVATIVE = "Bun" in globalThis;
/** So many dead objects of a kind may stay, even where the stack has been written over. */
const MOST_KEPT_BY_CHANCE = CONSERVATIVE ? 4 : 0;
const ROUNDS = 5;

/** Writes numbers over what earlier calls left on the stack. */
function overwriteStack(depth: number, a = 0, b = 1, c = 2, d = 3): number {
  return depth === 0 ? a + b + c + d : overwriteStack(depth - 1, b, c, d, a) + depth;
}

/** collect(), and where dead objects can stay by chance a few times, each with another stack. */
async function collectDown(truth: readonly number[]): Promise<void> {
  await collect();
  for (let round = 0; CONSERVATIVE && round < ROUNDS && figures().alive.join() !== truth.join(); round++) {
    overwriteStack(3000);
    await collect();
  }
}

function named(counts: readonly number[], kinds = KINDS): string[] {
  return counts.map((count, kind) => `${kinds[kind]![0]}: ${count}`);
}

/** Never below the truth; above it by no more than what stays by chance. */
function assertCounts(counts: readonly number[], truth: readonly number[], kinds = KINDS): void {
  const plausible = truth.map((least, kind) =>
    Math.min(Math.max(counts[kind]!, least), least + MOST_KEPT_BY_CHANCE),
  );
  assertEquals(named(counts, kinds), named(plausible, kinds));
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
    const truth = kept.map(({ length }) => length);
    await collectDown(truth);
    const { alive, allocated, external } = figures();
    assertCounts(alive, truth);
    assertEquals(named(allocated), named(KINDS.map(() => COUNT)));
    const buffers = KINDS.findIndex(([, type]) => type === "ArrayBuffer");
    const stores = [external[buffers]! / 8, external[buffers + 1]! / 16];
    assertCounts(stores, truth.slice(buffers, buffers + 2), KINDS.slice(buffers));
    for (const list of kept) list.length = 0;
    const none = KINDS.map(() => 0);
    await collectDown(none);
    assertCounts(figures().alive, none);
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

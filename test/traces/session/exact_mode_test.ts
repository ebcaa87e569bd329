// Exact mode where not every object is watched by a registry: what is found in the heap.
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  clearTraces,
  collect,
  DomainFilter,
  getTracedMemory,
  start,
  stop,
  takeSnapshot,
} from "../../../mod.ts";
import { currentSession } from "../../../src/recording/recording.ts";
import { Random } from "../../../src/tables/random.ts";
import { settle } from "../../../src/traces/liveness/collect.ts";
import { canFindUnwatchedTokens, findUnwatchedTokens } from "../../../src/traces/liveness/token_walk.ts";
import { instrumented } from "../../instrumented.ts";

const MADE = 20_000;

/** A line each: what is made, of how many objects that are counted, and how many of these live with it. */
const KINDS: readonly (readonly [expression: string, made: number, living: number])[] = [
  ["({ i })", 1, 1],
  ["Object.assign(Object.create(null), { i })", 1, 0],
  ["({ __proto__: null, i })", 1, 1],
  ["Object.freeze([i])", 1, 1],
  ["() => i", 1, 1],
  ["/x/g", 1, 1],
  ["new Point(i)", 1, 1],
  ["new Proxy({ i }, {})", 3, 3],
  ["Object.setPrototypeOf({ i }, null)", 1, 1],
];
const FIRST_LINE = 3;

const program = await instrumented(
  `class Point { #x; constructor(x) { this.#x = x; } }
  export const makers = [
${KINDS.map(([expression]) => `    (i) => ${expression},`).join("\n")}
  ];
  const leaf = (i) => ({ i });
  export const deep = (depth, i) => depth === 0 ? leaf(i) : deep(depth - 1, i);
  export const views = (count) => { const kept = []; for (let i = 0; i < count; i++) kept.push(new Uint8Array(16)); return kept; };`,
);

/** By line, how many blocks of objects are alive and were allocated. */
function alive(): Map<number, [count: number, allocated: number]> {
  const lines = takeSnapshot()
    .statistics("lineno")
    .map(({ traceback, count, allocatedCount }): [number, [number, number]] => [
      traceback.at(0)!.lineno,
      [count, allocatedCount],
    ]);
  return new Map(lines);
}

const isWalked = canFindUnwatchedTokens();

test("V8 is searched on Node and Deno", () => {
  assertEquals(isWalked, !("Bun" in globalThis));
});

for (const [kind, [expression, made, living]] of KINDS.entries()) {
  test(`of ${expression} all count as alive while they are, and what is left after collect()`, async () => {
    start({ nframe: 1, sampling: "exact", builtins: false });
    try {
      const make: (i: number) => unknown = program.makers[kind];
      let kept: unknown[] = [];
      for (let i = 0; i < MADE; i++) kept.push(make(i));
      const line = FIRST_LINE + kind;
      if (made === living) assertEquals(alive().get(line), [MADE * made, MADE * made]);
      const { registered } = currentSession()!.following;
      assert(isWalked ? registered < (MADE * made) / 2 : registered >= MADE, `${registered}`);
      kept = kept.filter((_, i) => i % 8 === 0);
      await collect();
      const [after, allocated] = alive().get(line)!;
      assertEquals(allocated, MADE * made);
      const truth = (MADE / 8) * living;
      // JavaScriptCore takes what looks like a pointer on its stack for one: `liveness_test.ts` is about it.
      if (isWalked) assertEquals(after, truth);
      else assert(after >= truth, `${after}`);
      assertEquals(kept.length, MADE / 8);
    } finally {
      stop();
    }
  });
}

test("bytes outside the heap, cleared traces, and a second session", async () => {
  start({ sampling: "exact" });
  try {
    const make: (i: number) => unknown = program.makers[0];
    let kept: unknown[] = Array.from({ length: MADE }, (_, i) => make(i));
    clearTraces();
    assertEquals(alive().get(FIRST_LINE), undefined);
    let views: unknown[] = program.views(MADE);
    const { current } = getTracedMemory();
    assert(current >= MADE * (16 + 64), `${current}`);
    views = views.slice(0, 100);
    await collect();
    const external = takeSnapshot()
      .filterTraces([new DomainFilter(true, 1)])
      .statistics("lineno");
    const living = external.reduce((sum, { count }) => sum + count, 0);
    assert(living >= 100 && living <= 108, `${living}`);
    kept = kept.concat(Array.from({ length: MADE }, (_, i) => make(i)));
    stop();
    start({ sampling: "exact" });
    // What former sessions have marked is not counted in this one.
    const own = Array.from({ length: MADE }, (_, i) => make(i));
    await collect();
    assertEquals(alive().get(FIRST_LINE)?.[0], MADE);
    assertEquals([kept.length, views.length, own.length], [2 * MADE, 100, MADE]);
  } finally {
    stop();
  }
});

const LEAF_LINE = FIRST_LINE + KINDS.length + 1;

/** What is said to be alive on the line of many paths once all finalizers have run; the heap is not searched. */
async function aliveByEstimate(): Promise<number> {
  await settle(currentSession()!.following);
  return alive().get(LEAF_LINE)![0];
}

test("one line, many paths: what is replaced is not said to be alive", async () => {
  const ALIVE = 5000;
  start({ nframe: 25, sampling: "exact", builtins: false, seed: 1 });
  try {
    const ring: unknown[] = [];
    const said: number[] = [];
    for (let i = 0; i < 12 * ALIVE; i++) {
      ring[i % ALIVE] = program.deep((i * 7919) % 101, i);
      if ((i + 1) % (2 * ALIVE) === 0) said.push(await aliveByEstimate());
    }
    // A run of 256 may be half dead, and one half made.
    for (const count of said) assertAlmostEquals(count, ALIVE, ALIVE / 10);
    assertEquals(ring.length, ALIVE);
    await collect();
    assertAlmostEquals(alive().get(LEAF_LINE)![0], ALIVE, isWalked ? 0 : 8);
  } finally {
    stop();
  }
});

/** What is kept of many, drawn at random. A function of its own: the last one made must not stay in a register. */
function oneOf32(seed: number): unknown[] {
  const random = new Random(seed);
  const kept: unknown[] = [];
  for (let i = 0; i < 40_000; i++) {
    const made = program.deep(i % 20, i);
    if (random.below(32) === 0) kept.push(made);
  }
  return kept;
}

test("what a walk has found dies, too, and nothing is owed to what comes later", async () => {
  for (let seed = 1; seed <= 3; seed++) {
    start({ nframe: 25, sampling: "exact", builtins: false, seed });
    try {
      let kept = oneOf32(seed);
      await collect();
      assertAlmostEquals(alive().get(LEAF_LINE)![0], kept.length, isWalked ? 0 : 8);
      kept = [];
      assertAlmostEquals(await aliveByEstimate(), 0, 256);
      for (let i = 0; i < 20_000; i++) kept.push(program.deep(i % 20, i));
      assertAlmostEquals(await aliveByEstimate(), kept.length, 512);
    } finally {
      stop();
    }
  }
});

test("tokens are found from a session that a vm context's program shares nothing with", async () => {
  if (!isWalked) return;
  const names = (): string[] =>
    Object.getOwnPropertyNames(globalThis).filter((name) => name.startsWith("$tmw"));
  const context = createContext({});
  runInContext("globalThis.Symbol = undefined", context);
  const found = await new Promise<number | undefined>((resolve) =>
    findUnwatchedTokens((tokens) => resolve(tokens?.length)),
  );
  assert(found !== undefined);
  assertEquals(names(), []);
});

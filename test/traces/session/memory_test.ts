// What the tracker itself takes per live block: what it says, and what the heap's growth says.
import { test } from "node:test";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { clearTraces, collect, getTracemallocMemory, start, stop } from "../../../mod.ts";
import { currentSession } from "../../../src/recording/recording.ts";
import { engineCost } from "../../../src/traces/session/engine_cost.ts";
import { instrumented } from "../../instrumented.ts";
import { engine, heap } from "../../track/heap_cost.ts";

const LIVE = 100_000;
/** Bytes per live block, apart from the engine's registry cells. */
const MOST = 100;

const program = await instrumented(`
  class Point { constructor(i) { this.x = i; this.y = i; } }
  export function fill(kept) {
    for (let i = 0; i < kept.length; i += 4) {
      kept[i] = { i };
      kept[i + 1] = [i];
      kept[i + 2] = () => i;
      kept[i + 3] = new Point(i);
    }
  }
`);

/** Bytes by which the heap grows for each of the objects, and those that the tracker says it takes for each. */
async function growth(): Promise<{ heap: number; said: number }> {
  // Tables, shapes and code are there from now on; what finds the living in the heap has thrown away what it does (feedback).
  let first: unknown[] | null = new Array(LIVE);
  program.fill(first);
  await collect();
  assert(first.length === LIVE);
  first = null;
  const kept: unknown[] = new Array(LIVE).fill(null);
  await collect();
  const [used, said] = [heap.settled(), getTracemallocMemory()];
  program.fill(kept);
  await collect();
  const grown = { heap: heap.settled() - used, said: getTracemallocMemory() - said };
  assert(kept.every((object) => object !== null));
  return { heap: grown.heap / LIVE, said: grown.said / LIVE };
}

for (const nframe of [1, 25]) {
  test(`exact, ${nframe} frames: at most ${MOST} bytes per live block beside the registry's cells`, async () => {
    const untraced = await growth();
    assertEquals(untraced.said, 0);
    start({ nframe, sampling: "exact" });
    try {
      const traced = await growth();
      const took = traced.heap - untraced.heap;
      assert(traced.said - engineCost.cell <= MOST, `the tracker says ${traced.said}`);
      assert(took - engineCost.cell <= MOST, `the heap has grown by ${took} more than untraced`);
      // Tables lie outside the heap; what is said of the engine's share is what it takes. On V8 not all have a cell.
      const followed = currentSession()!.following.registered / LIVE;
      assert(engine === "jsc" ? followed >= 1 : followed < 0.2, `${followed}`);
      const engines = engineCost.cell * followed + engineCost.mark;
      assertAlmostEquals(took, engines, engines * 0.25);
      assertAlmostEquals(traced.said, engines, engines * 0.25);
    } finally {
      stop();
    }
  });
}

test("what the tracker takes goes with what it follows", async () => {
  start({ sampling: "exact" });
  try {
    const before = getTracemallocMemory();
    let kept: unknown[] = new Array(LIVE);
    program.fill(kept);
    const full = getTracemallocMemory();
    assert(full - before >= LIVE * engineCost.mark, `${full - before}`);
    kept = [];
    await collect();
    // Tables stay as large as they were, and up to 4,096 of those that are measured again are forgotten later.
    assert(getTracemallocMemory() - before < 8 * LIVE, `${getTracemallocMemory() - before}`);
    program.fill((kept = new Array(LIVE)));
    clearTraces();
    assert(getTracemallocMemory() - before < 8 * LIVE);
    assertEquals(kept.length, LIVE);
  } finally {
    stop();
  }
});

// When liveness is settled: against an engine that takes its time, as engines do on busy machines.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { type Collector, type Finalizers, settle } from "../../../src/traces/liveness/collect.ts";

/** Objects by how many collections they outlive, and finalizers that run some turns after a collection. */
class SlowEngine implements Finalizers, Collector {
  freed = 0;
  lastCanary = 0;
  turns = 0;
  collections = 0;
  readonly #delay: (collection: number) => number;
  #garbage: { outlives: number; finalize: () => void }[] = [];
  #lastDue = 0;
  #due: { turn: number; finalize: () => void }[] = [];

  constructor(delay: (collection: number) => number) {
    this.#delay = delay;
  }

  /** So many blocks are garbage. */
  drop(count: number, outlives = 0): void {
    for (let i = 0; i < count; i++) this.#garbage.push({ outlives, finalize: () => this.freed++ });
  }

  watchCanary(_canary: object, number: number): void {
    this.#garbage.push({ outlives: 0, finalize: () => (this.lastCanary = number) });
  }

  readonly gc = (): void => {
    // Those of one registry run in order.
    const turn = Math.max(this.#lastDue, this.turns + this.#delay(++this.collections));
    this.#lastDue = turn;
    for (const { outlives, finalize } of this.#garbage)
      if (outlives === 0) this.#due.push({ turn, finalize });
    this.#garbage = this.#garbage
      .filter(({ outlives }) => outlives > 0)
      .map(({ outlives, finalize }) => ({ outlives: outlives - 1, finalize }));
  };

  turn(): Promise<void> {
    this.turns++;
    for (const { finalize } of this.#due.filter(({ turn }) => turn < this.turns)) finalize();
    this.#due = this.#due.filter(({ turn }) => turn >= this.turns);
    return Promise.resolve();
  }
}

/** Freed, and how many collections that took. */
async function settled(engine: SlowEngine): Promise<[freed: number, collections: number]> {
  await settle(engine, { gc: engine.gc, turn: () => engine.turn() });
  return [engine.freed, engine.collections];
}

for (const delay of [0, 1, 2, 9, 40]) {
  test(`all are freed where finalizers come ${delay} turns after a collection`, async () => {
    const engine = new SlowEngine(() => delay);
    engine.drop(900);
    assertEquals(await settled(engine), [900, 3]);
  });

  test(`what one collection left is freed where finalizers come ${delay} turns after it`, async () => {
    const engine = new SlowEngine((collection) => (collection === 1 ? 0 : delay));
    engine.drop(494);
    engine.drop(406, 1);
    assertEquals(await settled(engine), [900, 4]);
  });
}

test("nothing is taken for settled while no finalizer has told of a collection", async () => {
  // Two collections whose finalizers come in the third's round.
  const engine = new SlowEngine((collection) => (collection < 3 ? 80 : 1));
  engine.drop(900);
  const [freed] = await settled(engine);
  assertEquals(freed, 900);
});

test("it ends where finalizers never run, and where nobody can collect", async () => {
  const silent = new SlowEngine(() => Number.POSITIVE_INFINITY);
  silent.drop(900);
  assertEquals(await settled(silent), [0, 12]);
  assert(silent.turns <= 12 * 51, `${silent.turns}`);
  const free = new SlowEngine(() => 0);
  await settle(free, { gc: null, turn: () => free.turn() });
  assert(free.turns > 2 && free.turns <= 12 * 51, `${free.turns}`);
});

test("what the engine has begun in the background is over before garbage is collected", async () => {
  const engine = new SlowEngine(() => 0);
  engine.drop(900);
  let turnsBefore = 0;
  await settle(engine, {
    gc: engine.gc,
    turn: () => engine.turn(),
    background: async (turn) => {
      for (let i = 0; i < 5; i++) await turn();
      assertEquals(engine.collections, 0);
      turnsBefore = engine.turns;
    },
  });
  assertEquals([turnsBefore, engine.freed], [5, 900]);
});

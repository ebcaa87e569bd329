import { test } from "node:test";
import { assert, assertFalse } from "@std/assert";
import { gainedEntries, grewInStep, isSlowing, mayHaveGrown } from "../../../src/report/views/hunt_rule.ts";

/** Rounds of 200 requests, as a hunt has them, and three of 400. */
const REQUESTS = [200, 200, 200, 200, 200, 400, 400, 400];

/** What is alive before the first round and after each, by the requests that there have been. */
function course(sizeAt: (requests: number) => number, countAt: (requests: number) => number = sizeAt) {
  const at = [200];
  for (const one of REQUESTS) at.push(at.at(-1)! + one);
  return { sizes: at.map(sizeAt), counts: at.map(countAt), requests: REQUESTS };
}

/** Numbers from 0 to 1 that are the same each time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("what grows with every request leaks, also where one request in four leaves something", () => {
  assert(grewInStep(course((n) => 56 * n)));
  assert(grewInStep(course((n) => 56 * Math.floor(n / 4))));
  // Beside much that stays.
  assert(grewInStep(course((n) => 5_000_000 + 8 * n)));
});

test("what stands still, shrinks, or was made once does not", () => {
  assertFalse(grewInStep(course(() => 1_000_000)));
  assertFalse(grewInStep(course((n) => 1_000_000 - n)));
  assertFalse(grewInStep(course((n) => (n > 600 ? 500_000 : 0))));
  // Made once in the middle, and a little with every request.
  assertFalse(grewInStep(course((n) => (n > 600 ? 500_000 : 0) + n)));
  // It goes up and down.
  assertFalse(grewInStep(course((n) => 10_000 + 56 * (n % 800))));
});

test("a cache that is full before the last round does not, whatever its bound", () => {
  for (const bound of [100, 500, 1000, 1200, 1900])
    assertFalse(grewInStep(course((n) => 100 * Math.min(n, bound))), `bound ${bound}`);
  // What has not come to its bound by then looks like a leak, and there is no telling.
  assert(grewInStep(course((n) => 100 * Math.min(n, 10_000))));
});

test("what grows by less and less is told from what grows with every request, and from what chance makes of that", () => {
  const long = [...REQUESTS, 4000, 1000, 16_000, 4000];
  const counted = (countAt: (requests: number) => number, requests = long) => {
    const at = [200];
    for (const one of requests) at.push(at.at(-1)! + one);
    return { counts: at.map(countAt), requests };
  };
  // Keys of which there are 20,000, asked for at random.
  assert(isSlowing(counted((n) => 20_000 * (1 - Math.exp(-n / 20_000)))));
  assert(isSlowing(counted((n) => 1000 * (1 - Math.exp(-n / 1000)), REQUESTS)));
  assertFalse(isSlowing(counted((n) => n)));
  assertFalse(isSlowing(counted((n) => Math.floor(n / 4))));
  assertFalse(isSlowing(counted((n) => n * n)));
  // Far from its end: it looks like a leak.
  assertFalse(isSlowing(counted((n) => 200_000 * (1 - Math.exp(-n / 200_000)))));
  // A hundredth of the requests, as they come: too few to tell in the beginning.
  assertFalse(isSlowing(counted((n) => Math.floor(n / 100))));
  for (let seed = 1; seed <= 200; seed++) {
    const random = randomFrom(seed);
    let [done, count] = [0, 0];
    const leak = counted((n) => {
      for (; done < n; done++) if (random() < 0.25) count++;
      return count;
    }, REQUESTS);
    assertFalse(isSlowing(leak), `seed ${seed}`);
  }
});

test("a table is full when no entries came in the last round, whatever its bytes did before", () => {
  const requests = [...REQUESTS, 4000, 1000];
  const unknown = Array.from({ length: 6 }, () => undefined);
  assert(gainedEntries([...unknown, 1600, 2000, 2400, 6400, 7400], requests));
  assertFalse(gainedEntries([...unknown, 1600, 2000, 2400, 5000, 5000], requests));
  assertFalse(gainedEntries([...unknown, 1600, 2000, 2400, 5000, 4000], requests));
  assertFalse(gainedEntries([...unknown, 1600, 2000, 2400, 6400, 6410], requests));
  // Not known: its bytes have to tell.
  assert(gainedEntries([...unknown, undefined, undefined, undefined, undefined, undefined], requests));
  assert(gainedEntries([...unknown, undefined, undefined, undefined, undefined, 1200], requests));
});

test("so little in all, or by request, does not count", () => {
  assertFalse(grewInStep(course((n) => n / 2)));
  assertFalse(grewInStep({ sizes: [0, 100, 200, 300], counts: [0, 1, 2, 3], requests: [10, 10, 10] }));
  assert(grewInStep({ sizes: [0, 400, 800, 1200], counts: [0, 1, 2, 3], requests: [10, 10, 10] }));
});

test("a table that was there before grows by leaps, the longer the rarer", () => {
  const table = (n: number): number => 16 * 2 ** Math.ceil(Math.log2(n));
  assert(grewInStep(course(table, () => 1)));
  // More objects that come by leaps are made on occasion, not by requests.
  assertFalse(grewInStep(course(table)));
  // Twice, early: it has been filled.
  assertFalse(
    grewInStep(
      course(
        (n) => (n > 400 ? 16_384 : n > 300 ? 8192 : 4096),
        () => 1,
      ),
    ),
  );
  // Once, late: a table that has doubled may never do so again.
  assertFalse(
    grewInStep(
      course(
        (n) => (n > 1600 ? 8192 : 4096),
        () => 1,
      ),
    ),
  );
  // Three leaps, all early: what is filled by then.
  assertFalse(
    grewInStep(
      course(
        (n) => 4096 * Math.min(4, n / 200),
        () => 1,
      ),
    ),
  );
});

test("estimates that scatter around a level call for no second run, a trend within them does", () => {
  let alarms = 0;
  let found = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const random = randomFrom(seed);
    const noise = (): number => 50_000 * (random() + random() + random() - 1.5);
    if (mayHaveGrown(course(() => 400_000 + noise()))) alarms++;
    if (mayHaveGrown(course((n) => 400_000 + 100 * n + noise()))) found++;
  }
  // A second run is the price of an alarm; a leak is the price of its absence.
  assert(alarms <= 10, `${alarms} alarms`);
  assert(found >= 190, `${found} found`);
});

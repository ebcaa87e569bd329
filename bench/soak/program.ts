/** What the run does: text, because it is instrumented first. Each turn of `work` makes `PER_TURN` counted blocks. */
export const PROGRAM = `
  class Point {
    constructor(x, y) { this.x = x; this.y = y; }
  }
  class Pixel extends Point {
    constructor(x, y) { super(x, y); this.color = x; }
  }
  const RING = 50_000;
  const ring = new Array(RING).fill(null);
  const cache = new Map();
  let turns = 0;
  let sink;

  function deep(levels, i) {
    return levels === 0 ? { leaf: i } : deep(levels - 1, i);
  }
  const leaves = (i) => [() => deep(i % 30, i), () => i];

  /** What stays: the ring's objects, and the cache's 1,000 entries. */
  export const kept = () => ({ ring: ring.filter((one) => one !== null).length, cache: cache.size });

  export function work(count) {
    for (let i = 0; i < count; i++, turns++) {
      sink = { turns, i };
      sink = [i, turns];
      sink = new Pixel(i, turns);
      ring[turns % RING] = { turns };
      const [leaf, other] = leaves(i);
      sink = leaf();
      if (other() % 16 === 0) cache.set(turns % 1000, new Point(i, turns));
      else sink = /x/g;
    }
    return sink;
  }
`;

/** `{ turns, i }`, `[i, turns]`, Pixel, the ring's, the array of leaves with two closures, the leaf's, and the last. */
export const PER_TURN = 9;

/** The line of the program that makes what the ring holds: its size is known. */
export const RING_LINE: number = PROGRAM.split("\n").findIndex((line) => line.includes("ring[turns")) + 1;
/** What one of them takes, in bytes: V8's object with one property, three words before it. */
export const RING_BYTES = 32;

// The tracker's own lists: adding to an array runs setters that the program has put on the prototype.
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { collect, start, stop, takeSnapshot } from "../../mod.ts";
import { instrumented } from "../instrumented.ts";

const program = await instrumented(`
  class Point { constructor(x) { this.x = x; this.list = []; } }
  const deep = (n, i) => n === 0 ? { i } : deep(n - 1, i);
  export const run = (count) => {
    for (let i = 0; i < count; i++) {
      new Point(i); deep(9, i); new Map(); new Uint8Array(8); () => i; [...'ab'];
      "a-b".split("-"); JSON.parse('[1, {"a": []}]'); structuredClone({ a: new Map([[1, [i]]]) }); [1, 2].map((x) => [x]);
    }
  };
`);
const run = program.run as (count: number) => void;

const KEYS = [...Array(40).keys()].map(String);

/** What is added to arrays by assignment while there are setters for it, which add it all the same. */
function seenBySetters(work: () => void): number {
  let seen = 0;
  for (const key of KEYS) {
    Object.defineProperty(Array.prototype, key, {
      configurable: true,
      set(this: unknown[], value) {
        seen++;
        Object.defineProperty(this, key, { value, writable: true, configurable: true, enumerable: true });
      },
    });
  }
  try {
    work();
  } finally {
    for (const key of KEYS) delete (Array.prototype as unknown as Record<string, unknown>)[key];
  }
  return seen;
}

// What built-in functions add by assignment, untraced: hosts write some of them in JavaScript.
const own = seenBySetters(() => run(5));

// With a byte between samples, all objects are some.
for (const sampling of ["exact", "adaptive", 1] as const) {
  for (const nframe of [1, 4, 25]) {
    test(`no setter of the program's sees the tracker's lists grow (${sampling}, ${nframe} frames)`, async () => {
      start({ sampling, nframe, seed: 1 });
      try {
        assertEquals(
          seenBySetters(() => run(5)),
          own,
        );
        await collect();
        const kinds = takeSnapshot().statistics("type");
        assertEquals(kinds.find(({ key }) => key === "Point")?.allocatedCount, 5);
      } finally {
        stop();
      }
    });
  }
}

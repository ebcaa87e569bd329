import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { clearTraces, Snapshot, start, stop, takeSnapshot } from "../../../mod.ts";
import { instrumented } from "../../instrumented.ts";

const { fill, cache, keep } = await instrumented(
  `export const cache = [];
export function fill(n) {
  const map = new Map();
  cache.push(map);
  for (let i = 0; i < n; i++) map.set(i % 2 ? "key " + i : i, i);
}
export const keep = (n) => { for (let i = 0; i < n; i++) cache.push({ i }); };
`,
  { filename: "/app/facts.mjs" },
);

for (const sampling of ["exact", "adaptive", 4096] as const) {
  test(`${sampling}: a snapshot tells how old lines' blocks are`, () => {
    start({ sampling, seed: 1 });
    try {
      keep(3000);
      const { ages } = Snapshot.fromBytes(takeSnapshot().toBytes()).metadata as {
        ages: [string, number[]][];
      };
      const [, own] = ages.find(([place]) => place === "/app/facts.mjs:7")!;
      const count = own.reduce((sum, each) => sum + each, 0);
      // By bytes, one in 4096 is followed: 30 of these.
      assert(Math.abs(count - 3000) < (sampling === 4096 ? 2000 : 150), `${own}`);
      // The test has just begun; a busy machine may take some seconds.
      assert(own.length <= 5, `${own}`);
      clearTraces();
      assertEquals(takeSnapshot().metadata.ages, []);
    } finally {
      stop();
    }
  });
}

test("a snapshot names the containers that have grown, with the kinds of keys and no value", () => {
  start();
  try {
    fill(2000);
    fill(10);
    const { metadata } = Snapshot.fromBytes(takeSnapshot().toBytes());
    assertEquals(metadata.containers, [
      { place: "/app/facts.mjs:3", type: "Map", from: 0, to: 2000, keys: { numbers: 1000, strings: 1000 } },
    ]);
    assert(!JSON.stringify(metadata).includes("key "));
    assert(cache.length > 0);
  } finally {
    stop();
  }
});

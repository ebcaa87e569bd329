// What instrumented code counts down before the recorder is asked.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { start, stop, takeSnapshot } from "../../../mod.ts";
import { files } from "../../../src/track/calls/file_registry.ts";
import { prepaid } from "../../../src/track/calls/prepaid.ts";
import { instrumented } from "../../instrumented.ts";

const MADE = 5000;

const { makers } = await instrumented(
  `export const makers = [
    (i) => ({ i }),
    (i) => [...[i, i]],
    (i) => new (class Point { constructor() { this.i = i; } })(),
    (i, ...rest) => rest,
    (i) => { function declared() { return i; } return declared; },
    (i) => new Map(),
  ];`,
);
const { base, count } = files.at(-1)!;

for (const [mode, sampling] of [
  ["exact", "exact"],
  ["adaptive", "adaptive"],
  ["byte", 4096],
] as const) {
  test(`${mode} mode: nothing stays below zero of what is counted down, and in the end nothing is left`, () => {
    start({ sampling, nframe: 1, seed: 1 });
    try {
      for (const make of makers) {
        for (let i = 0; i < MADE; i++) make(i, i);
        for (let site = base; site < base + count; site++)
          assert(prepaid[site] >= 0, `site ${site - base}: ${prepaid[site]}`);
      }
      const counts = takeSnapshot()
        .statistics("lineno")
        .map(({ allocatedCount }) => allocatedCount);
      if (sampling !== 4096)
        assert(counts.filter((each) => each >= MADE).length >= makers.length, `${counts}`);
    } finally {
      stop();
    }
    assertEquals(
      [...prepaid.subarray(base, base + count)].filter((left) => left !== 0),
      [],
    );
  });
}

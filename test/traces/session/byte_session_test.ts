// Sampling by bytes: one countdown for all allocations.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { collect, type Snapshot, start, stop, takeSnapshot } from "../../../mod.ts";
import { Countdown, stepFor } from "../../../src/traces/sampling/countdown.ts";
import { instrumentedFile } from "../../instrumented_file.ts";

const SOURCE = `
class Small { constructor(n) { this.n = n; } }
export const literals = (count) => { let last; for (let i = 0; i < count; i++) {
  last = { i, twice: [i, i] }; } return last; };
export const instances = (count) => { let last; for (let i = 0; i < count; i++)
  last = new Small(i);
  return last; };
export const buffers = (sizes) => { let sum = 0; for (const size of sizes) {
  const made = new Uint8Array(size); sum += made.length; } return sum; };
export const copies = (sizes, all) => { let sum = 0; for (const size of sizes) {
  const made = all[size].slice(); sum += made.length; } return sum; };
export const texts = (count) => { let sum = 0; for (let i = 0; i < count; i++) {
  const made = \`number \${i}\`; sum += made.length; } return sum; };
export const kept = (count, keep) => { for (let i = 0; i < count; i++) {
  const made = { i }; if (i % 4 === 0) keep.push(made); } };
`;

/** Blocks and bytes of a line. */
function line(
  snapshot: Snapshot,
  lineno: number,
): { count: number; allocatedCount: number; allocatedSize: number } {
  const found = snapshot
    .statistics("lineno")
    .find(
      ({ traceback }) =>
        traceback.at(-1)!.filename.endsWith("module.mjs") && traceback.at(-1)!.lineno === lineno,
    );
  return found ?? { count: 0, allocatedCount: 0, allocatedSize: 0 };
}

/** Of so many runs with seeds of their own: the mean of what each gives, and its standard error. */
function over(runs: number, run: (seed: number) => number[]): { mean: number; error: number }[] {
  const found = Array.from({ length: runs }, (_, i) => run(1001 + 7919 * i));
  return found[0]!.map((_, k) => {
    const mean = found.reduce((sum, each) => sum + each[k]!, 0) / runs;
    const variance = found.reduce((sum, each) => sum + (each[k]! - mean) ** 2, 0) / runs;
    return { mean, error: Math.sqrt(variance / runs) };
  });
}

function assertUnbiased(
  name: string,
  { mean, error }: { mean: number; error: number },
  wanted: number,
): void {
  assert(
    Math.abs(mean - wanted) < 4 * error + wanted * 1e-4,
    `${name}: ${mean} ± ${error}, wanted ${wanted}`,
  );
  // Known well enough for the test to mean something.
  assert(error < wanted / 6, `${name}: ${error} of ${wanted}`);
}

const LINES = { literals: 4, instances: 6, buffers: 9, copies: 11, texts: 13 } as const;

test("by seeds, blocks and bytes of a line are unbiased: literals, instances, strings, and sizes from 16 B to 1 MB", async () => {
  const program = await instrumentedFile(SOURCE, { calls: false });
  // 16 B to 1 MB, and nobody can tell before one is there: the order is not of the line's making.
  const sizes = Array.from({ length: 45 }, (_, i) => 16 * 4 ** (((i * 7919) % 263) % 9));
  const all = Object.fromEntries([...new Set(sizes)].map((size) => [size, new Array(size >> 3).fill(0)]));
  const run = (seed: number): number[] => {
    start({ sampling: 4096, nframe: 25, seed });
    try {
      program.literals(4000);
      program.instances(4000);
      program.buffers(sizes);
      program.copies(sizes, all);
      program.texts(4000);
      const snapshot = takeSnapshot();
      return Object.values(LINES).flatMap((lineno) => {
        const { allocatedCount, allocatedSize } = line(snapshot, lineno);
        return [allocatedCount, allocatedSize];
      });
    } finally {
      stop();
    }
  };
  start({ sampling: "exact", nframe: 1 });
  program.literals(4000);
  program.instances(4000);
  program.buffers(sizes);
  program.copies(sizes, all);
  program.texts(4000);
  const exact = takeSnapshot();
  stop();
  const wanted = Object.values(LINES).flatMap((lineno) => {
    const { allocatedCount, allocatedSize } = line(exact, lineno);
    return [allocatedCount, allocatedSize];
  });
  assertEquals([wanted[0], wanted[2]], [8000, 4000]);
  for (const [i, found] of over(80, run).entries())
    assertUnbiased(`${Object.keys(LINES)[i >> 1]} ${i % 2 === 0 ? "blocks" : "bytes"}`, found, wanted[i]!);
});

test("what lives is unbiased, and leaves nothing behind when it has died", async () => {
  const program = await instrumentedFile(SOURCE, { calls: false });
  const keep: object[] = [];
  start({ sampling: 512, nframe: 25, seed: 5 });
  try {
    program.kept(80_000, keep);
    await collect();
    const { count } = line(takeSnapshot(), 15);
    assert(Math.abs(count / 20_000 - 1) < 0.1, `${count} of ${keep.length}`);
    keep.length = 0;
    await collect();
    const after = line(takeSnapshot(), 15).count;
    assert(after < 200, `${after}`);
  } finally {
    stop();
  }
});

test("a sample stands for the inverse of its probability, which the step alone gives", () => {
  for (const step of [4, 9, 14, 22]) {
    let sum = 0;
    let samples = 0;
    const rounds = 4000;
    for (let seed = 1; seed <= 40; seed++) {
      const countdown = new Countdown(2 ** 14, seed);
      for (let i = 0; i < rounds; i++) {
        if (!countdown.isDue(step)) continue;
        sum += countdown.weight(step);
        samples++;
      }
    }
    const wanted = 40 * rounds;
    assert(Math.abs(sum / wanted - 1) < 4 / Math.sqrt(samples) + 1e-4, `${step}: ${sum} of ${wanted}`);
  }
  assertEquals([0, 16, 40, 64, 100, 2 ** 20, 2 ** 40].map(stepFor), [4, 4, 5, 6, 7, 20, 30]);
});

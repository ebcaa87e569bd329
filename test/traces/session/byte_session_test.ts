// Sampling by bytes: one countdown for all allocations.
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { collect, DomainFilter, type Snapshot, start, stop, takeSnapshot } from "../../../mod.ts";
import { currentSession } from "../../../src/recording/recording.ts";
import { Countdown, stepFor } from "../../../src/traces/sampling/countdown.ts";
import type { ByteSession } from "../../../src/traces/session/byte_session.ts";
import type { BuiltinRecorder, Recorder } from "../../../src/track/calls/recorder.ts";
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
  const seeds = 24;
  for (const step of [4, 9, 14, 22]) {
    let sum = 0;
    let samples = 0;
    const rounds = 4000;
    for (let seed = 1; seed <= seeds; seed++) {
      const countdown = new Countdown(2 ** 14, seed);
      for (let left = rounds; ; ) {
        left -= countdown.nextBlock(step);
        if (left < 0) break;
        sum += countdown.weight(step);
        samples++;
      }
    }
    const wanted = seeds * rounds;
    assert(Math.abs(sum / wanted - 1) < 4 / Math.sqrt(samples) + 1e-4, `${step}: ${sum} of ${wanted}`);
  }
  assertEquals([0, 16, 40, 64, 100, 2 ** 20, 2 ** 40].map(stepFor), [4, 4, 5, 6, 7, 20, 30]);
});

const BUILTINS = `
export const parsed = (count, document) => { let sum = 0; for (let i = 0; i < count; i++)
  sum += JSON.parse(document).list.length;
  return sum; };
export const mapped = (count, list) => { let sum = 0; for (let i = 0; i < count; i++)
  sum += list.map((x) => x + i).length;
  return sum; };
export const entries = (count, object) => { let sum = 0; for (let i = 0; i < count; i++)
  sum += Object.entries(object).length;
  return sum; };
export const joined = (texts) => { let sum = 0; for (const text of texts)
  sum += text.repeat(2).length;
  return sum; };
export const matched = (texts) => { let sum = 0; for (const text of texts)
  if (text.match(/x/g)) sum++;
  return sum; };
export const elsewhere = (make, count) => {
  return Array.from({ length: count }, make).length;
};
export const written = (count) => { let last; for (let i = 0; i < count; i++)
  last = new Set([i]);
  return last; };
export const failing = (texts) => { let sum = 0; for (const text of texts) try {
  sum += JSON.parse(text).length;
  } catch {} return sum; };
export const replaced = (texts) => { let sum = 0; for (const text of texts)
  sum += text.replace("x", "yy").length;
  return sum; };
`;
const BUILTIN_LINES = {
  parsed: 3,
  mapped: 6,
  entries: 9,
  joined: 12,
  matched: 15,
  elsewhere: 18,
  written: 21,
  failing: 24,
  replaced: 27,
} as const;

/** Of code that is not instrumented. */
const make = (_: unknown, i: number): number =>
  i % 3 === 0 ? new Map([[i, i]]).size : new ArrayBuffer(10 * (i % 50)).byteLength;

test("by seeds, what built-in functions and constructors give is unbiased: trees, pairs, strings, results of callbacks, nothing at all, or an exception", async () => {
  const program = await instrumentedFile(BUILTINS, { calls: false });
  const document = JSON.stringify({ list: Array.from({ length: 40 }, (_, i) => ({ i, parts: [i, i] })) });
  const texts = Array.from({ length: 400 }, (_, i) => `${i % 2 === 0 ? "x" : "-"}`.repeat(4 * 2 ** (i % 9)));
  // Every other one fails, as every other text has nothing to replace.
  const documents = texts.map((text, i) => (i % 2 === 0 ? `[${[...text].fill("1").join(",")}]` : "["));
  const runAll = (): void => {
    program.parsed(60, document);
    program.mapped(2000, [1, 2, 3]);
    program.entries(400, { a: 1, b: 2, c: 3 });
    program.joined(texts);
    program.matched(texts);
    program.elsewhere(make, 1500);
    program.written(1500);
    program.failing(documents);
    program.replaced(texts);
  };
  const figures = (): number[] => {
    const all = takeSnapshot();
    // The keys that a sampled pair holds count once, but as often as that stands for.
    const objects = all.filterTraces([new DomainFilter(true, 0)]);
    return Object.values(BUILTIN_LINES).flatMap((lineno) => {
      const { allocatedCount, allocatedSize } = line(
        lineno === BUILTIN_LINES.entries ? objects : all,
        lineno,
      );
      return [allocatedCount, allocatedSize];
    });
  };
  start({ sampling: "exact", nframe: 1 });
  runAll();
  const wanted = figures();
  stop();
  const run = (seed: number): number[] => {
    start({ sampling: 2048, nframe: 25, seed });
    try {
      runAll();
      return figures();
    } finally {
      stop();
    }
  };
  for (const [i, found] of over(50, run).entries())
    assertUnbiased(
      `${Object.keys(BUILTIN_LINES)[i >> 1]} ${i % 2 === 0 ? "blocks" : "bytes"}`,
      found,
      wanted[i]!,
    );
});

test("until a sample is due the recorder hears of nothing", async () => {
  const program = await instrumentedFile(SOURCE, { calls: false });
  const builtins = await instrumentedFile(BUILTINS, { calls: false });
  const { declared } = await instrumentedFile(
    "export function declared(count) { while (count-- > 0) declare(count); function declare(i) { return f; function f() { return i; } } }",
    { calls: false },
  );
  start({ sampling: 2 ** 30, nframe: 25, seed: 3 });
  const session = currentSession() as ByteSession;
  let calls = 0;
  const counted = <T extends object>(object: T, names: readonly (keyof T)[]): void => {
    for (const name of names) {
      const original = object[name] as (...args: unknown[]) => unknown;
      object[name] = ((...args: unknown[]) => {
        calls++;
        return original.apply(object, args);
      }) as T[typeof name];
    }
  };
  counted(session as Recorder, ["fresh", "maybeFresh", "text"]);
  counted(session.builtins as BuiltinRecorder, ["builtinResult", "constructed", "callerSite"]);
  try {
    const sizes = Array.from({ length: 1000 }, () => 16);
    const runAll = (): void => {
      program.literals(1000);
      program.instances(1000);
      program.buffers(sizes);
      program.copies(sizes, { 16: [1, 2] });
      program.texts(1000);
      builtins.parsed(20, '{"list":[1]}');
      builtins.mapped(1000, [1]);
      builtins.entries(20, { a: 1 });
      builtins.joined(Array.from({ length: 1000 }, () => "ab"));
      builtins.elsewhere(make, 1000);
      builtins.written(1000);
      declared(1000);
    };
    // Each line once, to know it.
    runAll();
    const first = calls;
    assert(first > 10 && first < 100, `${first} calls at first`);
    runAll();
    assertEquals(calls, first);
  } finally {
    stop();
  }
});

test("what a line makes once is found if it is large, whatever made it", async () => {
  const document = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ i })));
  for (let seed = 1; seed <= 5; seed++) {
    // Each time a new file, of which nothing is known.
    const { make } = await instrumentedFile(
      `export const make = (document, list) => [
        new Uint8Array(5e6),
        list.slice(),
        JSON.parse(document),
        [...list],
      ]; // ${seed}`,
      { calls: false },
    );
    const list = new Array(500_000).fill(1.5);
    const bytes = (): number[] => [2, 3, 4, 5].map((lineno) => line(takeSnapshot(), lineno).allocatedSize);
    start({ sampling: 2 ** 16, nframe: 25, seed });
    try {
      const made = make(document, list);
      const found = bytes();
      stop();
      start();
      make(document, list);
      for (const [i, wanted] of bytes().entries())
        assert(Math.abs(found[i]! / wanted - 1) < 0.6, `line ${2 + i}: ${found[i]} for ${wanted}`);
      assertEquals(made.length, 4);
    } finally {
      stop();
    }
  }
});

/** Bytes that line 2 of the module keeps alive. */
const aliveOf = (): number =>
  takeSnapshot()
    .statistics("lineno")
    .filter(({ traceback }) => traceback.at(-1)!.lineno === 2)
    .filter(({ traceback }) => traceback.at(-1)!.filename.endsWith("module.mjs"))
    .reduce((sum, { size }) => sum + size, 0);

test("a container that has grown stands for no more than its line has made; where there are many, they are known as many", async () => {
  // Each time a new file, of which nothing is known.
  const grow = async (count: number, entries: number, seed: number, sampling: "exact" | number) => {
    const { make } = await instrumentedFile(
      `export const make = (count) => { const all = []; for (let i = 0; i < count; i++)
        all.push(new Map());
        return all; }; // ${seed}`,
      { calls: false },
    );
    start({ sampling, nframe: sampling === "exact" ? 1 : 25, seed });
    try {
      const maps = make(count) as Map<number, number>[];
      for (const map of maps) for (let i = 0; i < entries; i++) map.set(i, i);
      const bytes = aliveOf();
      return maps.length === count ? bytes : 0;
    } finally {
      stop();
    }
  };
  const one = await grow(1, 5000, 0, "exact");
  const many = await grow(300, 100, 0, "exact");
  let most = 0;
  const sums: number[] = [];
  for (let seed = 1; seed <= 24; seed++) {
    most = Math.max(most, await grow(1, 5000, seed, 2 ** 14));
    sums.push(await grow(300, 100, seed, 2 ** 11));
  }
  assert(most > one * 0.9 && most < one * 1.1, `${most} for ${one}`);
  const [found] = over(sums.length, (seed) => [sums[(seed - 1001) / 7919]!]);
  assertUnbiased("bytes of many", found!, many);
});

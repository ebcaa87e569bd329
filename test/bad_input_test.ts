// What is given wrongly is refused in clear words, and changes nothing.
import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  getTracebackLimit,
  getTracedMemory,
  getTracemallocMemory,
  isTracing,
  type StartOptions,
  start,
  stop,
  takeSnapshot,
  track,
  untrack,
} from "../mod.ts";

type ErrorClass = typeof TypeError | typeof RangeError;

const hostile = {
  get [Symbol.toPrimitive](): never {
    throw new Error("asked");
  },
  get name(): never {
    throw new Error("asked");
  },
};

const WRONG_OPTIONS: readonly (readonly [options: unknown, error: ErrorClass, message: string])[] = [
  ...["16", 16n, true, {}, [], Symbol.iterator, hostile].map(
    (seed) => [{ seed }, TypeError, "start: seed must be a 32-bit integer, got "] as const,
  ),
  ...[0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, -(2 ** 31) - 1].map(
    (seed) => [{ seed }, RangeError, `start: seed must be a 32-bit integer, got ${seed}`] as const,
  ),
  ...[null, true, 1n, {}, [512], Symbol.iterator, hostile].map(
    (sampling) =>
      [
        { sampling },
        TypeError,
        'start: sampling must be "exact", "adaptive" or a number of bytes, 1 or more, got ',
      ] as const,
  ),
  ...[0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY].map(
    (sampling) => [{ sampling }, RangeError, `1 or more, got ${sampling}`] as const,
  ),
  ...["", "Exact", "512", "x".repeat(1000)].map(
    (sampling) => [{ sampling }, RangeError, `got "${sampling.slice(0, 40)}`] as const,
  ),
  ...[0, 65536, 1.5].map((nframe) => [{ nframe }, RangeError, `from 1 to 65535, got ${nframe}`] as const),
  ...["25", null, 25n].map((nframe) => [{ nframe }, TypeError, "from 1 to 65535, got "] as const),
  ...[1, "true", null].map(
    (builtins) => [{ builtins }, TypeError, "builtins must be true or false"] as const,
  ),
  [null, TypeError, "from 1 to 65535, got null"],
  ["25", TypeError, 'got "25"'],
];

const WRONG_SIZES: readonly (readonly [size: unknown, error: ErrorClass])[] = [
  ...[-1, -0.001, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
    (size) => [size, RangeError] as const,
  ),
  ...["1", 1n, null, undefined, {}, true, hostile].map((size) => [size, TypeError] as const),
];

const WRONG_DOMAINS: readonly (readonly [domain: unknown, error: ErrorClass])[] = [
  ...[0, 1, 2, 15, -1, 16.5, 2 ** 31, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY].map(
    (domain) => [domain, RangeError] as const,
  ),
  ...["16", 16n, null, undefined, {}, hostile].map((domain) => [domain, TypeError] as const),
];

/** Asserts the class itself, too: a RangeError is no TypeError. */
function refused(call: () => void, error: ErrorClass, message: string): void {
  const thrown = assertThrows(call, error, message);
  assertEquals(thrown.constructor, error);
  assert(thrown.message.length < 200, thrown.message);
}

test("start refuses wrong options, and does not start", () => {
  for (const [options, error, message] of WRONG_OPTIONS) {
    refused(() => start(options as StartOptions), error, message);
    assertEquals([isTracing(), getTracedMemory()], [false, { current: 0, peak: 0 }]);
  }
});

test("start refuses wrong options while tracing too, and goes on as it was", () => {
  start({ nframe: 7, sampling: "exact" });
  try {
    track(16, "block", 100);
    const before = takeSnapshot();
    for (const [options, error, message] of WRONG_OPTIONS) {
      refused(() => start(options as StartOptions), error, message);
    }
    assertEquals([isTracing(), getTracebackLimit(), getTracedMemory().current], [true, 7, 100]);
    assert(takeSnapshot().equals(before));
  } finally {
    stop();
  }
});

test("track and untrack refuse wrong arguments, and no block changes", () => {
  start({ sampling: "exact" });
  try {
    track(16, "block", 100);
    const before = takeSnapshot();
    const memory = getTracemallocMemory();
    for (const [size, error] of WRONG_SIZES) {
      const message =
        error === TypeError ? "track: size must be a number of bytes, got " : `got ${String(size)}`;
      // Both a new key and one that is there: that one keeps its size.
      for (const key of ["new", "block"]) refused(() => track(16, key, size as number), error, message);
    }
    for (const [domain, error] of WRONG_DOMAINS) {
      const message = "domain must be an integer from 16 to 2147483647, got ";
      refused(() => track(domain as number, "block", 1), error, `track: ${message}`);
      refused(() => untrack(domain as number, "block"), error, `untrack: ${message}`);
    }
    assert(takeSnapshot().equals(before));
    assertEquals([getTracedMemory(), getTracemallocMemory()], [{ current: 100, peak: 100 }, memory]);
  } finally {
    stop();
  }
});

test("wrong arguments are named before it is said that nothing is traced", () => {
  assertThrows(() => track(1, "block", 1), RangeError, "domain");
  assertThrows(() => track(16, "block", -1), RangeError, "size");
  assertThrows(() => track(16, "block", 1), Error, "must be tracing memory allocations to track");
});

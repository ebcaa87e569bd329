import { test } from "node:test";
import { assertEquals, assertStrictEquals } from "@std/assert";
import { decodeInto, encodeNumbers } from "../../src/tables/vlq.ts";

const LARGEST = 2 ** 51;
const NUMBERS = [0, 1, -1, 15, -15, 16, -16, 2 ** 29, 2 ** 30 - 1, -(2 ** 30), 2 ** 31 - 1, -(2 ** 31)];

test("numbers are written as source maps write them", () => {
  // The examples of https://sourcemaps.info/spec.html and of the mappings that tools write.
  assertEquals(encodeNumbers([0, 1, -1, 15, -15, 16, -16, 511, 512]), "ACDefgBhB+fggB");
});

test("what was written reads back, into numbers of the engine's or of 32 bits", () => {
  const large = [...NUMBERS, 2 ** 31, -(2 ** 31) - 1, 2 ** 45 + 1, LARGEST, -LARGEST, 7];
  const read: number[] = [];
  assertStrictEquals(decodeInto(encodeNumbers(large), read), large.length);
  assertEquals(read, large);
  const integers = new Int32Array(NUMBERS.length);
  assertStrictEquals(decodeInto(encodeNumbers(NUMBERS), integers), NUMBERS.length);
  assertEquals([...integers], NUMBERS);
});

test("what is no such text, or does not go into the array, is told", () => {
  const two = (text: string): number => decodeInto(text, new Int32Array(2));
  assertEquals(["AA", "A", ""].map(two), [2, 1, 0]);
  assertEquals(["A!", "A=", "A,A", "A\u0141", "__proto__"].map(two), [-1, -1, -1, -1, -1]);
  assertStrictEquals(two("AAA"), -1, "more than there is room for");
  assertStrictEquals(two("Ag"), -1, "a number that has no end");
  assertStrictEquals(two(encodeNumbers([1, 2 ** 31])), -1, "a number of more than 32 bits");
  assertStrictEquals(decodeInto("g".repeat(11) + "A", []), -1, "more digits than any number has");
});

import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { huffmanCode } from "../../../src/snapshot/pprof/huffman.ts";

test("lengths make a code, or none, as zlib has it", () => {
  const isCode = (...lengths: number[]): boolean => huffmanCode(Uint8Array.from(lengths)) !== undefined;
  assertEquals(isCode(1, 2, 2), true);
  assertEquals(isCode(0, 0), true, "no symbol at all");
  assertEquals(isCode(0, 1), true, "one symbol of one bit");
  assertEquals(isCode(1, 1, 1), false, "too many codes");
  assertEquals(isCode(1, 1, 15), false, "too many codes");
  assertEquals(isCode(2, 2, 2), false, "too few codes");
  assertEquals(isCode(2), false, "one symbol of two bits");
});

test("codes of more bits than are looked up at once stay out of the lookup table", () => {
  const lengths = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15]);
  const code = huffmanCode(lengths)!;
  assertEquals(code.lookup.filter((entry) => entry === 0).length, 1);
  assertEquals(code.symbols, Uint16Array.from(lengths.keys()));
});

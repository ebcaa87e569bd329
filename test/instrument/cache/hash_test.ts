import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { hashOf, hashOfText, LARGE } from "../../../src/instrument/cache/hash.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test("the same bytes have the same hash, wherever they lie in memory", () => {
  const apart = bytesOf("0123456789");
  assertEquals(hashOf(apart.subarray(3, 9)), hashOf(bytesOf("345678")));
  assertEquals(hashOf(apart), "1fb5ea31cbd8fcac");
});

test("texts that differ in one character, in length or in order have different hashes, in both halves", () => {
  const source = "const list = [1, 2, 3];\n".repeat(50);
  const texts = new Set([source, "", "\0", "\0\0", "\0\0\0\0"]);
  for (let i = 0; i < source.length; i++) {
    for (const character of "ab \n") texts.add(source.slice(0, i) + character + source.slice(i + 1));
    texts.add(source.slice(0, i) + source.slice(i + 1));
    texts.add(source.slice(i) + source.slice(0, i));
  }
  const hashes = [...texts].map((text) => hashOf(bytesOf(text)));
  for (const [from, to] of [
    [0, 8],
    [8, 16],
  ]) {
    const halves = new Set(hashes.map((hash) => hash.slice(from, to)));
    // Of 5,000 random numbers of 32 bits, two are equal once in 340 times.
    assert(halves.size >= texts.size - 1, `${texts.size - halves.size} of ${texts.size}`);
  }
  assertEquals(new Set(hashes).size, texts.size);
});

test("each bit of the input turns half of the bits of the hash", () => {
  const bytes = new Uint8Array(64);
  const bits = (hash: string): number[] => [...hash].map((digit) => Number.parseInt(digit, 16));
  const plain = bits(hashOf(bytes));
  let turned = 0;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >> 3] = 1 << (bit & 7);
    const other = bits(hashOf(bytes));
    bytes[bit >> 3] = 0;
    for (let i = 0; i < 16; i++) for (let rest = plain[i]! ^ other[i]!; rest > 0; rest &= rest - 1) turned++;
  }
  const share = turned / (bytes.length * 8 * 64);
  assert(share > 0.45 && share < 0.55, `${share}`);
});

test("a large text has its length and a sum of all of it in its hash, which is that of its bytes", () => {
  const text = "const list = [1, 2, 3]; // ünï\n".repeat(LARGE / 16);
  const hash = hashOfText(text);
  assertEquals(hash, hashOf(bytesOf(text)));
  assertEquals(Number.parseInt(hash.slice(0, 8), 16), bytesOf(text).length);
  const hashes = new Set([hash]);
  // At the ends, and on both sides of the parts that it is taken in.
  for (const at of [0, 1, 2 ** 16 - 1, 2 ** 16, text.length >> 1, text.length - 1])
    hashes.add(hashOfText(`${text.slice(0, at)}~${text.slice(at + 1)}`));
  hashes.add(hashOfText(`${text}\n`));
  assertEquals(hashes.size, 8);
});

test("small texts have the hash of their bytes", () => {
  for (const text of ["", "a", "const ünï = 1;\n".repeat(100)])
    assertEquals(hashOfText(text), hashOf(bytesOf(text)));
});

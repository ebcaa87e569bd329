import { test } from "node:test";
import { constants, gunzipSync, gzipSync, crc32 as zlibCrc32 } from "node:zlib";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { crc32 } from "../../../src/snapshot/pprof/crc32.ts";
import { gunzip, gunzipPortable } from "../../../src/snapshot/pprof/gunzip.ts";
import { gzipStored } from "../../../src/snapshot/pprof/gzip.ts";
import { SnapshotFormatError } from "../../../src/vocabulary/errors.ts";

let state = 42;
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

/** Data that uses all of deflate: noise, few symbols, skewed symbols (long codes), repetitions near and far. */
function samples(): Uint8Array[] {
  const of = (length: number, byte: (i: number) => number): Uint8Array =>
    Uint8Array.from({ length }, (_, i) => byte(i));
  const noise = of(70000, () => random(256));
  const far = new Uint8Array(80000);
  far.set(noise.subarray(0, 40000));
  far.set(noise.subarray(0, 40000), 32768);
  return [
    new Uint8Array(),
    of(1, () => 65),
    of(100000, () => 0),
    noise,
    far,
    of(50000, () => random(4)),
    of(200000, () => 255 - Math.floor(Math.log2(1 + random(2 ** 30)))),
    of(60000, (i) => (i % 300 < 258 ? i % 300 : random(256))),
    new TextEncoder().encode("function frame(名) { return 1; }\n".repeat(3000)),
  ];
}

test("our inflate gives what zlib compressed, at all levels and strategies", () => {
  const { Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;
  for (const data of samples()) {
    for (let level = 0; level <= 9; level++) {
      const compressed = gzipSync(data, { level, strategy: Z_DEFAULT_STRATEGY, memLevel: 1 + (level % 9) });
      assertEquals(gunzipPortable(compressed, { filename: "" }), data);
    }
    for (const strategy of [Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE]) {
      assertEquals(gunzipPortable(gzipSync(data, { strategy }), { filename: "" }), data);
    }
  }
});

test("our inflate refuses what zlib refuses, and gives the same of the rest", () => {
  const small = samples().map((data) => data.subarray(0, 3000));
  let refused = 0;
  for (let run = 0; run < 2000; run++) {
    const damaged = new Uint8Array(gzipSync(small[run % small.length], { level: run % 10 }));
    for (let flips = 1 + random(2); flips > 0; flips--) damaged[random(damaged.length)] ^= 1 << random(8);
    let expected: Uint8Array | undefined;
    try {
      expected = new Uint8Array(gunzipSync(damaged));
    } catch {
      refused++;
    }
    if (expected === undefined) {
      assertThrows(() => gunzipPortable(damaged, { filename: "" }), SnapshotFormatError);
    } else assertEquals(gunzipPortable(damaged, { filename: "" }), expected);
  }
  assert(refused > 500 && refused < 2000, `${refused} were refused`);
});

test("truncated data is refused at every length, by both", () => {
  const whole = gzipSync(samples()[7].subarray(0, 2000));
  for (let length = 0; length < whole.length; length++) {
    const part = whole.subarray(0, length);
    assertThrows(() => gunzipPortable(part, { filename: "f" }), SnapshotFormatError, "f: the gzip data");
    if (length > 2) assertThrows(() => gunzip(part, { filename: "f" }), SnapshotFormatError, "truncated");
  }
});

test("members follow each other, zeros are padding, all else is refused", () => {
  const [one, two] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  const parts = (...list: Uint8Array[]): Uint8Array => Uint8Array.from(list.flatMap((part) => [...part]));
  const garbage = Uint8Array.of(1, 2, 3, 4);
  for (const decompress of [gunzip, gunzipPortable]) {
    const members = parts(gzipSync(one), gzipSync(two), new Uint8Array(9));
    assertEquals(decompress(members, { filename: "" }), Uint8Array.of(1, 2, 3));
    assertThrows(
      () => decompress(parts(gzipSync(one), garbage), { filename: "" }),
      SnapshotFormatError,
      "corrupt",
    );
  }
});

test("header fields are passed over", () => {
  const plain = gzipSync(Uint8Array.of(7, 8));
  const head = [...plain.subarray(0, 3), 4 | 8 | 16, ...plain.subarray(4, 10)];
  const extra = [3, 0, 1, 2, 3, ...new TextEncoder().encode("name\0comment\0")];
  const bytes = Uint8Array.from([...head, ...extra, ...plain.subarray(10)]);
  assertEquals(new Uint8Array(gunzipSync(bytes)), Uint8Array.of(7, 8));
  assertEquals(gunzipPortable(bytes, { filename: "" }), Uint8Array.of(7, 8));
});

test("output ends at the limit", () => {
  const compressed = gzipSync(new Uint8Array(5000));
  for (const decompress of [gunzip, gunzipPortable]) {
    assertEquals(decompress(compressed, { filename: "", maxLength: 5000 }).length, 5000);
    const over = (): unknown => decompress(compressed, { filename: "", maxLength: 4999 });
    assertThrows(over, SnapshotFormatError, "more than 4999 bytes");
  }
});

test("gzip of stored blocks is what zlib reads", () => {
  for (const length of [0, 1, 65535, 65536, 200000]) {
    const data = Uint8Array.from({ length }, () => random(256));
    assertEquals(new Uint8Array(gunzipSync(gzipStored(data))), data);
    assertEquals(gunzipPortable(gzipStored(data), { filename: "" }), data);
    assertEquals(crc32(data), zlibCrc32(data));
  }
});

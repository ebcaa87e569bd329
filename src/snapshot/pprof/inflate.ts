// Browser compatible.

import { once } from "../../tables/once.ts";
import { type HuffmanCode, huffmanCode, LOOKUP_BITS } from "./huffman.ts";

const END_OF_BLOCK = 256;
const MAX_BITS = 15;
/** Lengths 3…258 and distances 1…32768: a base and a number of further bits for each symbol (RFC 1951, 3.2.5). */
const LENGTH_BITS = Array.from({ length: 29 }, (_, symbol) =>
  symbol < 8 || symbol === 28 ? 0 : (symbol >> 2) - 1,
);
const DISTANCE_BITS = Array.from({ length: 30 }, (_, symbol) => (symbol < 4 ? 0 : (symbol >> 1) - 1));
const LENGTH_BASE = basesOf(LENGTH_BITS, 3);
const DISTANCE_BASE = basesOf(DISTANCE_BITS, 1);
// The one that breaks the rule: 258 has a symbol of its own.
LENGTH_BASE[28] = 258;

function basesOf(bits: readonly number[], first: number): number[] {
  let next = first;
  return bits.map((count) => (next += 1 << count) - (1 << count));
}

/** The order in which the lengths of the code for lengths come. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** What is wrong with deflate data. Where in it, and which of its rules is broken, would help nobody to mend the file. */
export type InflateProblem = "truncated" | "corrupt" | "too large";

/** Thrown by `Inflater`. */
export class InflateError extends Error {
  declare readonly message: InflateProblem;

  constructor(problem: InflateProblem = "corrupt") {
    super(problem);
  }
}

/** Decompresses deflate data (RFC 1951) where there is no zlib, as in a browser. */
export class Inflater {
  /** Where the next byte of the input is read. */
  pos: number;
  private readonly input: Uint8Array;
  /** Output of all calls of `inflate`. */
  private output: Uint8Array<ArrayBuffer>;
  private written = 0;
  private readonly maxLength: number;
  private bits = 0;
  private bitCount = 0;

  /** Reads from `input[pos]` on; `sizeHint` is a guess at the output's bytes, `maxLength` their limit. */
  constructor(
    input: Uint8Array,
    pos: number,
    { sizeHint, maxLength }: { sizeHint: number; maxLength: number },
  ) {
    this.input = input;
    this.pos = pos;
    this.maxLength = maxLength;
    this.output = new Uint8Array(Math.min(maxLength, Math.max(sizeHint, 1024)));
  }

  /** What was decompressed so far, without a copy. */
  result(): Uint8Array<ArrayBuffer> {
    return this.output.subarray(0, this.written);
  }

  /** Decompresses one deflate stream, and leaves `pos` after it. */
  inflate(): void {
    for (let last = false; !last; ) {
      last = this.take(1) === 1;
      const kind = this.take(2);
      if (kind === 0) this.stored();
      else if (kind === 1) this.block(...fixedCodes());
      else if (kind === 2) this.block(...this.dynamicCodes());
      else throw new InflateError();
    }
    // Whole bytes that were read ahead belong to what follows.
    this.pos -= this.bitCount >>> 3;
    this.bits = this.bitCount = 0;
  }

  private take(count: number): number {
    while (this.bitCount < count) {
      if (this.pos >= this.input.length) throw new InflateError("truncated");
      this.bits |= this.input[this.pos++] << this.bitCount;
      this.bitCount += 8;
    }
    const value = this.bits & ((1 << count) - 1);
    this.bits >>>= count;
    this.bitCount -= count;
    return value;
  }

  private stored(): void {
    this.pos -= this.bitCount >>> 3;
    this.bits = this.bitCount = 0;
    const length = this.take(16);
    if ((this.take(16) ^ 0xffff) !== length) throw new InflateError();
    if (this.pos + length > this.input.length) throw new InflateError("truncated");
    this.reserve(length);
    this.output.set(this.input.subarray(this.pos, this.pos + length), this.written);
    this.pos += length;
    this.written += length;
  }

  private dynamicCodes(): [HuffmanCode, HuffmanCode] {
    const literals = this.take(5) + 257;
    const distances = this.take(5) + 1;
    const codes = this.take(4) + 4;
    if (literals > 286 || distances > 30) throw new InflateError();
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < codes; i++) codeLengths[CODE_LENGTH_ORDER[i]] = this.take(3);
    const lengthCode = huffmanCode(codeLengths);
    // An incomplete code is no code for lengths, one symbol or not.
    if (lengthCode === undefined || !isComplete(lengthCode)) throw new InflateError();
    const lengths = this.codeLengths(lengthCode, literals + distances);
    if (lengths[END_OF_BLOCK] === 0) throw new InflateError();
    const literal = huffmanCode(lengths.subarray(0, literals));
    const distance = huffmanCode(lengths.subarray(literals));
    if (literal === undefined || distance === undefined) throw new InflateError();
    return [literal, distance];
  }

  private codeLengths(code: HuffmanCode, count: number): Uint8Array {
    const lengths = new Uint8Array(count);
    for (let i = 0; i < count; ) {
      const symbol = this.symbol(code);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw new InflateError();
      const repeated = symbol === 16 ? lengths[i - 1] : 0;
      const times = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (i + times > count) throw new InflateError();
      lengths.fill(repeated, i, (i += times));
    }
    return lengths;
  }

  private symbol({ lookup, counts, symbols }: HuffmanCode): number {
    while (this.bitCount < MAX_BITS && this.pos < this.input.length) {
      this.bits |= this.input[this.pos++] << this.bitCount;
      this.bitCount += 8;
    }
    const entry = lookup[this.bits & ((1 << LOOKUP_BITS) - 1)];
    if (entry !== 0) {
      const length = entry & 15;
      if (length > this.bitCount) throw new InflateError("truncated");
      this.bits >>>= length;
      this.bitCount -= length;
      return entry >>> 4;
    }
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_BITS; length++) {
      code |= this.take(1);
      if (code - counts[length] < first) return symbols[index + code - first];
      index += counts[length];
      first = (first + counts[length]) << 1;
      code <<= 1;
    }
    throw new InflateError();
  }

  private block(literal: HuffmanCode, distanceCode: HuffmanCode): void {
    for (;;) {
      const symbol = this.symbol(literal);
      if (symbol < END_OF_BLOCK) {
        if (this.written === this.output.length) this.reserve(1);
        this.output[this.written++] = symbol;
        continue;
      }
      if (symbol === END_OF_BLOCK) return;
      const lengthSymbol = symbol - END_OF_BLOCK - 1;
      if (lengthSymbol >= LENGTH_BASE.length) throw new InflateError();
      const length = LENGTH_BASE[lengthSymbol] + this.take(LENGTH_BITS[lengthSymbol]);
      const distanceSymbol = this.symbol(distanceCode);
      if (distanceSymbol >= DISTANCE_BASE.length) throw new InflateError();
      const distance = DISTANCE_BASE[distanceSymbol] + this.take(DISTANCE_BITS[distanceSymbol]);
      this.copy(length, distance);
    }
  }

  private copy(length: number, distance: number): void {
    if (distance > this.written) throw new InflateError();
    this.reserve(length);
    const { output } = this;
    let from = this.written - distance;
    let to = this.written;
    // Byte by byte: source and target may overlap, and then repeat.
    for (const end = to + length; to < end; ) output[to++] = output[from++];
    this.written = to;
  }

  private reserve(count: number): void {
    const needed = this.written + count;
    if (needed <= this.output.length) return;
    if (needed > this.maxLength) throw new InflateError("too large");
    const larger = new Uint8Array(Math.min(this.maxLength, Math.max(needed, this.output.length * 2)));
    larger.set(this.output);
    this.output = larger;
  }
}

function isComplete({ counts }: HuffmanCode): boolean {
  let left = 1;
  for (let length = 1; length <= MAX_BITS; length++) left = left * 2 - counts[length];
  return left === 0;
}

const fixedCodes = once((): [HuffmanCode, HuffmanCode] => {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  return [huffmanCode(lengths)!, huffmanCode(new Uint8Array(32).fill(5))!];
});

// Browser compatible.

import { MAX_BYTES } from "./limits.ts";
import { encoder } from "./text_coding.ts";

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const TWO_32 = 2 ** 32;

const floatView = new DataView(new ArrayBuffer(8));

/** Writes protobuf into a byte array that grows. Field numbers are below 16, so that a tag is one byte. */
export class ProtoWriter {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 16);
  pos = 0;

  /** What was written, without a copy. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.pos);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    // Small, so that engines inline it.
    if (this.pos + count > this.bytes.length) this.grow(this.pos + count);
  }

  private grow(needed: number): void {
    if (needed > MAX_BYTES) {
      throw new RangeError(
        `the snapshot takes more than ${MAX_BYTES} bytes before compression: filter it first`,
      );
    }
    const grown = new Uint8Array(Math.min(MAX_BYTES, Math.max(needed, this.bytes.length * 2)));
    grown.set(this.bytes.subarray(0, this.pos));
    this.bytes = grown;
  }

  /** An integer from 0 up to 2^64, exactly as far as the double is. */
  varint(value: number): void {
    this.reserve(10);
    if (value < 0x80) this.bytes[this.pos++] = value;
    else if (value < TWO_32) this.varint32(value);
    else this.varint64(value >>> 0, Math.floor(value / TWO_32));
  }

  /** An integer from -2^63 on: negative ones in two's complement, ten bytes long. */
  signedVarint(value: number): void {
    this.reserve(10);
    if (value >= 0) this.varint(value);
    else this.varint64(value >>> 0, Math.floor(value / TWO_32));
  }

  private varint32(value: number): void {
    const { bytes } = this;
    let { pos } = this;
    while (value > 0x7f) {
      bytes[pos++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    bytes[pos++] = value;
    this.pos = pos;
  }

  private varint64(low: number, high: number): void {
    while (high !== 0) {
      this.bytes[this.pos++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.varint32(low);
  }

  /** Field `field` with an integer, zero or not. */
  integer(field: number, value: number): void {
    this.reserve(11);
    this.bytes[this.pos++] = (field << 3) | VARINT;
    this.varint(value);
  }

  /** The head of field `field`, a packed list or message of `length` bytes, and room for these. */
  head(field: number, length: number): void {
    this.reserve(6 + length);
    this.bytes[this.pos++] = (field << 3) | LENGTH_DELIMITED;
    this.varint32(length);
  }

  /** Field `field` with the bit pattern of a float that is not negative, as an int64. */
  floatBits(field: number, value: number): void {
    this.reserve(11);
    this.bytes[this.pos++] = (field << 3) | VARINT;
    floatView.setFloat64(0, value);
    this.varint64(floatView.getUint32(4), floatView.getUint32(0));
  }

  /** Field `field` with text. */
  string(field: number, text: string): void {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    this.reserve(6 + text.length * 3);
    this.bytes[this.pos++] = (field << 3) | LENGTH_DELIMITED;
    const width = varintLength(text.length);
    const start = this.pos + width;
    const { written } = encoder().encodeInto(text, this.bytes.subarray(start));
    this.placeLength(written, start, width);
  }

  /**
   * Begins field `field`, a message, and gives what `end` wants. `width` is a guess at the bytes of its length:
   * right guesses save a move.
   */
  begin(field: number, width: 1 | 2 = 1): number {
    this.reserve(1 + width);
    this.bytes[this.pos++] = (field << 3) | LENGTH_DELIMITED;
    this.pos += width;
    return this.pos;
  }

  /** Ends the message that began at `start`, with the same `width`. */
  end(start: number, width: 1 | 2 = 1): void {
    this.placeLength(this.pos - start, start, width);
  }

  private placeLength(length: number, start: number, width: number): void {
    const needed = varintLength(length);
    if (needed !== width) {
      this.reserve(5 + length);
      this.bytes.copyWithin(start - width + needed, start, start + length);
    }
    this.pos = start - width;
    this.varint32(length);
    this.pos += length;
  }
}

/** Bytes of `value` as a varint. */
export function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  let length = 4;
  for (let rest = value / 0x10000000; rest >= 1; rest /= 128) length++;
  return length;
}

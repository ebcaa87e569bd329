// Browser compatible.

import { SnapshotFormatError } from "../../vocabulary/errors.ts";
import { type ReadLimits, readLimits } from "./limits.ts";

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED_32 = 5;
/** As deep as Google's own readers follow nested groups. */
const MAX_GROUP_DEPTH = 100;
const TWO_32 = 2 ** 32;

/** Reads protobuf. Whatever is wrong with the bytes throws a SnapshotFormatError with the offset. */
export class ProtoReader {
  readonly bytes: Uint8Array;
  readonly filename: string;
  readonly limits: ReadLimits;
  pos = 0;
  /** Where the message being read ends. */
  end: number;
  /** Of the last tag. */
  field = 0;
  /** Of the last tag. */
  wireType = 0;
  /** Where the last tag began. */
  tagOffset = 0;
  /** The halves of the last varint that `signed` read. */
  high = 0;
  low = 0;

  /** @param limits those of the file that the bytes were unpacked from */
  constructor(bytes: Uint8Array, filename: string, limits: ReadLimits = readLimits(bytes.length)) {
    this.bytes = bytes;
    this.filename = filename;
    this.limits = limits;
    this.end = bytes.length;
  }

  fail(reason: string, offset: number = this.tagOffset): never {
    throw new SnapshotFormatError(reason, { filename: this.filename, offset });
  }

  /** Refuses a file of more `what` (a plural) than are read of one of its size. */
  failOver(limit: number, what: string): never {
    return this.fail(`more than ${limit} ${what}, the most that is read of a file of this size`);
  }

  /** Reads the next tag into `field` and `wireType`; false at the end of the message. */
  next(): boolean {
    if (this.pos >= this.end) return false;
    this.tagOffset = this.pos;
    const byte = this.bytes[this.pos];
    if (byte < 0x80 && byte >= 8) {
      this.pos++;
      this.field = byte >>> 3;
      this.wireType = byte & 7;
      return true;
    }
    const tag = this.unsigned();
    if (tag < 8 || tag >= TWO_32) this.fail(`no protobuf field has the tag ${tag}`);
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    return true;
  }

  /** A varint as an unsigned integer; above 2^53 the nearest double. */
  unsigned(): number {
    const { bytes, end } = this;
    const pos = this.pos;
    if (pos + 2 < end) {
      const first = bytes[pos];
      if (first < 0x80) {
        this.pos = pos + 1;
        return first;
      }
      const second = bytes[pos + 1];
      if (second < 0x80) {
        this.pos = pos + 2;
        return (first & 0x7f) | (second << 7);
      }
      const third = bytes[pos + 2];
      if (third < 0x80) {
        this.pos = pos + 3;
        return (first & 0x7f) | ((second & 0x7f) << 7) | (third << 14);
      }
    }
    this.varint();
    return this.high === 0 ? this.low : this.high * TWO_32 + this.low;
  }

  /** A varint as a signed 64-bit integer; beyond ±2^53 the nearest double. */
  signed(): number {
    const byte = this.pos < this.end ? this.bytes[this.pos] : 0xff;
    if (byte < 0x80) {
      this.pos++;
      this.high = 0;
      this.low = byte;
      return byte;
    }
    this.varint();
    return this.high === 0 ? this.low : (this.high | 0) * TWO_32 + this.low;
  }

  /** A varint as an identity: never two values as one. */
  identity(): number | bigint {
    return this.lastIdentity(this.unsigned());
  }

  /** The same for a varint that `unsigned` read as `value`. */
  lastIdentity(value: number): number | bigint {
    return value <= Number.MAX_SAFE_INTEGER ? value : (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  private varint(): void {
    const { bytes, end } = this;
    const start = this.pos;
    let pos = start;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) this.fail("the data ends within a number", start);
      const byte = bytes[pos++];
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else {
        if (shift === 63 && byte > 1) this.fail("a number is longer than 64 bits", start);
        high |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        this.pos = pos;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
  }

  /** The length of a length-delimited field, checked against what is left. */
  length(): number {
    const start = this.pos;
    const length = this.unsigned();
    const left = this.end - this.pos;
    if (length > left) this.fail(`${length} bytes are announced, ${left} are left`, start);
    return length;
  }

  /** Goes into the message of the last tag; gives what `leave` wants. */
  enter(what: string): number {
    this.expect(LENGTH_DELIMITED, what);
    const length = this.length();
    const outer = this.end;
    this.end = this.pos + length;
    return outer;
  }

  leave(outer: number): void {
    this.end = outer;
  }

  /** Checks that the last tag announced a varint. */
  expectVarint(what: string): void {
    this.expect(VARINT, what);
  }

  /** Whether the last tag announced a packed list (else it must be a single varint). */
  isPacked(what: string): boolean {
    if (this.wireType === LENGTH_DELIMITED) return true;
    this.expect(VARINT, what);
    return false;
  }

  private expect(wireType: number, what: string): void {
    if (this.wireType !== wireType) {
      this.fail(`${what} has the wire type ${this.wireType}, which must be ${wireType}`);
    }
  }

  /** Passes over the field of the last tag. */
  skip(): void {
    const open: number[] = [];
    for (;;) {
      if (this.wireType === START_GROUP) {
        if (open.length === MAX_GROUP_DEPTH) this.fail(`groups are nested deeper than ${MAX_GROUP_DEPTH}`);
        open.push(this.field);
      } else if (this.wireType === END_GROUP) {
        if (open.pop() !== this.field) this.fail(`the end of group ${this.field} has no beginning`);
      } else {
        this.skipScalar();
      }
      if (open.length === 0) return;
      if (!this.next()) this.fail(`group ${open.at(-1)} has no end`, this.pos);
    }
  }

  private skipScalar(): void {
    if (this.wireType === VARINT) this.varint();
    else if (this.wireType === LENGTH_DELIMITED) {
      const length = this.length();
      this.pos += length;
    } else if (this.wireType === FIXED_64 || this.wireType === FIXED_32) {
      const size = this.wireType === FIXED_64 ? 8 : 4;
      if (this.end - this.pos < size) this.fail("the data ends within a number");
      this.pos += size;
    } else this.fail(`no protobuf field has the wire type ${this.wireType}`);
  }
}

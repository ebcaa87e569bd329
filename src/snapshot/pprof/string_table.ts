// Browser compatible.

import { MAX_STRING_BYTES } from "./limits.ts";
import type { ProtoReader } from "./proto_reader.ts";
import { newDecoder } from "./text_coding.ts";

/** The strings of a profile that is being read, decoded when asked for. Invalid UTF-8 is replaced by U+FFFD. */
export class StringTable {
  size = 0;
  private readonly reader: ProtoReader;
  private readonly decoder = newDecoder({ ignoreBOM: true });
  private start = new Int32Array(256);
  private end = new Int32Array(256);
  private readonly decoded: string[] = [];

  constructor(reader: ProtoReader) {
    this.reader = reader;
  }

  /** Takes the string at the reader's position. */
  add(): void {
    const { reader } = this;
    const { entries } = reader.limits;
    if (this.size === entries) reader.failOver(entries, "strings");
    const outer = reader.enter("a string");
    const length = reader.end - reader.pos;
    if (length > MAX_STRING_BYTES)
      reader.fail(`a string of ${length} bytes; at most ${MAX_STRING_BYTES} are read`);
    if (this.size === 0 && length > 0) reader.fail('the first string must be ""');
    if (this.size === this.start.length) this.grow();
    this.start[this.size] = reader.pos;
    this.end[this.size] = reader.end;
    this.size++;
    reader.pos = reader.end;
    reader.leave(outer);
  }

  private grow(): void {
    const capacity = this.start.length * 2;
    const { start, end } = this;
    this.start = new Int32Array(capacity);
    this.start.set(start);
    this.end = new Int32Array(capacity);
    this.end.set(end);
  }

  /** The reader's next varint as the number of a string, `what` for errors. */
  readNumber(what: string): number {
    const { reader } = this;
    reader.expectVarint(what);
    return this.checked(reader.signed(), what);
  }

  checked(number: number, what: string): number {
    if (number >= 0 && number < this.size) return number;
    return this.reader.fail(`${what} is string ${number}, and there are ${this.size} strings`);
  }

  get(number: number): string {
    // Not an array with holes, which engines turn into a slow one: numbers come in about ascending order.
    const { decoded } = this;
    while (decoded.length <= number) decoded.push(undefined as unknown as string);
    const known = decoded[number];
    if (known !== undefined) return known;
    const bytes = this.reader.bytes.subarray(this.start[number], this.end[number]);
    return (decoded[number] = this.decoder.decode(bytes));
  }
}

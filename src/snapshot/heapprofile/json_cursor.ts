// Browser compatible.

import { SnapshotFormatError } from "../../vocabulary/errors.ts";
import { MAX_STRING_BYTES } from "../pprof/limits.ts";
import { newDecoder } from "../pprof/text_coding.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
/** A double takes 24 characters. */
const LONGEST_NUMBER = 40;

/**
 * Reads JSON piece by piece, as its caller asks for them. `JSON.parse` makes up to ten times a file's size of it in memory before
 * anybody can look whether it is what was asked for. Whatever is wrong throws a SnapshotFormatError with the offset.
 */
export class JsonCursor {
  readonly filename: string;
  /** Of the next byte. */
  pos = 0;
  readonly #bytes: Uint8Array;
  readonly #decoder = newDecoder({ ignoreBOM: true });

  constructor(bytes: Uint8Array, filename: string) {
    this.#bytes = bytes;
    this.filename = filename;
  }

  fail(reason: string): never {
    throw new SnapshotFormatError(reason, { filename: this.filename, offset: this.pos });
  }

  /** Begins an object. */
  open(what: string): void {
    this.#expect(OPEN, what);
  }

  /** The next name of an object; null: the object has ended. `isFirst`: nothing of the object was read yet. */
  key(isFirst: boolean): string | null {
    const byte = this.#peek();
    if (byte === CLOSE) {
      this.pos++;
      return null;
    }
    if (!isFirst) this.#expect(COMMA, "a comma or }");
    const key = this.string("a name");
    this.#expect(COLON, "a colon");
    return key;
  }

  /** Begins a list. */
  openList(what: string): void {
    this.#expect(OPEN_LIST, what);
  }

  /** Whether the list has one more entry, which comes next. `isFirst`: nothing of the list was read yet. */
  entry(isFirst: boolean): boolean {
    if (this.#peek() === CLOSE_LIST) {
      this.pos++;
      return false;
    }
    if (!isFirst) this.#expect(COMMA, "a comma or ]");
    return true;
  }

  string(what: string): string {
    this.#expect(QUOTE, what);
    const from = this.pos;
    const isPlain = this.#passString();
    if (isPlain) return this.#text(from, this.pos - 1);
    try {
      return JSON.parse(this.#text(from - 1, this.pos)) as string;
    } catch {
      this.pos = from;
      return this.fail("a string that is no JSON");
    }
  }

  number(what: string): number {
    this.#peek();
    const from = this.pos;
    while (isPartOfNumber(this.#bytes[this.pos]) && this.pos - from <= LONGEST_NUMBER) this.pos++;
    const text = this.#text(from, this.pos);
    if (NUMBER.test(text)) return Number(text);
    this.pos = from;
    return this.fail(`${what} is no number`);
  }

  /** Passes over a value, however deep. */
  skip(): void {
    let depth = 0;
    do {
      const byte = this.#peek();
      this.pos++;
      if (byte === QUOTE) this.#passString();
      else if (byte === OPEN || byte === OPEN_LIST) depth++;
      else if (byte === CLOSE || byte === CLOSE_LIST) depth--;
      else if (byte !== COMMA && byte !== COLON) this.#passWord();
      if (depth < 0) this.fail("a value was expected");
    } while (depth > 0);
  }

  /** Nothing may follow. */
  end(): void {
    this.#passSpace();
    if (this.pos < this.#bytes.length) this.fail("something follows the profile");
  }

  /** The next byte that is no space. */
  #peek(): number {
    this.#passSpace();
    if (this.pos >= this.#bytes.length)
      this.fail("the file ends too early: it has been cut off, or is being written still");
    return this.#bytes[this.pos];
  }

  #passSpace(): void {
    const bytes = this.#bytes;
    while (
      bytes[this.pos] === 0x20 ||
      bytes[this.pos] === 0x0a ||
      bytes[this.pos] === 0x0d ||
      bytes[this.pos] === 0x09
    )
      this.pos++;
  }

  #expect(byte: number, what: string): void {
    if (this.#peek() !== byte) this.fail(`${what} was expected`);
    this.pos++;
  }

  /** Goes behind the closing quote; whether the text between stands for itself. */
  #passString(): boolean {
    const bytes = this.#bytes;
    const from = this.pos;
    let isPlain = true;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.pos = at + 1;
        return isPlain;
      }
      if (byte === BACKSLASH) at++;
      // JSON writes control characters out.
      if (byte === BACKSLASH || byte < 0x20) isPlain = false;
      if (at - from > MAX_STRING_BYTES) this.fail(`a string of more than ${MAX_STRING_BYTES} bytes`);
    }
    this.pos = bytes.length;
    return this.fail("the file ends within a string: it has been cut off, or is being written still");
  }

  /** A number, `true`, `false` or `null`, of which the first byte was read. */
  #passWord(): void {
    const from = this.pos - 1;
    while (isPartOfWord(this.#bytes[this.pos]) && this.pos - from <= LONGEST_NUMBER) this.pos++;
    const text = this.#text(from, this.pos);
    if (text === "true" || text === "false" || text === "null" || NUMBER.test(text)) return;
    this.pos = from;
    this.fail("a value was expected");
  }

  #text(from: number, to: number): string {
    return this.#decoder.decode(this.#bytes.subarray(from, to));
  }
}

/** Digits, signs, the point and the exponent's letter; `undefined` at the end of the file. */
function isPartOfNumber(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x45 ||
    byte === 0x65
  );
}

function isPartOfWord(byte: number | undefined): boolean {
  return byte !== undefined && (isPartOfNumber(byte) || (byte >= 0x61 && byte <= 0x7a));
}

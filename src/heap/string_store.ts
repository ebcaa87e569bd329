/** What is kept of a string: names of classes, properties and files are shorter, and V8 itself cuts at 1024 characters. */
const LONGEST = 2048;
const SEGMENT_BITS = 24;
const SEGMENT = 2 ** SEGMENT_BITS;
const SEGMENT_MASK = SEGMENT - 1;
/** 4 GiB: offsets are 32 bits. */
const MOST_SEGMENTS = 2 ** (32 - SEGMENT_BITS);

const MOST_RECENT = 4096;

const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/**
 * The strings of a heap snapshot as the bytes that stand in the file, escapes and all. They are read when somebody asks for one: of
 * a million that a heap has, a report shows a few hundred.
 */
export class StringStore {
  readonly #segments: Uint8Array<ArrayBuffer>[] = [];
  #offsets = new Uint32Array(1024);
  #end = 0;
  #inSegment = SEGMENT;
  #length = 0;
  #kept = 0;
  /** Names of classes and properties are asked for again and again. */
  readonly #recent = new Map<number, string>();
  readonly #decoder = new TextDecoder();

  get length(): number {
    return this.#length;
  }

  /** Bytes that are taken. */
  get size(): number {
    return this.#segments.length * SEGMENT + this.#offsets.byteLength;
  }

  /** Begins the next string. Gives false where there is no more room. */
  begin(): boolean {
    if (this.#inSegment + LONGEST > SEGMENT) {
      if (this.#segments.length === MOST_SEGMENTS) return false;
      this.#segments.push(new Uint8Array(SEGMENT));
      this.#inSegment = 0;
      this.#end = (this.#segments.length - 1) * SEGMENT;
    }
    if (this.#length + 1 >= this.#offsets.length) {
      const larger = new Uint32Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    this.#offsets[this.#length++] = this.#end;
    this.#kept = 0;
    return true;
  }

  /** Adds bytes of the string that was begun last; what is too long is cut. */
  append(bytes: Uint8Array, start: number, end: number): void {
    const length = Math.min(end - start, LONGEST - 2 - this.#kept);
    if (length <= 0) return;
    const segment = this.#segments[this.#segments.length - 1];
    for (let i = 0; i < length; i++) segment[this.#inSegment + i] = bytes[start + i];
    this.#inSegment += length;
    this.#end += length;
    this.#kept += length;
  }

  /** Ends it. What was cut within an escape loses the rest of it. */
  end(): void {
    const segment = this.#segments[this.#segments.length - 1];
    let backslashes = 0;
    while (backslashes < this.#kept && segment[this.#inSegment - 1 - backslashes] === BACKSLASH)
      backslashes++;
    if (backslashes % 2 === 1) {
      this.#inSegment--;
      this.#end--;
    }
    segment[this.#inSegment++] = QUOTE;
    this.#end++;
  }

  /** The string; empty where there is none of this number. */
  at(index: number): string {
    if (!(index < this.#length)) return "";
    let text = this.#recent.get(index);
    if (text !== undefined) return text;
    text = this.#decode(index);
    if (this.#recent.size === MOST_RECENT) this.#recent.clear();
    this.#recent.set(index, text);
    return text;
  }

  #decode(index: number): string {
    const start = this.#offsets[index];
    const segment = this.#segments[start >>> SEGMENT_BITS];
    const from = start & SEGMENT_MASK;
    let to = from;
    let isPlain = true;
    for (; segment[to] !== QUOTE; to++) {
      if (segment[to] !== BACKSLASH) continue;
      isPlain = false;
      to++;
    }
    let text = this.#decoder.decode(segment.subarray(from, to));
    // It was cut, perhaps within a character.
    if (to - from > LONGEST - 8) text = text.replace(/\ufffd$/, "");
    return isPlain ? text : unescaped(text);
  }

  /** The number of the first string like this one, which is plain ASCII; -1: there is none. */
  indexOf(text: string): number {
    const wanted = new TextEncoder().encode(text);
    for (let i = 0; i < this.#length; i++)
      if (this.#lengthAt(i) === wanted.length && this.includes(i, wanted)) return i;
    return -1;
  }

  /** Whether the string's bytes have this text in them; for texts of plain ASCII. */
  includes(index: number, text: Uint8Array): boolean {
    const start = this.#offsets[index];
    const segment = this.#segments[start >>> SEGMENT_BITS];
    const end = this.#lengthAt(index) + (start & SEGMENT_MASK) - text.length;
    for (let i = start & SEGMENT_MASK; i <= end; i++) {
      let same = 0;
      while (same < text.length && segment[i + same] === text[same]) same++;
      if (same === text.length) return true;
    }
    return false;
  }

  #lengthAt(index: number): number {
    const start = this.#offsets[index];
    const next = index + 1 < this.#length ? this.#offsets[index + 1] : this.#end;
    const isLastOfSegment = next >>> SEGMENT_BITS !== start >>> SEGMENT_BITS;
    if (!isLastOfSegment) return next - start - 1;
    const segment = this.#segments[start >>> SEGMENT_BITS];
    let to = start & SEGMENT_MASK;
    for (; segment[to] !== QUOTE; to++) if (segment[to] === BACKSLASH) to++;
    return to - (start & SEGMENT_MASK);
  }
}

/** What JSON's escapes stand for. A string that was cut may end within one. */
function unescaped(text: string): string {
  for (let cut = 0; cut < 12; cut++) {
    try {
      return JSON.parse(`"${text.slice(0, text.length - cut)}"`) as string;
    } catch {
      // one character less
    }
  }
  return text;
}

// Browser compatible.

/** Bits that are looked up at once; longer codes are rare, and found bit by bit. */
export const LOOKUP_BITS = 10;
const MAX_BITS = 15;

/** A Huffman code of deflate. */
export interface HuffmanCode {
  /** For the next `LOOKUP_BITS` bits: symbol × 16 + length of its code; 0: the code is longer, or there is none. */
  readonly lookup: Uint16Array;
  /** Number of codes of each length. */
  readonly counts: Uint16Array;
  /** Symbols in the order of their codes. */
  readonly symbols: Uint16Array;
}

/**
 * The code whose symbol `i` has a code of `lengths[i]` bits (0: no code). Undefined where the lengths make no code: too
 * many codes, or too few (allowed is, as in zlib, no code at all, and one code of one bit).
 */
export function huffmanCode(lengths: Uint8Array): HuffmanCode | undefined {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length]++;
  const used = lengths.length - counts[0];
  counts[0] = 0;
  let left = 1;
  for (let length = 1; length <= MAX_BITS; length++) {
    left = left * 2 - counts[length];
    if (left < 0) return undefined;
  }
  if (left > 0 && used > 0 && !(used === 1 && counts[1] === 1)) return undefined;
  const nextIndex = new Uint16Array(MAX_BITS + 2);
  const nextCode = new Uint16Array(MAX_BITS + 2);
  for (let length = 1; length <= MAX_BITS; length++) {
    nextIndex[length + 1] = nextIndex[length] + counts[length];
    nextCode[length + 1] = (nextCode[length] + counts[length]) << 1;
  }
  const symbols = new Uint16Array(used);
  const lookup = new Uint16Array(1 << LOOKUP_BITS);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length === 0) continue;
    symbols[nextIndex[length]++] = symbol;
    const code = nextCode[length]++;
    if (length > LOOKUP_BITS) continue;
    const step = 1 << length;
    for (let i = reversed(code, length); i < lookup.length; i += step) lookup[i] = (symbol << 4) | length;
  }
  return { lookup, counts, symbols };
}

/** Codes come with their highest bit first, everything else in deflate with the lowest. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let i = 0; i < length; i++) {
    result = (result << 1) | (code & 1);
    code >>= 1;
  }
  return result;
}

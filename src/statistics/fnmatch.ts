// Browser compatible.

/** Matches one code point. */
type Matcher = (code: number) => boolean;

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const NOT = 0x21;
const HYPHEN = 0x2d;

/**
 * Makes a test for whole names out of a shell pattern, as Python's `fnmatch.fnmatchcase` does: `*` stands for
 * anything, `/` too, `?` for one character, `[seq]` and `[!seq]` for one of a set or not; case matters.
 *
 * Between two stars the leftmost match is taken and never reconsidered, so that no pattern can make it slow.
 *
 * @example Match
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert(fnmatch("*.test.[jt]s")("src/app/main.test.ts"));
 * ```
 */
export function fnmatch(pattern: string): (name: string) => boolean {
  const [first, ...rest] = parse(codePoints(pattern));
  const last = rest.pop();
  if (last === undefined) {
    return (name) => {
      const codes = codePoints(name);
      return codes.length === first.length && matchesAt(first, codes, 0);
    };
  }
  return (name) => {
    const codes = codePoints(name);
    const lastAt = codes.length - last.length;
    if (first.length > lastAt || !matchesAt(first, codes, 0) || !matchesAt(last, codes, lastAt)) return false;
    let at = first.length;
    for (const part of rest) {
      while (at + part.length <= lastAt && !matchesAt(part, codes, at)) at++;
      at += part.length;
      if (at > lastAt) return false;
    }
    return true;
  };
}

function codePoints(text: string): number[] {
  return Array.from(text, (char) => char.codePointAt(0)!);
}

function matchesAt(part: readonly Matcher[], codes: readonly number[], at: number): boolean {
  for (let i = 0; i < part.length; i++) if (!part[i](codes[at + i])) return false;
  return true;
}

/** The parts between the stars. */
function parse(pattern: readonly number[]): Matcher[][] {
  const parts: Matcher[][] = [[]];
  for (let at = 0; at < pattern.length; at++) {
    const code = pattern[at];
    if (code === STAR) {
      // Several stars are one; a part without anything would only cost time.
      if (pattern[at - 1] !== STAR) parts.push([]);
      continue;
    }
    const end = code === OPEN ? endOfSet(pattern, at + 1) : -1;
    if (end >= 0) {
      parts.at(-1)!.push(setMatcher(pattern.slice(at + 1, end)));
      at = end;
    } else {
      parts.at(-1)!.push(code === QUESTION ? () => true : (other) => other === code);
    }
  }
  return parts;
}

/** Where the `]` is that closes the set; one that stands first belongs to the set. -1: nowhere, `[` is a character. */
function endOfSet(pattern: readonly number[], start: number): number {
  let at = start;
  if (pattern[at] === NOT) at++;
  if (pattern[at] === CLOSE) at++;
  return pattern.indexOf(CLOSE, at);
}

function setMatcher(set: readonly number[]): Matcher {
  const chunks = set.includes(HYPHEN) ? withoutEmptyRanges(chunksOf(set)) : [[...set]];
  // Whether it is negated shows only now: Python drops empty ranges first.
  const negated = chunks[0][0] === NOT;
  if (negated) chunks[0].shift();
  const ranges = rangesOf(chunks);
  return (code) => ranges.some(([low, high]) => low <= code && code <= high) !== negated;
}

/** The set cut at the hyphens that make ranges: `a-cx-z` gives `a`, `cx`, `z`. */
function chunksOf(set: readonly number[]): number[][] {
  const chunks: number[][] = [];
  let start = 0;
  let hyphen = set.indexOf(HYPHEN, set[0] === NOT ? 2 : 1);
  for (; hyphen >= 0; hyphen = set.indexOf(HYPHEN, hyphen + 3)) {
    chunks.push(set.slice(start, hyphen));
    start = hyphen + 1;
  }
  if (start < set.length) chunks.push(set.slice(start));
  else chunks.at(-1)!.push(HYPHEN);
  return chunks;
}

function withoutEmptyRanges(chunks: number[][]): number[][] {
  for (let i = chunks.length - 1; i > 0; i--) {
    if (chunks[i - 1].at(-1)! > chunks[i][0]) {
      chunks.splice(i - 1, 2, [...chunks[i - 1].slice(0, -1), ...chunks[i].slice(1)]);
    }
  }
  return chunks;
}

/** The hyphens between the chunks make ranges of their neighbours; one that lost its left neighbour is a character. */
function rangesOf(chunks: readonly number[][]): [low: number, high: number][] {
  const ranges: [number, number][] = [];
  chunks.forEach((chunk, i) => {
    for (const code of chunk) ranges.push([code, code]);
    const next = chunks[i + 1];
    if (next) ranges.push(chunk.length > 0 ? [chunk.at(-1)!, next[0]] : [HYPHEN, HYPHEN]);
  });
  return ranges;
}

// Browser compatible.
import type { V8Answers } from "../../host/v8_answers.ts";
import { SafeMap } from "../../tables/safe_collections.ts";
import { sizes } from "../sizes/size.ts";
import type { SeenStrings } from "./contents.ts";

/** Of texts that look alike, so many are known again: of a text of which there are more copies, one that is held twice may count twice. */
const KNOWN_COPIES = 32;
/** Shorter ones are neither parts of other strings nor trees. */
const SHORTEST_PART = 13;
/** Of longer texts every so many-th character is looked at, some 128 in all, and the last ones, which often have a number. */
const WHOLLY_READ = 256;
const LAST = 16;

const { charCodeAt } = String.prototype;
const { apply } = Reflect;

/** Strings that have been seen, as the engine has them: equal ones that were made at different moments are different strings. */
export class StringCopies implements SeenStrings {
  /** Characters of all strings that were asked for, as often as they were. */
  held = 0;
  /** Bytes of those that are trees, each as often as `weight` says. */
  trees = 0;
  weight = 1;
  readonly #isSame: V8Answers["isSame"] | null;
  readonly #isFlat: V8Answers["isFlat"] | null;
  readonly #first = new SafeMap<string | number, string>();
  /** Where there are more: these. */
  readonly #more = new SafeMap<string | number, Copies>();

  /** @param answers Null: nobody can tell equal strings apart, and they count as one. */
  constructor(answers: Pick<V8Answers, "isSame" | "isFlat"> | null) {
    this.#isSame = answers === null ? null : answers.isSame;
    this.#isFlat = answers === null ? null : answers.isFlat;
  }

  has(text: string): boolean {
    // Strings of one letter are the engine's own.
    if (text.length === 1) return true;
    this.held += text.length;
    if (this.#isFlat === null || this.#isFlat(text)) return this.#isKnown(text, this.#keyOf(text));
    // Whoever reads a tree makes it flat: a look must not. Those of one length are told apart as they are.
    const key = `${text.length} `;
    if (!this.#isKnown(text, key)) {
      this.#note(text, key);
      this.trees += treeSize(text.length) * this.weight;
    }
    return true;
  }

  #isKnown(text: string, key: string | number): boolean {
    const first = this.#first.get(key);
    if (first === undefined) return false;
    if (this.#isSame === null || this.#isSame(first, text)) return true;
    const more = this.#more.get(key);
    if (more === undefined) return false;
    for (let i = 0; i < more.length; i++) if (this.#isSame(more[i]!, text)) return true;
    return false;
  }

  add(text: string): void {
    this.#note(text, this.#keyOf(text));
  }

  #note(text: string, key: string | number): void {
    if (!this.#first.has(key)) {
      this.#first.set(key, text);
      return;
    }
    let more = this.#more.get(key);
    if (more === undefined) this.#more.set(key, (more = { length: 0, next: 0 }));
    more[more.next] = text;
    if (more.length <= more.next) more.length++;
    more.next = (more.next + 1) % KNOWN_COPIES;
  }

  /**
   * The text, unless the engine tells whether two are one. A key of a Map V8 makes a string of its own: of a part of a long string, which holds
   * the whole, a look would set the whole free, and the program's memory would be less for having been looked at.
   */
  #keyOf(text: string): string | number {
    return this.#isSame === null || text.length < SHORTEST_PART ? text : hashOf(text);
  }
}

const { floor, imul, min } = Math;

/** 30 to 150 ns on Node 26.10: less than a Map takes for a text that it has not seen. */
function hashOf(text: string): number {
  const { length } = text;
  const isShort = length <= WHOLLY_READ;
  const hash = hashPart(text, { hash: length, from: 0, step: isShort ? 1 : length >> 7 });
  return isShort ? hash : hashPart(text, { hash, from: length - LAST, step: 1 });
}

function hashPart(text: string, { hash, from, step }: { hash: number; from: number; step: number }): number {
  for (let i = from; i < text.length; i += step) {
    hash = imul(hash ^ (apply(charCodeAt, text, [i]) as number), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}

/**
 * Of a string that was put together and that nobody has read: the parts, and a pair of pointers for each two. V8 makes none for fewer than 13
 * characters; how many there are of a longer one it does not tell: in texts of 20 to 40 with numbers in them mostly two or three.
 */
function treeSize(length: number): number {
  return sizes.flatString(length) + sizes.string(length) * min(3, floor(length / 13));
}

interface Copies {
  [index: number]: string;
  length: number;
  next: number;
}

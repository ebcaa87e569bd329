// Browser compatible.
import { SafeMap } from "../../tables/safe_collections.ts";
import type { SeenStrings } from "./contents.ts";

/** Of one text, so many copies are known again: of a text of which there are more, one that is held twice may count twice. */
const KNOWN_COPIES = 32;
/** Longer strings have no hash of their text: V8 would compare all of one length with each other (`String::kMaxHashCalcLength`). */
const HASHED = 16_383;
const SAMPLE = 32;

const { slice } = String.prototype;
const { apply } = Reflect;

/** Strings that have been seen, as the engine has them: equal ones that were made at different moments are different strings. */
export class StringCopies implements SeenStrings {
  /** Characters of all strings that were asked for, as often as they were. */
  held = 0;
  readonly #isSame: ((one: string, other: string) => boolean) | null;
  readonly #first = new SafeMap<string, string>();
  /** Where there are more: these. */
  readonly #more = new SafeMap<string, Copies>();

  /** @param isSame Of equal strings; null: nobody can tell, and they count as one. */
  constructor(isSame: ((one: string, other: string) => boolean) | null) {
    this.#isSame = isSame;
  }

  has(text: string): boolean {
    // Strings of one letter are the engine's own.
    if (text.length === 1) return true;
    this.held += text.length;
    const key = this.#keyOf(text);
    const first = this.#first.get(key);
    if (first === undefined) return false;
    if (this.#isSame === null || this.#isSame(first, text)) return true;
    const more = this.#more.get(key);
    if (more === undefined) return false;
    for (let i = 0; i < more.length; i++) if (this.#isSame(more[i]!, text)) return true;
    return false;
  }

  add(text: string): void {
    const key = this.#keyOf(text);
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

  /** Of long ones the beginning, the middle and the end, unless these have to tell whether they are equal. */
  #keyOf(text: string): string {
    const { length } = text;
    if (length <= HASHED || this.#isSame === null) return text;
    const part = (at: number): string => apply(slice, text, [at, at + SAMPLE]) as string;
    return `${length} ${part(0)} ${part(length >> 1)} ${part(length - SAMPLE)}`;
  }
}

interface Copies {
  [index: number]: string;
  length: number;
  next: number;
}

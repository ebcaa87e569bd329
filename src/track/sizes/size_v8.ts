// Browser compatible.
import { floor, max } from "../../tables/own_math.ts";
import type { SizeModel } from "./size.ts";

/** Unused in-object properties of `{}`, and of objects made by `Object.create(prototype)`. */
export const SLACK = 4;

/**
 * V8, measured on 14.6 and 15.0; layouts in `src/objects/*.tq`. A word is 8 bytes, or 4 where pointers are compressed.
 * JSObject: map, properties, elements, then the in-object properties.
 */
export function v8Model(word: 4 | 8): SizeModel {
  /** From so many properties on, a literal is a dictionary from the start. */
  const DICTIONARY_LITERAL = 128;
  /** Overflow properties get room for three at a time. */
  const OVERFLOW_STEP = 3;
  /** Rounded up. */
  const align = (bytes: number): number => -floor(-bytes / word) * word;
  const header = 3 * word;
  /** FixedArray and PropertyArray: map and length, then the slots. */
  const fixedArray = (length: number): number => (length === 0 ? 0 : (2 + length) * word);
  /** OrderedHashTable: two counts and the number of buckets, half as many buckets as entries, the entries. */
  const table = (size: number, entry: number): number => {
    let capacity = 4;
    while (capacity < size) capacity *= 2;
    return (2 + 3 + capacity / 2 + capacity * entry) * word;
  };
  /** NameDictionary: a header of eight words, key, value and details per entry, at most two thirds full. */
  const dictionary = (properties: number): number => {
    let capacity = 4;
    while (capacity < properties + (properties >> 1)) capacity *= 2;
    return (8 + 3 * capacity) * word;
  };
  const withOverflow = (room: number, properties: number): number => {
    const overflow = max(0, properties - room);
    if (overflow > DICTIONARY_LITERAL) return header + dictionary(properties);
    return header + room * word + fixedArray(-floor(-overflow / OVERFLOW_STEP) * OVERFLOW_STEP);
  };
  const object = (properties: number): number => {
    if (properties >= DICTIONARY_LITERAL) return header + dictionary(properties);
    return header + (properties === 0 ? SLACK : properties) * word;
  };
  const array = (length: number): number => header + word + fixedArray(length);
  // JSFunction: shared info, context, feedback cell and code after the header; one word more for the prototype.
  const closure = (isConstructor: boolean): number =>
    word === 8 ? (isConstructor ? 64 : 56) : isConstructor ? 32 : 28;
  const data = 8; // pointers out of the heap and doubles stay 8 bytes
  return {
    object,
    copiedObject: object,
    nullObject: (properties) => header + dictionary(properties),
    instance: (properties, room = properties) => withOverflow(room === 0 ? properties : room, properties),
    array,
    constantArray: () => header + word,
    closure,
    context: (slots) => (4 + slots) * word,
    // Constructor, prototype and their properties, and what each evaluation makes anew: hidden classes, descriptors.
    class: (methods) => 58 * word + methods * (closure(false) + 4 * word),
    regexp: header + 4 * word,
    // Up to 12 characters a concatenation is copied; from 13 on it is a ConsString of two pointers.
    string: (length) => (length < 13 ? align((word === 8 ? 16 : 12) + length) : word === 8 ? 32 : 20),
    flatString: (bytes) => align((word === 8 ? 16 : 12) + bytes),
    // Small integers are in the slot: 32 bits, or 31 where pointers are compressed. Doubles get a box.
    boxedNumber: 8 + word,
    integerBits: word === 8 ? 32 : 31,
    map: (size) => header + word + table(size, 3),
    set: (size) => header + word + table(size, 2),
    date: header + 9 * word,
    // Node and Deno give each one a field of the embedder's.
    promise: header + 3 * word,
    error: (frames) => header + 3 * word + (frames === 0 ? 0 : (2 + 6 * frames) * word),
    arrayBuffer: header + 5 * data + 4 * word,
    typedArray: header + 7 * data + 3 * word,
    dataView: header + 5 * data + 3 * word,
    weakMap: header + 14 * word,
    weakSet: header + 14 * word,
    weakRef: header + word,
    finalizationRegistry: header + 7 * word,
    boxed: header + word,
    proxy: 5 * word,
    grown: null,
  };
}

// Browser compatible.

/** Tables and lists of V8's that objects have beside them, in bytes: what is in them, and how much room they have. */
export interface V8Stores {
  /** FixedArray and PropertyArray with room for so many. */
  list(room: number): number;
  /** NameDictionary with room for so many. */
  nameDictionary(room: number): number;
  /** NumberDictionary: the elements of what has few of them far apart. */
  numberDictionary(room: number): number;
  /** EphemeronHashTable: a WeakMap's, and a WeakSet's. */
  weakTable(room: number): number;
}

/** Overflow properties get room for three at a time. */
const OVERFLOW_STEP = 3;
/** Room that a list has, if it must grow. */
const ADDED = 16;
const SMALLEST = 4;

const { ceil, floor, max } = Math;

/** Layouts in V8's `src/objects/*.tq`; a word is 8 bytes, or 4 where pointers are compressed. */
export function v8Stores(word: 4 | 8): V8Stores {
  return {
    list: (room) => (room === 0 ? 0 : (2 + room) * word),
    nameDictionary: (room) => (8 + 3 * room) * word,
    numberDictionary: (room) => (6 + 3 * room) * word,
    weakTable: (room) => (5 + 2 * room) * word,
  };
}

/** Room of a hash table made for so many: it is at most two thirds full (`HashTable::ComputeCapacity`). */
export function hashRoom(entries: number): number {
  let room = SMALLEST;
  while (room < entries + (entries >> 1)) room *= 2;
  return room;
}

/** Room of a list of properties beside the object. */
export function overflowRoom(properties: number): number {
  return ceil(max(0, properties) / OVERFLOW_STEP) * OVERFLOW_STEP;
}

/** Room of elements that have grown one by one (`JSObject::NewElementsCapacity`). */
export function grownRoom(room: number, length: number): number {
  let grown = room;
  while (grown < length) grown += 1 + ((grown + 1) >> 1) + ADDED;
  return grown;
}

/**
 * Room of elements that had so much of it, after `pop` and `shift` down to a length: from half as many on, half of what is
 * free is given up (`ElementsAccessor::SetLengthImpl`). `splice` gives up nothing, `length = 0` all.
 */
export function shrunkRoom(room: number, length: number): number {
  if (length === 0) return 0;
  let left = room;
  for (;;) {
    const trimmedAt = floor((left - ADDED - 1) / 2);
    if (trimmedAt < length) return left;
    left = floor((left + trimmedAt) / 2);
  }
}

/** Room of a Map's or Set's table that had so much of it, after deletions: it is halved below a quarter. */
export function shrunkTable(room: number, entries: number): number {
  let left = room;
  while (left > SMALLEST && entries < left / 4) left /= 2;
  return left;
}

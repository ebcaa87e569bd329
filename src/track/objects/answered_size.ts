// Browser compatible.
import type { V8Answers } from "../../host/v8_answers.ts";
import { KIND_ARRAY } from "../../vocabulary/kind_numbers.ts";
import { sizes } from "../sizes/size.ts";
import { SLACK } from "../sizes/size_v8.ts";
import {
  grownRoom,
  hashRoom,
  overflowRoom,
  shrunkRoom,
  shrunkTable,
  type V8Stores,
  v8Stores,
} from "../sizes/v8_stores.ts";
import { parameterOf, propertiesWritten, shapeSizeNow } from "./contents.ts";
import type { InitialContents } from "./initial_contents.ts";

const { max } = Math;
const { getPrototypeOf, ownKeys } = Reflect;
const { hasOwn } = Object;

/** What is known of an object that is measured again. */
export interface Measured {
  readonly initial: InitialContents;
  readonly site: number;
  /** Of an array, a Map or a Set, the most bytes that it was seen to take; absent: nobody has looked. */
  store?: number;
}

const WORD = 8;
const stores: V8Stores = v8Stores(WORD);
const HEADER = 3 * WORD;
const ARRAY = HEADER + WORD;
/** Of longer arrays nobody looks for names among so many elements. */
const NAMES_SOUGHT = 64;
/** `index`, `input`, `groups`, and three that only the engine sees. */
const MATCH_NAMES = 6;

/** The size of what has nothing but properties, of which V8 tells where it keeps them. */
export function propertiesSize(
  object: object,
  keys: readonly (string | symbol)[],
  { site, answers }: { site: number; answers: V8Answers },
): number {
  const elements = indexKeys(keys);
  const named = keys.length - elements;
  const beside = elements === 0 ? 0 : elementsSize(object, keys, elements, answers);
  const written = propertiesWritten(site);
  if (!answers.hasFastProperties(object)) return beside + HEADER + dictionarySize(object, named, written);
  if (written === null) return beside + (elements === 0 ? shapeSizeNow(object) : sizes.copiedObject(named));
  const room = written === 0 ? SLACK : max(0, written - elements) || SLACK;
  return beside + HEADER + room * WORD + stores.list(overflowRoom(named - room));
}

/** So many beyond those in the object, and keyed stores (`o[key] = v`) make it a dictionary. */
const FAST_OVERFLOW = 12;

/**
 * With few properties it has become one when a property was deleted, with room for two more than it had then: those of a literal, else one is taken
 * to be gone.
 */
function dictionarySize(object: object, named: number, written: number | null): number {
  const grew = named > (written || SLACK) + FAST_OVERFLOW || getPrototypeOf(object) === null;
  return stores.nameDictionary(max(hashRoom(named), grew ? 0 : hashRoom(max(written ?? 0, named + 1) + 2)));
}

/** How many keys name elements: they come first, in order. */
function indexKeys(keys: readonly (string | symbol)[]): number {
  let count = 0;
  while (count < keys.length && isIndex(keys[count])) count++;
  return count;
}

function isIndex(key: string | symbol): boolean {
  if (typeof key === "symbol") return false;
  const index = +key >>> 0;
  return `${index}` === key && index < 2 ** 32 - 1;
}

function elementsSize(
  object: object,
  keys: readonly (string | symbol)[],
  elements: number,
  answers: V8Answers,
): number {
  if (answers.hasDictionaryElements(object)) return stores.numberDictionary(hashRoom(elements));
  return stores.list(grownRoom(0, +(keys[elements - 1] as string) + 1));
}

/** The same of an array. */
export function arraySize(array: readonly unknown[], measured: Measured, answers: V8Answers): number {
  const { initial, site, store } = measured;
  const { length } = array;
  if (answers.hasDictionaryElements(array))
    return ARRAY + stores.numberDictionary(hashRoom(ownKeys(array).length - 1));
  const beside = length <= NAMES_SOUGHT ? namesSize(array) : 0;
  const roomThen = store === undefined ? 0 : (store - ARRAY) / WORD - 2;
  if (length === initial.length && roomThen <= length) {
    const isConstant = (parameterOf(site, KIND_ARRAY) ?? 0) < 0 && answers.hasSharedElements(array);
    return beside + (isConstant ? ARRAY : sizes.array(length));
  }
  const most = max(initial.length, roomThen);
  return beside + ARRAY + stores.list(length < most ? shrunkRoom(most, length) : grownRoom(most, length));
}

/** Of the named properties that an array has got. The results of `exec` and `match` have room in them. */
function namesSize(array: readonly unknown[]): number {
  const keys = ownKeys(array);
  const named = keys.length - indexKeys(keys) - 1;
  if (named > 0 && hasOwn(array, "index") && hasOwn(array, "groups")) return MATCH_NAMES * WORD;
  return stores.list(overflowRoom(named));
}

/** The size of a Map or Set, which keeps room for some time after it has lost entries. */
export function tableSize(entries: number, kind: "map" | "set", { store }: Measured): number {
  const size = sizes[kind](entries);
  if (store === undefined || store <= size) return size;
  let room = SMALLEST_TABLE;
  while (sizes[kind](room) < store) room *= 2;
  return sizes[kind](shrunkTable(room, entries));
}

const SMALLEST_TABLE = 4;

// Browser compatible.
import { host } from "../../host/host.ts";
import type { V8Answers } from "../../host/v8_answers.ts";
import { append, SafeWeakSet } from "../../tables/safe_collections.ts";
import { KIND_ARRAY, KIND_CONSTRUCT, KIND_OBJECT_COPY } from "../../vocabulary/kind_numbers.ts";
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
import { privateFields } from "./private_fields.ts";

const { max } = Math;
const { getPrototypeOf, ownKeys } = Reflect;
const { hasOwn } = Object;

/** What is known of an object that is measured again. */
export interface Measured {
  readonly initial: InitialContents;
  readonly site: number;
  /** Of an array that has changed, a Map or a Set, how many elements it had room for at the last look; absent: there was none. */
  store?: number;
}

/** Prototypes whose objects have no room for properties of the program's. */
const BUILTINS: WeakSet<object> = new SafeWeakSet<object>([
  Array.prototype,
  Map.prototype,
  Set.prototype,
  Function.prototype,
  Error.prototype,
  TypeError.prototype,
  RangeError.prototype,
  SyntaxError.prototype,
  ReferenceError.prototype,
  EvalError.prototype,
  URIError.prototype,
  AggregateError.prototype,
  getPrototypeOf(async () => {})!,
  getPrototypeOf(function* () {})!,
  getPrototypeOf(async function* () {})!,
]);

const isBuiltin = (prototype: object | null): boolean => prototype !== null && BUILTINS.has(prototype);

const WORD = 8;
const stores: V8Stores = v8Stores(WORD);
const HEADER = 3 * WORD;
const ARRAY = HEADER + WORD;
/** Until V8 13 (Node 22), errors have room for one property: the stack needs none. */
const SPARE_OF_ERRORS = Number.parseInt(host.process?.versions?.v8 ?? "", 10) < 13 ? 1 : 0;
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
  const hidden = privateFields(object, answers);
  const beside = elements === 0 ? 0 : elementsSize(object, keys, elements, answers);
  const written = propertiesWritten(site);
  if (!answers.hasFastProperties(object)) {
    // What `Object.create` has made became one as a prototype (`F.prototype = Object.create(…)`), and keeps the room that it had.
    const isPrototype =
      written === null && parameterOf(site, KIND_CONSTRUCT) === null && getPrototypeOf(object) !== null;
    const dictionary = isPrototype
      ? SLACK * WORD + stores.nameDictionary(hashRoom(named))
      : dictionarySize(object, named + hidden, written);
    return beside + HEADER + dictionary;
  }
  const places = written ?? parameterOf(site, KIND_OBJECT_COPY);
  // A class's instances all have as many, and room for them.
  if (places === null || places < 0)
    return beside + hidden * WORD + (elements === 0 ? shapeSizeNow(object) : sizes.copiedObject(named));
  const room = max(0, places - elements) || SLACK;
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

/** Elements that `new Array()` has room for, and `new` of a class that is derived from Array (`JSArray::kPreallocatedArrayElements`). */
const ROOM_OF_NEW = 4;

function roomOfEmpty(array: readonly unknown[], site: number): number {
  const bare = parameterOf(site, KIND_CONSTRUCT);
  // `new Array(0)` has none.
  return bare === 1 || (bare === 0 && !isBuiltin(getPrototypeOf(array))) ? ROOM_OF_NEW : 0;
}

/** The same of an array. */
export function arraySize(array: readonly unknown[], measured: Measured, answers: V8Answers): number {
  const { initial, site, store } = measured;
  const { length } = array;
  const beside = length <= NAMES_SOUGHT ? namesOfArray(array, answers) : 0;
  if (answers.hasDictionaryElements(array)) return beside + sparseSize(array);
  const made = initial.length === 0 ? roomOfEmpty(array, site) : initial.length;
  if (length === initial.length && store === undefined) {
    const isConstant = (parameterOf(site, KIND_ARRAY) ?? 0) < 0 && answers.hasSharedElements(array);
    return beside + ARRAY + (isConstant ? 0 : stores.list(made));
  }
  const before = store ?? made;
  const room = length < before ? shrunkRoom(before, length) : grownRoom(before, length);
  measured.store = room;
  return beside + ARRAY + stores.list(room);
}

/** Elements so far apart get a dictionary (`JSObject::kMaxGap`). */
const GAP = 1024;

/** Whether an array has grown by few elements far apart, where nobody tells: in the middle of what it has grown by there are none. */
export function isSparse(array: readonly unknown[], initial: number): boolean {
  const grown = array.length - initial;
  return grown > GAP && !hasOwn(array, initial + (grown >>> 1)) && !hasOwn(array, initial + (grown >>> 2));
}

/** The size of an array that has a dictionary of its elements. */
export function sparseSize(array: readonly unknown[]): number {
  return ARRAY + stores.numberDictionary(hashRoom(ownKeys(array).length - 1));
}

/** Of the named properties that an array has got. The results of `exec` and `match` have room in them. */
function namesOfArray(array: readonly unknown[], answers: V8Answers): number {
  const keys = ownKeys(array);
  const named = keys.length - indexKeys(keys) - 1;
  if (named > 0 && hasOwn(array, "index") && hasOwn(array, "groups")) return MATCH_NAMES * WORD;
  return namesBeside(array, named, answers);
}

/** Properties of what has its size without them: in the object, if it is of a class of the program's, else beside it. */
function namesBeside(object: object, named: number, answers: V8Answers): number {
  if (isBuiltin(getPrototypeOf(object))) return stores.list(overflowRoom(named));
  return (max(0, named) + privateFields(object, answers)) * WORD;
}

/** Names that functions have from the start, or get without a place for a value. */
const isOfFunction = (key: string | symbol): boolean =>
  key === "length" || key === "name" || key === "prototype" || key === "arguments" || key === "caller";

/** Names that errors have from the start. (Whoever asks for the stack has it written.) */
const isOfError = (key: string | symbol): boolean => key === "stack" || key === "message";

/** The keys of properties that a function or an error has been given, whose values can be looked at. */
export function givenKeys(object: object): (string | symbol)[] {
  const isOwn = typeof object === "function" ? isOfFunction : isOfError;
  const given: (string | symbol)[] = [];
  const keys = ownKeys(object);
  for (let i = 0; i < keys.length; i++) if (!isOwn(keys[i])) append(given, keys[i]);
  return given;
}

/** The bytes of the properties that a function or an error has been given. */
export function givenSize(object: object, given: number, answers: V8Answers): number {
  if (answers.hasFastProperties(object))
    return namesBeside(object, typeof object === "function" ? given : given - SPARE_OF_ERRORS, answers);
  const all = ownKeys(object).length;
  return stores.nameDictionary(hashRoom(given > FAST_OVERFLOW ? all : all + 2));
}

/** What a Map or Set has besides, of which the size is known. */
export function namesOfTable(table: object, answers: V8Answers): number {
  return namesBeside(table, ownKeys(table).length, answers);
}

/** The size of a Map or Set, which keeps room for some time after it has lost entries. */
export function tableSize(entries: number, kind: "map" | "set", measured: Measured): number {
  // How other engines shrink is not known.
  if (sizes.grown !== null) return sizes[kind](entries);
  let room = SMALLEST_TABLE;
  while (room < entries) room *= 2;
  measured.store = max(room, shrunkTable(measured.store ?? room, entries));
  return sizes[kind](measured.store);
}

const SMALLEST_TABLE = 4;

/** The size of a WeakMap or WeakSet. */
export function weakSize(collection: object, answers: V8Answers): number {
  return HEADER + WORD + stores.weakTable(hashRoom(answers.weakSize(collection)));
}

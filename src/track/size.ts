// Browser compatible.
import { Kind } from "../kinds.ts";
import { detectEngine, type Engine } from "./engine.ts";

/** How many bytes the engine gives an object when it is made, in the engine's own layout. */
export interface SizeModel {
  /** A plain object with so many own properties. */
  object(properties: number): number;
  /** An instance of a class with so many own properties, after the engine has trimmed its slack. */
  instance(properties: number): number;
  array(length: number): number;
  closure(capturedSlots: number): number;
  class(methods: number): number;
  readonly regexp: number;
  string(length: number): number;
  /** A string that a built-in function built, of one byte a character: to look would cost more than it is worth. */
  flatString(length: number): number;
  /** A string that something holds: flat, one or two bytes a character. */
  heldString(text: string): number;
  /** A number in a property: 0 where it lies in the slot itself, else the box it is in. */
  heldNumber(value: number): number;
  map(size: number): number;
  set(size: number): number;
  readonly date: number;
  readonly promise: number;
  readonly error: number;
  readonly arrayBuffer: number;
  readonly typedArray: number;
  readonly dataView: number;
  /** WeakMap, WeakSet, WeakRef and whatever else has a fixed small header. */
  readonly other: number;
}

/**
 * V8: `src/objects/js-objects.h` and its neighbours. A word is 8 bytes, or 4 where pointers are compressed.
 * JSObject: map, properties, elements, then the in-object properties; `{}` gets four unused ones.
 */
function v8Model(word: number): SizeModel {
  const header = 3 * word;
  const fixedArray = (length: number): number => (length === 0 ? 0 : 2 * word + length * word);
  const table = (size: number, entry: number): number => {
    let capacity = 4;
    while (capacity < size) capacity *= 2;
    return (2 + 3 + capacity / 2 + capacity * entry) * word;
  };
  const closure = word === 8 ? 64 : 36;
  return {
    object: (properties) => header + (properties === 0 ? 4 : properties) * word,
    instance: (properties) => header + properties * word,
    array: (length) => header + word + fixedArray(length),
    closure: (slots) => closure + (slots === 0 ? 0 : (4 + slots) * word),
    class: (methods) => closure + header + 4 * word + 2 * 10 * word + methods * closure,
    regexp: header + 4 * word,
    // Up to 12 characters a concatenation is copied; from 13 on it is a ConsString of two pointers.
    string: (length) => (length < 13 ? 16 + ((length + 7) & ~7) : 16 + 2 * word),
    flatString: (length) => 16 + Math.ceil(length / 8) * 8,
    heldString: (text) => 16 + Math.ceil((text.length * (isTwoByte(text) ? 2 : 1)) / 8) * 8,
    // Small integers are in the slot: 32 bits, or 31 where pointers are compressed. Doubles get a box.
    heldNumber: (value) => (isSmallInteger(value, word === 8 ? 32 : 31) ? 0 : 8 + word),
    map: (size) => header + word + table(size, 3),
    set: (size) => header + word + table(size, 2),
    date: header + 8 + 8 * word,
    promise: header + 2 * word,
    error: header + 3 * word,
    arrayBuffer: header + 64,
    typedArray: header + 80,
    dataView: header + 64,
    other: header + 2 * word,
  };
}

/**
 * JavaScriptCore: cells in steps of 16 bytes. JSFinalObject has 8 bytes of header, a butterfly pointer and up to 6
 * properties inline as `{}` is made, up to 62 for literals; arrays keep elements in a butterfly with a header of 8.
 */
function jscModel(): SizeModel {
  const cell = (bytes: number): number => (bytes + 15) & ~15;
  const table = (size: number, entry: number): number => {
    if (size === 0) return 0;
    let capacity = 8;
    while (capacity < size * 2) capacity *= 2;
    return cell(32 + (capacity + (capacity / 2) * entry) * 8);
  };
  return {
    object: (properties) => cell(16 + 8 * Math.max(properties, 6)),
    instance: (properties) => cell(16 + 8 * Math.max(properties, 6)),
    array: (length) => 16 + (length === 0 ? 0 : cell(8 + 8 * Math.max(length, 3))),
    closure: (slots) => 32 + (slots === 0 ? 0 : cell(24 + 8 * slots)),
    class: (methods) => 32 + 64 + methods * 32,
    regexp: 32,
    string: (length) => (length < 3 ? 16 + cell(length) : 32),
    flatString: (length) => 16 + cell(16 + length),
    heldString: (text) => 16 + cell(16 + text.length * (isTwoByte(text) ? 2 : 1)),
    heldNumber: () => 0, // NaN boxing: every number is in its slot
    map: (size) => 32 + table(size, 3),
    set: (size) => 32 + table(size, 2),
    date: 48,
    promise: 32,
    error: 96,
    arrayBuffer: 48,
    typedArray: 48,
    dataView: 64,
    other: 32,
  };
}

/** SpiderMonkey, on paper: NativeObject has shape, slots and elements pointers; fixed slots come in 0, 2, 4, 8, 12, 16. */
function spiderMonkeyModel(): SizeModel {
  const model = v8Model(8);
  const slots = (count: number): number => [0, 2, 4, 8, 12, 16].find((size) => size >= count) ?? 16;
  return {
    ...model,
    object: (properties) => 24 + 8 * Math.max(4, slots(properties)) + 8 * Math.max(0, properties - 16),
    instance: (properties) => 24 + 8 * slots(properties) + 8 * Math.max(0, properties - 16),
    array: (length) => 40 + 8 * Math.max(0, length),
  };
}

const TWO_BYTE = /[^\0-\xff]/;

/** Engines store a string with one byte a character where all are Latin-1. A long one is judged by its beginning. */
function isTwoByte(text: string): boolean {
  return TWO_BYTE.test(text.length > 1024 ? text.slice(0, 1024) : text);
}

function isSmallInteger(value: number, bits: number): boolean {
  const limit = 2 ** (bits - 1);
  return Number.isInteger(value) && value < limit && value >= -limit && !Object.is(value, -0);
}

/** The model for an engine. */
export function sizeModel(engine: Engine): SizeModel {
  switch (engine) {
    case "v8":
      return v8Model(8);
    case "v8-compressed":
      return v8Model(4);
    case "jsc":
      return jscModel();
    case "spidermonkey":
      return spiderMonkeyModel();
  }
}

/** The model of the engine that runs this code. */
export const sizes: SizeModel = sizeModel(detectEngine());

/** The size that a site's kind and parameter alone give; 0: it has to be measured on the object. */
export function staticSize(kind: number, parameter: number): number {
  switch (kind) {
    case Kind.object:
      return sizes.object(parameter);
    case Kind.array:
      return sizes.array(parameter);
    case Kind.closure:
      return sizes.closure(parameter);
    case Kind.class:
      return sizes.class(parameter);
    case Kind.regexp:
      return sizes.regexp;
    default:
      return 0;
  }
}

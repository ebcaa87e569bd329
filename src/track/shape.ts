// Browser compatible.

import { append, OwnWeakRef, SafeWeakMap } from "../sites/safe_collections.ts";
import { isProxy } from "./is_proxy.ts";
import { originalOf } from "./originals.ts";
import { shadowStack } from "./shadow_stack.ts";
import { sizes } from "./size.ts";

/** What the tracker knows of the objects that share a prototype. */
export interface Shape {
  /** The name for `statistics("type")`. */
  readonly type: string;
  /** Measures one of them, in bytes, without the program noticing. */
  readonly measure: (object: object) => number;
  /** Measures it again, later; absent: `measure` does. */
  readonly measureNow?: (object: object) => number;
  /** The store of bytes outside the heap that an object shows, where they are views or buffers; null for none. */
  readonly backing: ((object: object) => Backing | null) | null;
  /** Nothing but properties: a literal or an instance of a class of the program's. */
  readonly isPlain: boolean;
  /** What it is inside, unless it only inherits from there. */
  readonly collection?: "Map" | "Set";
}

/** Bytes outside the heap. */
export interface Backing {
  readonly store: ArrayBufferLike;
  readonly size: number;
  readonly type: "ArrayBuffer" | "SharedArrayBuffer";
}

const getPrototypeOf = Object.getPrototypeOf as (object: object) => object | null;
const ownKeys = Reflect.ownKeys;
const getDescriptor = Object.getOwnPropertyDescriptor;

const { apply } = Reflect;
const { isArray } = Array;

/**
 * A getter of the realm's own, safe from what the program does to the prototype later. Undefined for objects that only
 * inherit from the prototype (`Fake.prototype = Object.create(Map.prototype)`) and have no such insides.
 */
function intrinsicGetter<T>(
  prototype: object | undefined,
  key: PropertyKey,
): (object: object) => T | undefined {
  const getter = prototype && getDescriptor(prototype, key)?.get;
  if (getter === undefined) return () => undefined;
  return (object) => {
    try {
      return apply(getter, object, []) as T;
    } catch {
      return undefined;
    }
  };
}

const mapSize = intrinsicGetter<number>(Map.prototype, "size");
const setSize = intrinsicGetter<number>(Set.prototype, "size");
const TypedArray = getPrototypeOf(Uint8Array) as { prototype: object };
const typedArrayBuffer = intrinsicGetter<ArrayBufferLike>(TypedArray.prototype, "buffer");
const dataViewBuffer = intrinsicGetter<ArrayBufferLike>(DataView.prototype, "buffer");
const bufferSize = intrinsicGetter<number>(ArrayBuffer.prototype, "byteLength");
const sharedBufferSize = intrinsicGetter<number>(globalThis.SharedArrayBuffer?.prototype, "byteLength");

function backingOf(store: ArrayBufferLike | undefined): Backing | null {
  if (store === undefined) return null;
  let size = bufferSize(store);
  if (size !== undefined) return { store, size, type: "ArrayBuffer" };
  size = sharedBufferSize(store);
  return size === undefined ? null : { store, size, type: "SharedArrayBuffer" };
}

function sizeOfPlain(object: object): number {
  return sizes.copiedObject(ownKeys(object).length);
}

/** V8's default; `Error.stackTraceLimit` can be an accessor of the program's. */
const STACK_TRACE_LIMIT = 10;

/** Frames below those of instrumented code, and leaf functions, which are not on the shadow stack. */
const OTHER_FRAMES = 2;

/** The stack that an error captures is about as deep as the shadow stack. */
function sizeOfError(): number {
  return sizes.error(Math.min(shadowStack[0] + OTHER_FRAMES, STACK_TRACE_LIMIT));
}

const shapes = new SafeWeakMap<object, Shape>();

// By prototype, most derived first: what objects that inherit from it are.
const BUILTINS: readonly (readonly [prototype: object | undefined, describe: (type: string) => Shape])[] = [
  [Map.prototype, (type) => ({ ...sized(type, mapSize, sizes.map), collection: "Map" })],
  [Set.prototype, (type) => ({ ...sized(type, setSize, sizes.set), collection: "Set" })],
  [TypedArray.prototype, (type) => backed(type, sizes.typedArray, typedArrayBuffer)],
  [ArrayBuffer.prototype, (type) => backed(type, sizes.arrayBuffer, (buffer) => buffer as ArrayBuffer)],
  [
    globalThis.SharedArrayBuffer?.prototype,
    (type) => backed(type, sizes.arrayBuffer, (buffer) => buffer as SharedArrayBuffer),
  ],
  [DataView.prototype, (type) => backed(type, sizes.dataView, dataViewBuffer)],
  [Date.prototype, (type) => fixed(type, sizes.date)],
  [RegExp.prototype, (type) => fixed(type, sizes.regexp)],
  [Promise.prototype, (type) => fixed(type, sizes.promise)],
  [Error.prototype, (type) => ({ type, measure: sizeOfError, backing: null, isPlain: false })],
  [WeakMap.prototype, (type) => fixed(type, sizes.weakMap)],
  [WeakSet.prototype, (type) => fixed(type, sizes.weakSet)],
  [globalThis.WeakRef?.prototype, (type) => fixed(type, sizes.weakRef)],
  [globalThis.FinalizationRegistry?.prototype, (type) => fixed(type, sizes.finalizationRegistry)],
  [Number.prototype, (type) => fixed(type, sizes.boxed)],
  [String.prototype, (type) => fixed(type, sizes.boxed)],
  [Boolean.prototype, (type) => fixed(type, sizes.boxed)],
  // An array's length is its own and plain; what merely inherits from arrays may have code there.
  [
    Array.prototype,
    (type) => sized(type, (array) => (isArray(array) ? array.length : undefined), sizes.array),
  ],
  [Function.prototype, (type) => fixed(type === "Function" ? "closure" : type, sizes.closure(true))],
];

function sized(
  type: string,
  sizeOf: (object: object) => number | undefined,
  bytes: (size: number) => number,
): Shape {
  return {
    type,
    measure(object) {
      const size = sizeOf(object);
      return size === undefined ? sizeOfPlain(object) : bytes(size);
    },
    backing: null,
    isPlain: false,
  };
}

function backed(type: string, size: number, storeOf: (object: object) => ArrayBufferLike | undefined): Shape {
  return { type, measure: () => size, backing: (object) => backingOf(storeOf(object)), isPlain: false };
}

function fixed(type: string, size: number): Shape {
  return { type, measure: () => size, backing: null, isPlain: false };
}

/** An exotic object that answers for itself: asking it would run the program's own traps. */
const OPAQUE: Shape = fixed("Proxy", sizes.proxy);

const NULL_PROTOTYPE: Shape = {
  type: "Object",
  measure: (object) => sizes.nullObject(ownKeys(object).length),
  backing: null,
  isPlain: true,
};

/** What the object is, without running any code of the program. */
export function shapeOf(object: object): Shape {
  if (isProxy(object)) return OPAQUE;
  const prototype = getPrototypeOf(object);
  if (prototype === null) return NULL_PROTOTYPE;
  let shape = shapes.get(prototype);
  if (shape === undefined) {
    shape = describe(prototype);
    shapes.set(prototype, shape);
  }
  return shape;
}

function describe(prototype: object): Shape {
  const type = constructorName(prototype);
  if (prototype === Object.prototype) return { type, measure: sizeOfPlain, backing: null, isPlain: true };
  for (let ancestor: object | null = prototype; ancestor !== null && !isProxy(ancestor); ) {
    // No iterator: the program may have changed those of arrays.
    for (let i = 0; i < BUILTINS.length; i++) if (BUILTINS[i][0] === ancestor) return BUILTINS[i][1](type);
    ancestor = getPrototypeOf(ancestor);
  }
  return instances(type);
}

// V8 gives the instances of a class room for what the first eight had come to have when the eighth was made. They are
// looked at through weak references: a class's first instances often stay alone, and must be free to die.
const LEARNT_FROM = 8;
// After that their own keys are counted now and then: a class mostly gives its instances the same properties, and to ask
// each would allocate an array per object. (Plain objects have nothing in common.)
const COUNTED_EVERY = 64;

function instances(type: string): Shape {
  const early: WeakRef<object>[] = [];
  let seen = 0;
  let room = 0;
  let size = 0;
  return {
    type,
    measure(object) {
      seen++;
      if (seen > LEARNT_FROM && seen % COUNTED_EVERY !== 0) return size;
      const properties = ownKeys(object).length;
      if (seen <= LEARNT_FROM) {
        room = Math.max(room, properties);
        if (seen < LEARNT_FROM) append(early, new OwnWeakRef(object));
        else room = Math.max(room, largest(early.splice(0)));
      }
      size = sizes.instance(properties, room);
      return size;
    },
    measureNow: (object) => sizes.instance(ownKeys(object).length, room),
    backing: null,
    isPlain: true,
  };
}

/** The most own properties that one of the objects has. */
function largest(references: readonly WeakRef<object>[]): number {
  return references.reduce((most, reference) => {
    const object = reference.deref();
    return object === undefined ? most : Math.max(most, ownKeys(object).length);
  }, 0);
}

/** The class's name, read only where it is plain data; "Object" where there is none. */
function constructorName(prototype: object): string {
  for (
    let owner: object | null = prototype;
    owner !== null && !isProxy(owner);
    owner = getPrototypeOf(owner)
  ) {
    const maker: unknown = originalOf(getDescriptor(owner, "constructor")?.value);
    if (typeof maker !== "function" || isProxy(maker)) continue;
    const name: unknown = getDescriptor(maker, "name")?.value;
    if (typeof name === "string" && name !== "") return name;
  }
  return "Object";
}

// Browser compatible.

import { max, min } from "../../tables/own_math.ts";
import { append, OwnWeakRef, SafeWeakMap } from "../../tables/safe_collections.ts";
import { shadowStack } from "../calls/shadow_stack.ts";
import { type SizeModel, sizes } from "../sizes/size.ts";
import { isProxy, originalOf } from "./is_proxy.ts";

/** What the tracker knows of the objects that share a prototype. */
export interface Shape {
  /** The name for `statistics("type")`. */
  readonly type: string;
  /** Measures one of them, in bytes, without the program noticing. */
  readonly measure: (object: object) => number;
  /** Measures it again, later. */
  readonly measureNow: (object: object) => number;
  /** The store of bytes outside the heap that an object shows, where they are views or buffers; null for none. */
  readonly backing: ((object: object) => Backing | null) | null;
  /** Nothing but properties: a literal or an instance of a class of the program's. */
  readonly isPlain: boolean;
  /** What it is inside, unless it only inherits from there. */
  readonly collection: "Map" | "Set" | null;
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
const { deref } = WeakRef.prototype;
const ObjectPrototype: object = Object.prototype;

/**
 * A getter of the realm's own, safe from what the program does to the prototype later. Undefined for objects that only
 * inherit from the prototype (`Fake.prototype = Object.create(Map.prototype)`) and have no such insides.
 */
function intrinsicGetter<T>(
  of: { prototype: object } | undefined,
  key: PropertyKey,
): (object: object) => T | undefined {
  const getter = of && getDescriptor(of.prototype, key)?.get;
  return (object) => {
    try {
      return apply(getter!, object, []) as T;
    } catch {
      return undefined;
    }
  };
}

const TypedArray = getPrototypeOf(Uint8Array) as { prototype: object };
/** How many entries a Map has; undefined: it is none, whatever it inherits from. */
export const sizeOfMap: (object: object) => number | undefined = intrinsicGetter<number>(Map, "size");
/** The same of a Set. */
export const sizeOfSet: (object: object) => number | undefined = intrinsicGetter<number>(Set, "size");
const bufferSize = intrinsicGetter<number>(ArrayBuffer, "byteLength");
const sharedBufferSize = intrinsicGetter<number>(globalThis.SharedArrayBuffer, "byteLength");

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

/** The stack that an error captures is about as deep as the shadow stack. */
function sizeOfError(): number {
  /** V8's default; `Error.stackTraceLimit` can be an accessor of the program's. */
  const STACK_TRACE_LIMIT = 10;
  /** Frames below those of instrumented code, and leaf functions, which are not on the shadow stack. */
  const OTHER_FRAMES = 2;
  return sizes.error(min(shadowStack[0] + OTHER_FRAMES, STACK_TRACE_LIMIT));
}

const shapes = new SafeWeakMap<object, Shape>();

type FixedSize = { [Key in keyof SizeModel]: SizeModel[Key] extends number ? Key : never }[keyof SizeModel];

/** Objects that always take as much; views and buffers. */
const fixed =
  (key: FixedSize, storeOf?: (object: object) => ArrayBufferLike | undefined) =>
  (type: string): Shape => {
    const size = sizes[key];
    return shape(type, () => size, storeOf && { backing: (object) => backingOf(storeOf(object)) });
  };

/** Containers. What merely inherits from one has nothing of it. */
const sized =
  (key: "map" | "set" | "array", lengthOf: (object: object) => number | undefined, more?: Partial<Shape>) =>
  (type: string): Shape => {
    const size = sizes[key];
    return shape(
      type,
      (object) => {
        const length = lengthOf(object);
        return length === undefined ? sizeOfPlain(object) : size(length);
      },
      more,
    );
  };

/** All shapes have the same properties. */
function shape(type: string, measure: Shape["measure"], more?: Partial<Shape>): Shape {
  return { type, measure, measureNow: measure, backing: null, isPlain: false, collection: null, ...more };
}

const itself = (buffer: object): ArrayBufferLike => buffer as ArrayBufferLike;

// Most derived first: what objects that inherit from their prototypes are.
const BUILTINS: readonly (readonly [
  of: { prototype: object } | undefined,
  describe: (type: string) => Shape,
])[] = [
  [Map, sized("map", sizeOfMap, { collection: "Map" })],
  [Set, sized("set", sizeOfSet, { collection: "Set" })],
  [TypedArray, fixed("typedArray", intrinsicGetter<ArrayBufferLike>(TypedArray, "buffer"))],
  [ArrayBuffer, fixed("arrayBuffer", itself)],
  [globalThis.SharedArrayBuffer, fixed("arrayBuffer", itself)],
  [DataView, fixed("dataView", intrinsicGetter<ArrayBufferLike>(DataView, "buffer"))],
  [Date, fixed("date")],
  [RegExp, fixed("regexp")],
  [Promise, fixed("promise")],
  [Error, (type) => shape(type, sizeOfError)],
  [WeakMap, fixed("weakMap")],
  [WeakSet, fixed("weakSet")],
  [WeakRef, fixed("weakRef")],
  [FinalizationRegistry, fixed("finalizationRegistry")],
  [Number, fixed("boxed")],
  [String, fixed("boxed")],
  [Boolean, fixed("boxed")],
  // An array's length is its own and plain; what merely inherits from arrays may have code there.
  [Array, sized("array", (array) => (isArray(array) ? array.length : undefined))],
  [Function, (type) => shape(type === "Function" ? "closure" : type, () => sizes.closure(true))],
];

/** An exotic object that answers for itself: asking it would run the program's own traps. */
const OPAQUE: Shape = shape("Proxy", () => sizes.proxy);

const NULL_PROTOTYPE: Shape = shape("Object", (object) => sizes.nullObject(ownKeys(object).length), {
  isPlain: true,
});

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
  if (prototype === ObjectPrototype) return shape(type, sizeOfPlain, { isPlain: true });
  for (let ancestor: object | null = prototype; ancestor !== null && !isProxy(ancestor); ) {
    // No iterator: the program may have changed those of arrays.
    for (let i = 0; i < BUILTINS.length; i++)
      if (BUILTINS[i][0]?.prototype === ancestor) return BUILTINS[i][1](type);
    ancestor = getPrototypeOf(ancestor);
  }
  return instances(type);
}

// V8 gives the instances of a class room for what the first eight had come to have when the eighth was made. They are
// looked at through weak references: a class's first instances often stay alone, and must be free to die.
const LEARNT_FROM = 8;

function instances(type: string): Shape {
  // After that their own keys are counted now and then: a class mostly gives its instances the same properties, and to ask
  // each would allocate an array per object. (Plain objects have nothing in common.)
  const COUNTED_EVERY = 64;
  const early: WeakRef<object>[] = [];
  let seen = 0;
  let room = 0;
  let size = 0;
  return shape(
    type,
    (object) => {
      seen++;
      if (seen > LEARNT_FROM && seen % COUNTED_EVERY !== 0) return size;
      const properties = ownKeys(object).length;
      if (seen <= LEARNT_FROM) {
        room = max(room, properties);
        if (seen < LEARNT_FROM) append(early, new OwnWeakRef(object));
        else room = max(room, largest(early));
      }
      size = sizes.instance(properties, room);
      return size;
    },
    { measureNow: (object) => sizes.instance(ownKeys(object).length, room), isPlain: true },
  );
}

/** The most own properties that one of the objects has. Forgets them. */
function largest(references: WeakRef<object>[]): number {
  let most = 0;
  for (let i = 0; i < references.length; i++) {
    const object = apply(deref, references[i], []) as object | undefined;
    if (object !== undefined) most = max(most, ownKeys(object).length);
  }
  references.length = 0;
  return most;
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

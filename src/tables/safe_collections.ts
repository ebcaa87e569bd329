// Browser compatible.

const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames } = Object;

/** Puts the engine's own methods and getters on a derived class, where nothing that a program does to the built-in one reaches. */
export function fix(derived: { prototype: object }, { prototype }: { prototype: object }): void {
  for (const name of getOwnPropertyNames(prototype)) {
    if (name !== "constructor")
      defineProperty(derived.prototype, name, getOwnPropertyDescriptor(prototype, name)!);
  }
}

/** A Map of the tracker's own: programs, and test262, replace `Map.prototype.set` and watch who calls. */
export class SafeMap<K, V> extends Map<K, V> {}
fix(SafeMap, Map);

/** A WeakMap of the tracker's own. */
export class SafeWeakMap<K extends WeakKey, V> extends WeakMap<K, V> {}
fix(SafeWeakMap, WeakMap);

/** A WeakSet of the tracker's own. */
export class SafeWeakSet<T extends WeakKey> extends WeakSet<T> {}
fix(SafeWeakSet, WeakSet);

/**
 * Adds to the end of an array of the tracker's own, and gives its new length: `push` would run setters that a program has
 * put on `Array.prototype[0]`. Slower than `push` by some 100 ns.
 */
export function append<T>(list: T[], value: T): number {
  const { length } = list;
  defineProperty(list, length, {
    // A program can put `get` on `Object.prototype`, too.
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
  return length + 1;
}

const arrayFrom = Array.from;

/** An array of the tracker's own, as long as is wanted, of undefined: no setter of a program's runs where an element changes. */
export function emptyArray<T>(length: number): (T | undefined)[] {
  // A null prototype: a program can put an iterator on `Object.prototype`.
  return arrayFrom({ __proto__: null, length } as unknown as ArrayLike<undefined>);
}

// The engine's own constructors, from before `start()` puts stand-ins in their places: a table of the tracker's that grows
// while the program runs must not be counted as the program's.
export const OwnInt32Array: Int32ArrayConstructor = Int32Array;
export const OwnUint8Array: Uint8ArrayConstructor = Uint8Array;
export const OwnFloat64Array: Float64ArrayConstructor = Float64Array;
export const OwnWeakRef: WeakRefConstructor = WeakRef;

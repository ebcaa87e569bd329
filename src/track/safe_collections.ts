// Browser compatible.

/** Puts the engine's own methods on a derived class, where nothing that a program does to the built-in one reaches. */
function fix(derived: object, builtin: object, names: readonly string[]): void {
  for (const name of names) {
    const { value } = Object.getOwnPropertyDescriptor(builtin, name)!;
    Object.defineProperty(derived, name, { value });
  }
}

/** A Map of the tracker's own: programs, and test262, replace `Map.prototype.set` and watch who calls. */
export class SafeMap<K, V> extends Map<K, V> {}
fix(SafeMap.prototype, Map.prototype, ["get", "set", "has", "delete", "clear", "forEach"]);

/** A Set of the tracker's own. */
export class SafeSet<T> extends Set<T> {}
fix(SafeSet.prototype, Set.prototype, ["add", "has", "delete", "clear", "forEach"]);

/** A WeakMap of the tracker's own. */
export class SafeWeakMap<K extends WeakKey, V> extends WeakMap<K, V> {}
fix(SafeWeakMap.prototype, WeakMap.prototype, ["get", "set", "has", "delete"]);

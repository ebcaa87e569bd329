// Browser compatible.

/** Numbers strings: equal ones get the same number. */
export class NameTable {
  readonly names: string[] = [];
  readonly #ids = new Map<string, number>();

  intern(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      this.#ids.set(name, (id = this.names.length));
      this.names.push(name);
    }
    return id;
  }

  /** The number of each of `names`. */
  internAll(names: readonly string[]): Int32Array {
    return Int32Array.from(names, (name) => this.intern(name));
  }
}

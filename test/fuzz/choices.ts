/**
 * The random choices that make a program, as a list of bytes. fast-check shrinks the list, and with it the program:
 * where the list has run out, every choice is the first, which grammars keep for what is shortest.
 */
export class Choices {
  readonly #bytes: ArrayLike<number>;
  #at = 0;
  #names = 0;
  /** The code since the last `fresh()` can call something: it has to count down the fuel. */
  mayCall = false;

  constructor(bytes: ArrayLike<number>) {
    this.#bytes = bytes;
  }

  get isExhausted(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** 0 up to, but not including, `limit`, which is at most 256. */
  below(limit: number): number {
    return this.isExhausted ? 0 : this.#bytes[this.#at++] % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === n - 1;
  }

  /** A name that nothing else bears. */
  unique(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /** What `make` gives, 0 to `limit` times. */
  list(limit: number, make: () => string): string[] {
    const out: string[] = [];
    for (let n = this.below(limit + 1); n > 0; n--) out.push(make());
    return out;
  }
}

/** Where in a program a piece of code stands: what it may use. */
export interface Place {
  /** How deep it may still nest. */
  readonly depth: number;
  readonly isStrict: boolean;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly inFunction: boolean;
  /** `super.m` may be used. */
  readonly hasSuper: boolean;
  /** In a field or static block, where `arguments` and `await` are early errors. */
  readonly isInitialiser: boolean;
  /** Labels of the loops around, innermost last. */
  readonly labels: readonly string[];
}

/** The place one level in. */
export function deeper(place: Place): Place {
  return { ...place, depth: place.depth - 1 };
}

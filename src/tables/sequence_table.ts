// Browser compatible.

/**
 * Numbers sequences of 32-bit integers: equal sequences get the same number, new ones the next (0, 1, 2, …).
 * Frames, tracebacks and rows are all such sequences, so that millions of them cost no object each. Keys need that equal
 * ones are equal whatever comes; what reads files needs an end to every search, and has `pprof/int_sequences.ts`.
 */
export class SequenceTable {
  // The seed keeps a hostile file from bringing sequences that all fall on one slot.
  readonly #seed: number = (Math.random() * 0x100000000) | 0;
  #length = 0;
  /** Sequence `i` is `#pool[#offset[i]] … #pool[#offset[i + 1] - 1]`. */
  #pool = new Int32Array(256);
  #offset = new Int32Array(65);
  #hash = new Int32Array(64);
  /** Open addressing; number + 1, 0: free. */
  #slots = new Int32Array(128);

  /** @param expected how many sequences there may be, and their lengths in all: tables that grow are copied again and again */
  constructor(expected: { readonly sequences: number; readonly integers: number } | null = null) {
    if (expected === null) return;
    const sequences = Math.max(expected.sequences, 64);
    this.#pool = new Int32Array(expected.integers + 1);
    this.#offset = new Int32Array(sequences + 1);
    this.#hash = new Int32Array(sequences);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(sequences * 2 + 2)));
  }

  /** How many different sequences there are. */
  get length(): number {
    return this.#length;
  }

  /** Number of the sequence `source[start] … source[end - 1]`; equal to the old `length` when it is new. */
  intern(source: Int32Array, start = 0, end: number = source.length): number {
    const hash = this.#hashOf(source, start, end);
    let mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let found = this.#slots[slot]; found !== 0; found = this.#slots[slot]) {
      if (this.#hash[found - 1] === hash && this.#holds(found - 1, source, start, end)) return found - 1;
      slot = (slot + 1) & mask;
    }
    if (this.#length * 2 >= this.#slots.length) {
      this.#growSlots();
      mask = this.#slots.length - 1;
      slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    }
    return this.#append(source, start, end, hash, slot);
  }

  /** Element `index` of sequence `id`; there is no check that it has so many. */
  elementAt(id: number, index: number): number {
    return this.#pool[this.#offset[id] + index];
  }

  /** All sequences one after the other, and where each begins; valid until the next `intern`. */
  columns(): { readonly pool: Int32Array; readonly offset: Int32Array } {
    return {
      pool: this.#pool.subarray(0, this.#offset[this.#length]),
      offset: this.#offset.subarray(0, this.#length + 1),
    };
  }

  #hashOf(source: Int32Array, start: number, end: number): number {
    let hash = this.#seed ^ (end - start);
    for (let i = start; i < end; i++) {
      hash = Math.imul(hash ^ source[i], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #holds(id: number, source: Int32Array, start: number, end: number): boolean {
    const pool = this.#pool;
    let at = this.#offset[id];
    if (this.#offset[id + 1] - at !== end - start) return false;
    for (let i = start; i < end; i++) if (pool[at++] !== source[i]) return false;
    return true;
  }

  #append(source: Int32Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.#length++;
    const at = this.#offset[id];
    const next = at + end - start;
    if (next > this.#pool.length) this.#pool = grown(this.#pool, next);
    if (id + 1 >= this.#offset.length) this.#offset = grown(this.#offset, id + 2);
    if (id >= this.#hash.length) this.#hash = grown(this.#hash, id + 1);
    for (let i = start, to = at; i < end; i++) this.#pool[to++] = source[i];
    this.#offset[id + 1] = next;
    this.#hash[id] = hash;
    this.#slots[slot] = id + 1;
    return id;
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#length; id++) {
      let slot = this.#hash[id] & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

function grown(old: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(Math.max(needed, old.length * 2));
  bigger.set(old);
  return bigger;
}

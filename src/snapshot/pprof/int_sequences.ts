// Browser compatible.

/** Entries of equal hash that are compared, and slots that are looked at, before an entry is taken for a new one. */
const MAX_COMPARISONS = 8;
const MAX_PROBES = 512;

/**
 * Numbers distinct sequences of 32-bit integers 0, 1, 2, … in order of first appearance.
 *
 * Names and numbers come from files, so the hash may be under attack: a search that takes too long ends, and stores
 * the sequence a second time, which costs space but keeps time linear.
 */
export class IntSequences {
  /** Number of sequences. */
  size = 0;
  /** All sequences, one after the other. Sequence `i` is `data[offset[i]] … data[offset[i + 1] - 1]`. */
  data: Int32Array = new Int32Array(1024);
  offset: Int32Array = new Int32Array(257);
  private hashes = new Int32Array(256);
  /** Sequence + 1; 0: free. At most half of them are taken. */
  private slots = new Int32Array(512);

  /** @param expected how many sequences there may be: tables that grow are copied again and again */
  constructor(expected = 0) {
    if (expected <= this.hashes.length) return;
    const capacity = 2 ** Math.ceil(Math.log2(expected));
    this.hashes = new Int32Array(capacity);
    this.offset = new Int32Array(capacity + 1);
    this.slots = new Int32Array(capacity * 2);
  }

  /** Integers stored. */
  get length(): number {
    return this.offset[this.size];
  }

  /** The number of the sequence `source[0] … source[length - 1]`. */
  intern(source: ArrayLike<number>, length: number): number {
    if (this.size === this.hashes.length) this.growEntries();
    const hash = hashOf(source, length);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    let comparisons = 0;
    for (let probes = 0; probes < MAX_PROBES && comparisons < MAX_COMPARISONS; probes++) {
      const entry = this.slots[slot];
      if (entry === 0) {
        this.slots[slot] = this.size + 1;
        break;
      }
      if (this.hashes[entry - 1] === hash) {
        if (this.equals(entry - 1, source, length)) return entry - 1;
        comparisons++;
      }
      slot = (slot + 1) & mask;
    }
    return this.append(source, length, hash);
  }

  private equals(entry: number, source: ArrayLike<number>, length: number): boolean {
    const { data, offset } = this;
    const start = offset[entry];
    if (offset[entry + 1] - start !== length) return false;
    for (let i = 0; i < length; i++) if (data[start + i] !== source[i]) return false;
    return true;
  }

  private append(source: ArrayLike<number>, length: number, hash: number): number {
    const entry = this.size++;
    const start = this.offset[entry];
    if (start + length > this.data.length) {
      this.data = grown(this.data, Math.max(this.data.length * 2, start + length));
    }
    const { data } = this;
    for (let i = 0; i < length; i++) data[start + i] = source[i];
    this.offset[entry + 1] = start + length;
    this.hashes[entry] = hash;
    return entry;
  }

  private growEntries(): void {
    const capacity = this.hashes.length * 2;
    const { hashes } = this;
    this.hashes = grown(hashes, capacity);
    this.offset = grown(this.offset, capacity + 1);
    const slots = new Int32Array(capacity * 2);
    const mask = slots.length - 1;
    for (let entry = 0; entry < hashes.length; entry++) {
      let slot = hashes[entry] & mask;
      for (let probes = 0; probes < MAX_PROBES; probes++, slot = (slot + 1) & mask) {
        if (slots[slot] !== 0) continue;
        slots[slot] = entry + 1;
        break;
      }
    }
    this.slots = slots;
  }
}

function hashOf(source: ArrayLike<number>, length: number): number {
  let hash = length;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ source[i], 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}

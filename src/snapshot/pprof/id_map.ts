// Browser compatible.

/** From the ids in a profile (any 64-bit number but 0) to 0, 1, 2, … in order of appearance. */
export class IdMap {
  size = 0;
  /** Index + 1 of small ids, which nearly all writers use. */
  private dense = new Int32Array(1024);
  private readonly sparse = new Map<number | bigint, number>();

  /** Gives `id` the next index. False if it has one already. */
  add(id: number | bigint): boolean {
    if (this.get(id) !== -1) return false;
    if (typeof id === "number" && id < 4 * this.size + 1024) {
      if (id >= this.dense.length) this.grow(id);
      this.dense[id] = this.size + 1;
    } else {
      this.sparse.set(id, this.size);
    }
    this.size++;
    return true;
  }

  /** The index of `id`; -1: unknown. */
  get(id: number | bigint): number {
    if (typeof id === "number" && id < this.dense.length) {
      const entry = this.dense[id];
      if (entry !== 0) return entry - 1;
    }
    return this.sparse.size === 0 ? -1 : (this.sparse.get(id) ?? -1);
  }

  private grow(id: number): void {
    const larger = new Int32Array(Math.max(this.dense.length * 2, id + 1));
    larger.set(this.dense);
    this.dense = larger;
  }
}

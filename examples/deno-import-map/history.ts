export interface Entry {
  step: number;
  square: number;
}

export class History {
  readonly #entries: Entry[] = [];

  get length(): number {
    return this.#entries.length;
  }

  record(step: number, square: number): void {
    const entry: Entry = { step, square };
    if (step % 4 === 0) this.#entries.push(entry);
  }
}

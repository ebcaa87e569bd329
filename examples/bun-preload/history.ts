export interface Entry {
  step: number;
  text: string;
}

export class History {
  readonly #entries: Entry[] = [];

  get length(): number {
    return this.#entries.length;
  }

  record(step: number, text: string): void {
    const entry: Entry = { step, text };
    if (step % 4 === 0) this.#entries.push(entry);
  }
}

// Browser compatible.

/** The names that a report needs, numbered anew in the order in which they are asked for. */
export class OutputNames {
  readonly names: string[] = [];
  readonly #all: readonly string[];
  readonly #longest: number;
  readonly #numbers = new Map<number, number>();
  /** Names that the snapshot does not have. */
  readonly #added: string[] = [];
  #ids: Map<string, number> | null = null;

  /** @param longest Characters of a name; of longer ones the middle is left out. */
  constructor(all: readonly string[], longest: number) {
    this.#all = all;
    this.#longest = longest;
  }

  number(id: number): number {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.names.push(shortened(this.#nameOf(id), this.#longest)) - 1;
      this.#numbers.set(id, number);
    }
    return number;
  }

  /** The number of a name that the snapshot need not have. */
  numberOf(name: string): number {
    this.#ids ??= new Map(this.#all.map((one, id) => [one, id]));
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#all.length + this.#added.push(name) - 1;
      this.#ids.set(name, id);
    }
    return this.number(id);
  }

  /** The name as the snapshot has it. */
  original(number: number): string {
    for (const [id, other] of this.#numbers) if (other === number) return this.#nameOf(id);
    return "";
  }

  #nameOf(id: number): string {
    return id < this.#all.length ? this.#all[id] : this.#added[id - this.#all.length];
  }
}

/** A text without its middle where it is too long. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const half = Math.floor((longest - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(text.length - half)}`;
}

export class History {
  #entries = [];

  get length() {
    return this.#entries.length;
  }

  record(step, square) {
    const entry = { step, square };
    if (step % 4 === 0) this.#entries.push(entry);
  }
}

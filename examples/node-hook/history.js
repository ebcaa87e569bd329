export class History {
  #entries = [];

  get length() {
    return this.#entries.length;
  }

  record(step, text) {
    const entry = { step, text };
    if (step % 4 === 0) this.#entries.push(entry);
  }
}

const COMMA = 0x2c;
const CLOSE_LIST = 0x5d;
const BUFFERED = 1 << 14;

/** No digit has come since the last comma. */
const NONE = -1;
/** A space has ended a number: its comma must follow. */
const ENDED = -2;

/** Takes numbers of a list as they come. */
export type Consumer = (values: Float64Array, count: number) => void;

/** Reads a list of whole numbers of JSON, of which there may be hundreds of millions. */
export class NumberList {
  readonly #consumer: Consumer;
  readonly #buffer = new Float64Array(BUFFERED);
  #buffered = 0;
  #value = NONE;
  #ended = 0;
  #needsNumber = false;
  /** Whether its end has come. */
  isDone = false;
  /** Whether what stood where `read` stopped belongs in no such list. */
  hasFailed = false;

  constructor(consumer: Consumer) {
    this.#consumer = consumer;
  }

  /** Reads on behind the list's bracket. Gives where it stopped: at the end of the bytes, behind that of the list, or where it failed. */
  read(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    const buffer = this.#buffer;
    let buffered = this.#buffered;
    let value = this.#value;
    let at = from;
    for (; at < length; at++) {
      const byte = bytes[at];
      const digit = byte - 0x30;
      if (digit >= 0 && digit <= 9) {
        if (value >= 0) value = value * 10 + digit;
        else if (value === NONE) value = digit;
        else break;
        continue;
      }
      if (byte === COMMA) {
        if (value === ENDED) value = this.#ended;
        if (value < 0) break;
        buffer[buffered++] = value;
        value = NONE;
        this.#needsNumber = true;
        if (buffered === BUFFERED) {
          this.#consumer(buffer, buffered);
          buffered = 0;
        }
        continue;
      }
      if (byte === 0x0a || byte === 0x20 || byte === 0x0d || byte === 0x09) {
        if (value >= 0) {
          this.#ended = value;
          value = ENDED;
        }
        continue;
      }
      if (byte !== CLOSE_LIST || (value === NONE && this.#needsNumber)) break;
      if (value !== NONE) buffer[buffered++] = value === ENDED ? this.#ended : value;
      this.#consumer(buffer, buffered);
      this.isDone = true;
      return at + 1;
    }
    this.#buffered = buffered;
    this.#value = value;
    this.hasFailed = at < length;
    return at;
  }
}

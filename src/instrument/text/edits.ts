import MagicString from "magic-string";

/** One insertion. Setting `text` to `""` before the edits are applied takes it back. */
export interface Edit {
  readonly position: number;
  text: string;
}

/**
 * Insertions into a text, and nothing else: the original can be had back by taking them out, and line numbers hold
 * as long as none inserts a newline.
 *
 * Many insertions meet at one position (`g(x => f(x))`: the end of a body and of two calls). Ends come before
 * starts; among ends the inner comes first, among starts the outer. A walk that opens a node before its children and
 * closes it after them makes the edits in just that order, so that the order of making decides.
 */
export class Edits {
  readonly #starts: Edit[] = [];
  readonly #ends: Edit[] = [];
  readonly #source: string;
  readonly #glue: string;
  #known: { edits: Edit[]; starts: number; ends: number } | null = null;

  /** @param glue Stands between a word of the text and one of an insertion. */
  constructor(source: string, glue: string) {
    this.#source = source;
    this.#glue = glue;
  }

  /** Inserts before what starts at the position. */
  start(position: number, text: string): Edit {
    const edit = { position, text };
    this.#starts.push(edit);
    return edit;
  }

  /** Inserts after what ends at the position. */
  end(position: number, text: string): Edit {
    const edit = { position, text };
    this.#ends.push(edit);
    return edit;
  }

  /** How many starts there are so far: with `startsWithBracket`, tells those that a visit has added. */
  get startCount(): number {
    return this.#starts.length;
  }

  /** Whether the first insertion at the position, of those made since `from`, begins with a bracket. */
  startsWithBracket(position: number, from: number): boolean {
    for (let i = from; i < this.#starts.length; i++) {
      const { position: at, text } = this.#starts[i];
      if (at === position && text !== "") return text.startsWith("(");
    }
    return false;
  }

  /** How many ends there are so far: with `endsAt`, tells those that a visit has added. */
  get endCount(): number {
    return this.#ends.length;
  }

  /** Whether something was inserted after what ends at the position, since there were `from` ends. */
  endsAt(position: number, from: number): boolean {
    for (let i = from; i < this.#ends.length; i++) {
      if (this.#ends[i].position === position && this.#ends[i].text !== "") return true;
    }
    return false;
  }

  /** Whether a name or a keyword starts at the position of the original text. */
  isNameAt(position: number): boolean {
    const code = this.#source.charCodeAt(position);
    return isWordCharacter(code) && !(code >= 48 && code <= 57); // 0-9
  }

  /** The edited text; asked for its map, magic-string makes one. Without one, `text` takes half the time. */
  apply(): MagicString {
    const text = new MagicString(this.#source);
    this.#inOrder((position, inserted) => text.appendLeft(position, inserted));
    return text;
  }

  /** The edited text alone. */
  text(): string {
    const parts: string[] = [];
    let from = 0;
    this.#inOrder((position, inserted) => {
      if (position > from) parts.push(this.#source.slice(from, position));
      parts.push(inserted);
      from = position;
    });
    parts.push(this.#source.slice(from));
    return parts.join("");
  }

  /** What was inserted, in the order of the text: position in the original and length, in turns. */
  insertions(): number[] {
    const found: number[] = [];
    this.#inOrder((position, inserted) => found.push(position, inserted.length));
    return found;
  }

  #inOrder(insert: (position: number, text: string) => unknown): void {
    const ordered = this.#ordered();
    for (let i = 0; i < ordered.length; i++) insert(ordered[i].position, ordered[i].text);
  }

  /** In the order of the text. Found once; what was added since is the file's end. */
  #ordered(): Edit[] {
    const known = this.#known;
    const starts = this.#starts.length;
    if (known === null || known.starts !== starts || this.#hasAddedBefore(known)) {
      const edits = this.#sort();
      this.#known = { edits, starts, ends: this.#ends.length };
      return edits;
    }
    for (; known.ends < this.#ends.length; known.ends++) known.edits.push(this.#ends[known.ends]);
    return known.edits;
  }

  #hasAddedBefore({ edits, ends }: { edits: Edit[]; ends: number }): boolean {
    const last = edits[edits.length - 1]?.position ?? 0;
    return this.#ends.slice(ends).some(({ position }) => position < last);
  }

  #sort(): Edit[] {
    const starts = this.#starts.filter((edit) => edit.text !== "").sort(byPosition);
    const ends = this.#ends.filter((edit) => edit.text !== "").sort(byPosition);
    const ordered: Edit[] = [];
    let i = 0;
    for (const start of starts) {
      while (i < ends.length && ends[i].position <= start.position) ordered.push(ends[i++]);
      const text = this.#unglued(start);
      ordered.push(text === start.text ? start : { position: start.position, text });
    }
    while (i < ends.length) ordered.push(ends[i++]);
    return ordered;
  }

  /** `yield/re/` and `case[1]` must not become one word with the name that is put between. */
  #unglued({ position, text }: Edit): string {
    return isWordCharacter(text.charCodeAt(0)) && isWordCharacter(this.#source.charCodeAt(position - 1))
      ? this.#glue + text
      : text;
  }
}

// `Array.prototype.sort` is stable, so edits of one position stay in the order in which they were made.
function byPosition(a: Edit, b: Edit): number {
  return a.position - b.position;
}

function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || // a-z
    (code >= 65 && code <= 90) || // A-Z
    (code >= 48 && code <= 57) || // 0-9
    code === 36 || // $
    code === 95 || // _
    code > 127
  );
}

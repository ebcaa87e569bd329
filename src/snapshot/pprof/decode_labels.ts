// Browser compatible.

import type { ProfileHeader } from "./decode_header.ts";
import { LABEL, LABEL_KEYS } from "./fields.ts";
import type { ProtoReader } from "./proto_reader.ts";
import type { StringTable } from "./string_table.ts";

const MAX_INT32 = 2 ** 31 - 1;
const NOT_CLASSIFIED = 0;
const OTHER = 1;
const FIRST_KEY = 2;
const KEYS = Object.keys(LABEL_KEYS) as (keyof typeof LABEL_KEYS)[];
const INTEGERS: ReadonlySet<string> = new Set(["bytes", "domain", "totalNframe"]);

/** Reads the labels of samples, one sample at a time. Figures that a sample lacks are -1. */
export class LabelDecoder {
  bytes = -1;
  domain = -1;
  totalNframe = -1;
  exactSize = -1;
  exactCount = -1;
  exactAllocatedCount = -1;
  exactAllocatedSize = -1;
  /** Number of the string that names the type; -1: no such label. */
  type = -1;
  private readonly reader: ProtoReader;
  private readonly strings: StringTable;
  private readonly own: boolean;
  /** What each string is as a key: `NOT_CLASSIFIED`, `OTHER`, or `FIRST_KEY` + index in `KEYS`. */
  private readonly kinds: Uint8Array;

  constructor(reader: ProtoReader, { strings, document }: ProfileHeader) {
    this.reader = reader;
    this.strings = strings;
    this.own = document !== undefined;
    this.kinds = new Uint8Array(strings.size);
  }

  /** To be called before each sample. */
  reset(): void {
    this.bytes = this.domain = this.totalNframe = this.type = -1;
    this.exactSize = this.exactCount = this.exactAllocatedCount = this.exactAllocatedSize = -1;
  }

  /** Reads the label at the reader's position. */
  read(): void {
    const { reader, strings } = this;
    const { tagOffset } = reader;
    let key = 0;
    let str = 0;
    let num = 0;
    let float = 0;
    const outer = reader.enter("a label");
    while (reader.next()) {
      if (reader.field === LABEL.key) key = strings.readNumber("the key of a label");
      else if (reader.field === LABEL.str) str = strings.readNumber("the text of a label");
      else if (reader.field === LABEL.num) {
        reader.expectVarint("the number of a label");
        num = reader.signed();
        float = reader.asFloat();
      } else if (reader.field === LABEL.numUnit) strings.readNumber("the unit of a label");
      else reader.skip();
    }
    reader.leave(outer);
    if (strings.size === 0) reader.fail("a label has no key: there are no strings", tagOffset);
    const kind = this.kinds[key] === NOT_CLASSIFIED ? this.classify(key) : this.kinds[key];
    if (kind !== OTHER) this.set(KEYS[kind - FIRST_KEY], { str, num, float, tagOffset });
  }

  private classify(key: number): number {
    const index = KEYS.indexOf(this.strings.get(key) as keyof typeof LABEL_KEYS);
    return (this.kinds[key] = index === -1 ? OTHER : FIRST_KEY + index);
  }

  /** Other tools may mean something else by a label of that name: what does not fit is left out. */
  private set(
    key: keyof typeof LABEL_KEYS,
    { str, num, float, tagOffset }: { str: number; num: number; float: number; tagOffset: number },
  ): void {
    if (key === "type") {
      if (this.own || str !== 0) this.type = str;
      return;
    }
    const isInteger = INTEGERS.has(key);
    const value = isInteger ? num : float;
    const max = key === "bytes" ? Infinity : isInteger ? MAX_INT32 : Number.MAX_VALUE;
    if (value >= 0 && value <= max && (!isInteger || str === 0)) this[key] = value;
    else if (this.own)
      this.reader.fail(`the label "${key}" is ${value}, which must not be negative nor too large`, tagOffset);
  }
}

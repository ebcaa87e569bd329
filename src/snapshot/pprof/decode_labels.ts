// Browser compatible.

import type { ProfileHeader } from "./decode_header.ts";
import { LABEL, LABEL_KEYS } from "./fields.ts";
import { noteLabel } from "./program_labels.ts";
import type { ProtoReader } from "./proto_reader.ts";
import type { StringTable } from "./string_table.ts";

const MAX_INT32 = 2 ** 31 - 1;
const NOT_CLASSIFIED = 0;
const OTHER = 1;
const FIRST_KEY = 2;
type LabelKey = keyof typeof LABEL_KEYS;
const KEYS = Object.keys(LABEL_KEYS) as LabelKey[];
const INTEGERS: readonly LabelKey[] = ["bytes", "domain", "totalNframe", "peakCount"];
const IS_INTEGER: readonly boolean[] = KEYS.map((key) => INTEGERS.includes(key));
const TYPE = KEYS.indexOf("type");
const PID = KEYS.indexOf("pid");
const WORKER = KEYS.indexOf("worker");
/** Integers that are no 32-bit ones. */
const LARGE: readonly number[] = [KEYS.indexOf("bytes"), KEYS.indexOf("peakCount")];
const floatView = new DataView(new ArrayBuffer(8));

/** Reads the labels of samples, one sample at a time. Figures that a sample lacks are -1. */
export class LabelDecoder {
  bytes = -1;
  domain = -1;
  totalNframe = -1;
  /** Only of our own profiles. */
  peakCount = -1;
  exactSize = -1;
  exactCount = -1;
  exactAllocatedCount = -1;
  exactAllocatedSize = -1;
  /** Number of the string that names the type; -1: no such label. */
  type = -1;
  /** Numbers of the strings that name process and worker; -1: no such label. Only of our own profiles. */
  pid = -1;
  worker = -1;
  /** Numbers of the strings that are names and values of the program's labels, by turns. Only of our own profiles. */
  readonly others: number[] = [];
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
    this.bytes = this.domain = this.totalNframe = this.peakCount = this.type = -1;
    this.pid = this.worker = -1;
    this.others.length = 0;
    this.exactSize = this.exactCount = this.exactAllocatedCount = this.exactAllocatedSize = -1;
  }

  /** Reads the label at the reader's position. */
  read(): void {
    const { reader, strings } = this;
    const { tagOffset } = reader;
    let key = 0;
    let str = 0;
    let num = 0;
    let low = 0;
    let high = 0;
    const outer = reader.enter("a label");
    while (reader.next()) {
      if (reader.field === LABEL.key) key = strings.readNumber("the key of a label");
      else if (reader.field === LABEL.str) str = strings.readNumber("the text of a label");
      else if (reader.field === LABEL.num) {
        reader.expectVarint("the number of a label");
        num = reader.signed();
        ({ low, high } = reader);
      } else if (reader.field === LABEL.numUnit) strings.readNumber("the unit of a label");
      else reader.skip();
    }
    reader.leave(outer);
    if (strings.size === 0) reader.fail("a label has no key: there are no strings", tagOffset);
    const kind = this.kinds[key] === NOT_CLASSIFIED ? this.classify(key) : this.kinds[key];
    if (kind === OTHER) {
      if (this.own) noteLabel(this.others, key, str);
      return;
    }
    const index = kind - FIRST_KEY;
    if (index === TYPE) {
      if (this.own || str !== 0) this.type = str;
    } else if (index === PID || index === WORKER) {
      if (this.own && index === PID) this.pid = str;
      else if (this.own) this.worker = str;
    } else if (IS_INTEGER[index]) {
      // Other tools may mean something else by a label of that name: what does not fit is left out.
      if (str === 0 && num >= 0 && (LARGE.includes(index) || num <= MAX_INT32)) this.set(index, num);
      else if (this.own)
        reader.fail(`the label "${KEYS[index]}" is ${num}, which must be 0 to ${MAX_INT32}`, tagOffset);
    } else if (this.own) {
      const float = floatOf(low, high);
      if (!(float >= 0 && float < Infinity)) reader.fail(`the label "${KEYS[index]}" is ${float}`, tagOffset);
      this.set(index, float);
    }
  }

  private classify(key: number): number {
    const index = KEYS.indexOf(this.strings.get(key) as LabelKey);
    return (this.kinds[key] = index === -1 ? OTHER : FIRST_KEY + index);
  }

  /** Not `this[KEYS[index]] = value`, which engines don't make fast. */
  private set(index: number, value: number): void {
    const key = KEYS[index];
    if (key === "bytes") this.bytes = value;
    else if (key === "domain") this.domain = value;
    else if (key === "totalNframe") this.totalNframe = value;
    else if (key === "peakCount" && this.own) this.peakCount = value;
    else if (key === "exactSize") this.exactSize = value;
    else if (key === "exactCount") this.exactCount = value;
    else if (key === "exactAllocatedCount") this.exactAllocatedCount = value;
    else if (key === "exactAllocatedSize") this.exactAllocatedSize = value;
  }
}

/** The float with these bits. */
function floatOf(low: number, high: number): number {
  floatView.setUint32(0, high);
  floatView.setUint32(4, low);
  return floatView.getFloat64(0);
}

import { formatSize } from "../statistics/format_size.ts";
import { SnapshotFormatError } from "../vocabulary/errors.ts";
import { GraphColumns } from "./graph_columns.ts";
import { type Header, parseHeader } from "./header.ts";
import type { HeapGraph } from "./heap_graph.ts";
import { NAME_MASK } from "./heap_graph.ts";
import { NumberList } from "./number_list.ts";
import { StringStore } from "./string_store.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

// Where in the text the reader is.
const START = 0;
const BEFORE_KEY = 1;
const IN_KEY = 2;
const AFTER_KEY = 3;
const BEFORE_VALUE = 4;
const IN_HEADER = 5;
const IN_NUMBERS = 6;
const IN_STRINGS = 7;
const IN_STRING = 8;
const IN_SKIPPED = 9;
const AFTER_VALUE = 10;
const DONE = 11;

/** All that is made of a heap while it is read and analysed, but for its strings. */
const BYTES_PER_NODE = 30;
const BYTES_PER_EDGE = 12;

const LONGEST_KEY = 64;
const LONGEST_HEADER = 1 << 20;
/**
 * Reads a heap snapshot as its bytes come, without ever having it as a whole: the numbers go into columns, the strings stay bytes.
 *
 * Every byte is taken for hostile: counts are held against the file's length before anything is made for them, and numbers of nodes
 * and strings against how many there are.
 */
export class SnapshotReader {
  readonly #filename: string;
  /** Bytes of the whole file. */
  readonly #fileSize: number;
  /** Bytes that may be taken. */
  readonly #memory: number;
  #offset = 0;
  #state = START;
  #key: number[] = [];
  #section = "";
  #headerText: number[] = [];
  #depth = 0;
  #inString = false;
  #isEscaped = false;

  #columns: GraphColumns | null = null;
  #list: NumberList | null = null;
  readonly #strings = new StringStore();
  readonly #read = new Set<string>();

  /**
   * @param options.filename For the messages of errors.
   * @param options.fileSize Its length in bytes.
   * @param options.memory Bytes that reading it, and all that comes after, may take.
   */
  constructor({
    filename,
    fileSize,
    memory = Number.POSITIVE_INFINITY,
  }: {
    filename: string;
    fileSize: number;
    memory?: number;
  }) {
    this.#filename = filename;
    this.#fileSize = fileSize;
    this.#memory = memory;
  }

  /** Takes the next bytes of the file. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#state) {
        case IN_NUMBERS:
          at = this.#numbers(bytes, at);
          break;
        case IN_STRING:
          at = this.#string(bytes, at);
          break;
        default:
          this.#offset++;
          this.#character(bytes[at++]);
          continue;
      }
    }
  }

  /** The whole graph, when all bytes have been taken. */
  finish(): HeapGraph {
    if (this.#state === START && this.#offset === 0) this.#fail("the file is empty");
    if (this.#state !== DONE)
      this.#fail("the file ends too early: it has been cut off, or is being written still");
    for (const section of ["nodes", "edges", "strings"])
      if (!this.#read.has(section)) this.#fail(`no heap snapshot of V8's: it has no ${section}`);
    return this.#columns!.finish(this.#strings);
  }

  #fail(reason: string): never {
    throw new SnapshotFormatError(reason, { filename: this.#filename, offset: this.#offset });
  }

  #character(byte: number): void {
    const isSpace = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    switch (this.#state) {
      case START:
        if (isSpace) return;
        if (byte !== OPEN) this.#fail("no heap snapshot: it does not begin with {");
        this.#state = BEFORE_KEY;
        return;
      case BEFORE_KEY:
        if (isSpace) return;
        if (byte !== QUOTE) this.#fail("no heap snapshot: a name was expected");
        this.#key = [];
        this.#state = IN_KEY;
        return;
      case IN_KEY:
        if (byte === QUOTE) this.#state = AFTER_KEY;
        else if (this.#key.push(byte) > LONGEST_KEY) this.#fail("no heap snapshot: a name is too long");
        return;
      case AFTER_KEY:
        if (isSpace) return;
        if (byte !== COLON) this.#fail("no heap snapshot: a colon was expected");
        this.#state = BEFORE_VALUE;
        return;
      case BEFORE_VALUE:
        if (!isSpace) this.#beginValue(byte);
        return;
      case IN_HEADER:
        this.#headerCharacter(byte);
        return;
      case IN_STRINGS:
        this.#betweenStrings(byte, isSpace);
        return;
      case IN_SKIPPED:
        this.#skippedCharacter(byte);
        return;
      case AFTER_VALUE:
        if (isSpace) return;
        if (byte === COMMA) this.#state = BEFORE_KEY;
        else if (byte === CLOSE) this.#state = DONE;
        else this.#fail("a comma or } was expected");
        return;
      default:
        if (!isSpace) this.#fail("something follows the snapshot");
    }
  }

  #beginValue(byte: number): void {
    this.#section = String.fromCharCode(...this.#key);
    if (this.#read.has(this.#section)) this.#fail(`${this.#section} is there twice`);
    this.#read.add(this.#section);
    this.#depth = 0;
    this.#inString = this.#isEscaped = false;
    if (this.#section === "snapshot") {
      if (byte !== OPEN) this.#fail("no heap snapshot of V8's: its header is no record");
      this.#state = IN_HEADER;
      this.#headerCharacter(byte);
      return;
    }
    if (this.#section === "version") this.#failJavaScriptCore();
    const isOurs = this.#section === "nodes" || this.#section === "edges" || this.#section === "strings";
    if (!isOurs && this.#section !== "locations") {
      this.#state = IN_SKIPPED;
      this.#skippedCharacter(byte);
      return;
    }
    if (this.#columns === null) this.#fail("no heap snapshot of V8's: its header does not come first");
    if (byte !== OPEN_LIST) this.#fail(`${this.#section} is no list`);
    if (this.#section === "strings") {
      this.#state = IN_STRINGS;
      return;
    }
    this.#state = IN_NUMBERS;
    this.#list = new NumberList(this.#columns.begin(this.#section));
  }

  /** Bun's, and what Safari exports. */
  #failJavaScriptCore(): never {
    this.#fail(
      "a heap snapshot of JavaScriptCore's (Bun, Safari), which has no marks of ours: take it with Node, Deno or Chrome",
    );
  }

  #headerCharacter(byte: number): void {
    if (this.#headerText.push(byte) > LONGEST_HEADER) this.#fail("its header is too long");
    if (!this.#closes(byte)) return;
    const text = new TextDecoder().decode(Uint8Array.from(this.#headerText));
    this.#headerText = [];
    const header = this.#parsed(text);
    // A node takes a digit and a comma a column, an edge too.
    const { nodeCount, edgeCount, nodeFields } = header;
    if (nodeCount * nodeFields.length * 2 + edgeCount * 6 > this.#fileSize)
      this.#fail(
        `it promises ${nodeCount} nodes and ${edgeCount} edges, for which it is too short: it has been cut off`,
      );
    if (nodeCount === 0) this.#fail("it has no nodes");
    if (nodeCount > 2 ** 30 || edgeCount > 2 ** 31)
      this.#fail(`${nodeCount} nodes and ${edgeCount} edges are too many`);
    const needed = nodeCount * BYTES_PER_NODE + edgeCount * BYTES_PER_EDGE;
    if (needed > this.#memory)
      this.#fail(
        `its ${nodeCount} nodes and ${edgeCount} edges take ${formatSize(needed)} of memory, and ${formatSize(this.#memory)} are free: read it on a larger machine`,
      );
    this.#columns = new GraphColumns(header, (reason) => this.#fail(reason));
    this.#state = AFTER_VALUE;
  }

  #parsed(text: string): Header {
    try {
      return parseHeader(text);
    } catch (reason) {
      return this.#fail(typeof reason === "string" ? reason : "its header cannot be read");
    }
  }

  #skippedCharacter(byte: number): void {
    // A number or a word of its own ends where the next name begins.
    if (this.#depth === 0 && !this.#inString && (byte === COMMA || byte === CLOSE)) {
      this.#state = AFTER_VALUE;
      this.#character(byte);
      return;
    }
    if (this.#closes(byte)) this.#state = AFTER_VALUE;
  }

  /** Whether a value ends with this byte. */
  #closes(byte: number): boolean {
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        return this.#depth === 0;
      }
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN || byte === OPEN_LIST) this.#depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) return --this.#depth <= 0;
    return false;
  }

  #numbers(bytes: Uint8Array, from: number): number {
    const list = this.#list!;
    const at = list.read(bytes, from);
    this.#offset += at - from;
    if (list.hasFailed) this.#fail(`${this.#section}: a whole number was expected`);
    if (list.isDone) {
      this.#columns!.end(this.#section);
      this.#state = AFTER_VALUE;
    }
    return at;
  }

  #betweenStrings(byte: number, isSpace: boolean): void {
    if (isSpace) return;
    if (byte === QUOTE) {
      if (this.#strings.length > NAME_MASK || !this.#strings.begin())
        this.#fail("its strings are more than can be kept");
      this.#state = IN_STRING;
      this.#isEscaped = false;
    } else if (byte === CLOSE_LIST) this.#state = AFTER_VALUE;
    else if (byte !== COMMA) this.#fail("strings: a string was expected");
  }

  #string(bytes: Uint8Array, from: number): number {
    let at = from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) break;
    }
    this.#strings.append(bytes, from, at);
    this.#offset += at - from;
    if (at === bytes.length) return at;
    this.#strings.end();
    this.#offset++;
    this.#state = IN_STRINGS;
    return at + 1;
  }
}

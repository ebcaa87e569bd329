import { SnapshotFormatError } from "../vocabulary/errors.ts";
import { type Header, parseHeader } from "./header.ts";
import {
  EDGE_KIND_SHIFT,
  type HeapGraph,
  LAST_EDGE,
  NAME_BITS,
  NAME_MASK,
  NO_EDGES,
  SizeColumn,
} from "./heap_graph.ts";
import { ELEMENT_EDGE, HIDDEN_EDGE } from "./node_types.ts";
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

const LONGEST_KEY = 64;
const LONGEST_HEADER = 1 << 20;
const BUFFERED = 1 << 14;
/** More functions than any program has. */
const MOST_LOCATIONS = 1 << 24;

const UNNUMBERED = "is not followed by a whole number";

/** Takes numbers of a list as they come. */
type Consumer = (values: Float64Array, count: number) => void;

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
  #offset = 0;
  #state = START;
  #key: number[] = [];
  #section = "";
  #header: Header | null = null;
  #headerText: number[] = [];
  #depth = 0;
  #inString = false;
  #isEscaped = false;

  readonly #buffer = new Float64Array(BUFFERED);
  #buffered = 0;
  /** The number that is being read; -1: none. */
  #value = -1;
  #needsNumber = false;
  #consumer: Consumer = () => {};

  #kindAndName = new Uint32Array(0);
  #firstEdge = new Uint32Array(0);
  #sizes = new SizeColumn(0);
  #edges = new Uint32Array(0);
  #targets = new Uint32Array(0);
  readonly #strings = new StringStore();
  #node = 0;
  #edge = 0;
  #edgesSoFar = 0;
  #field = 0;
  #kind = 0;
  #name = 0;
  #size = 0;
  #largestName = -1;
  #locations: number[] = [];
  #lastLocation = 0;
  readonly #read = new Set<string>();

  /**
   * @param options.filename For the messages of errors.
   * @param options.fileSize Its length in bytes.
   */
  constructor({ filename, fileSize }: { filename: string; fileSize: number }) {
    this.#filename = filename;
    this.#fileSize = fileSize;
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
    this.#checkNames();
    const { nodeCount, edgeCount } = this.#header!;
    return {
      nodeCount,
      edgeCount,
      kindAndName: this.#kindAndName,
      sizes: this.#sizes,
      firstEdge: this.#firstEdge,
      edges: this.#edges,
      targets: this.#targets,
      strings: this.#strings,
      locations: this.#locationColumns(),
    };
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
    if (this.#header === null) this.#fail("no heap snapshot of V8's: its header does not come first");
    if (byte !== OPEN_LIST) this.#fail(`${this.#section} is no list`);
    if (this.#section === "strings") {
      this.#state = IN_STRINGS;
      this.#needsNumber = false;
      return;
    }
    this.#state = IN_NUMBERS;
    this.#value = -1;
    this.#needsNumber = false;
    this.#field = 0;
    this.#beginColumns(this.#header);
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
    try {
      this.#header = parseHeader(text);
    } catch (reason) {
      this.#fail(typeof reason === "string" ? reason : "its header cannot be read");
    }
    // A node takes a digit and a comma a column, an edge too.
    const { nodeCount, edgeCount, nodeFields } = this.#header;
    if (nodeCount * nodeFields.length * 2 + edgeCount * 6 > this.#fileSize)
      this.#fail(
        `it promises ${nodeCount} nodes and ${edgeCount} edges, for which it is too short: it has been cut off`,
      );
    if (nodeCount === 0) this.#fail("it has no nodes");
    if (nodeCount > 2 ** 30 || edgeCount > 2 ** 31)
      this.#fail(`${nodeCount} nodes and ${edgeCount} edges are too many`);
    this.#state = AFTER_VALUE;
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

  // ── numbers ──

  #beginColumns({ nodeCount, edgeCount, edgeFields }: Header): void {
    try {
      if (this.#section === "nodes") {
        this.#kindAndName = new Uint32Array(nodeCount);
        this.#firstEdge = new Uint32Array(nodeCount);
        this.#sizes = new SizeColumn(nodeCount);
        this.#consumer = this.#nodeConsumer();
      } else if (this.#section === "edges") {
        if (this.#node !== nodeCount)
          this.#fail(`it has ${this.#node} nodes before its edges, and promises ${nodeCount}`);
        if (edgeFields.join() !== "type,name_or_index,to_node")
          this.#fail(`its edges' columns are ${edgeFields.join(", ")}`);
        this.#edges = new Uint32Array(edgeCount);
        this.#targets = new Uint32Array(edgeCount);
        this.#consumer = this.#edgeConsumer();
      } else this.#consumer = this.#locationConsumer();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fail(`it has ${nodeCount} nodes and ${edgeCount} edges, for which there is not enough memory`);
    }
  }

  #numbers(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    const buffer = this.#buffer;
    let buffered = this.#buffered;
    let value = this.#value;
    let needsNumber = this.#needsNumber;
    let at = from;
    for (; at < length; at++) {
      const byte = bytes[at];
      const digit = byte - 0x30;
      if (digit >= 0 && digit <= 9) {
        // A space within a number would make two of it.
        if (value === -1) value = digit;
        else if (value < 0) break;
        else value = value * 10 + digit;
        continue;
      }
      if (byte === COMMA) {
        if (value === -2) value = this.#pending;
        if (value < 0) break;
        buffer[buffered++] = value;
        value = -1;
        needsNumber = true;
        if (buffered === BUFFERED) {
          this.#offset += at - from;
          this.#consumer(buffer, buffered);
          this.#offset -= at - from;
          buffered = 0;
        }
        continue;
      }
      if (byte === 0x0a || byte === 0x20 || byte === 0x0d || byte === 0x09) {
        if (value >= 0) {
          this.#pending = value;
          value = -2;
        }
        continue;
      }
      if (byte === CLOSE_LIST) {
        if (value === -2) value = this.#pending;
        if (value >= 0) buffer[buffered++] = value;
        else if (needsNumber) break;
        this.#offset += at + 1 - from;
        this.#consumer(buffer, buffered);
        this.#buffered = 0;
        this.#endColumns();
        this.#state = AFTER_VALUE;
        return at + 1;
      }
      break;
    }
    this.#offset += at - from;
    if (at < length) this.#fail(`${this.#section}: a number ${UNNUMBERED}`);
    this.#buffered = buffered;
    this.#value = value;
    this.#needsNumber = needsNumber;
    return at;
  }

  /** A number that has ended, and waits for its comma. */
  #pending = 0;

  #nodeConsumer(): Consumer {
    const { nodeCount, edgeCount, nodeFields, nodeTypes } = this.#header!;
    const roles = Int8Array.from(nodeFields, (field) =>
      ["other", "type", "name", "self_size", "edge_count"].indexOf(field),
    );
    const columns = roles.length;
    return (values, count) => {
      let field = this.#field;
      for (let i = 0; i < count; i++) {
        const value = values[i];
        switch (roles[field]) {
          case 1:
            if (value >= nodeTypes.length)
              this.#fail(`node ${this.#node} is of kind ${value}, of ${nodeTypes.length}`);
            this.#kind = nodeTypes[value];
            break;
          case 2:
            if (value > this.#largestName) this.#largestName = value;
            this.#name = value;
            break;
          case 3:
            this.#size = value;
            break;
          case 4:
            this.#firstEdge[this.#node] = value === 0 ? NO_EDGES : this.#edgesSoFar;
            this.#edgesSoFar += value;
            if (this.#edgesSoFar > edgeCount)
              this.#fail(`its nodes have more edges than the ${edgeCount} that it promises`);
            break;
          default:
        }
        if (++field < columns) continue;
        field = 0;
        if (this.#node >= nodeCount) this.#fail(`it has more nodes than the ${nodeCount} that it promises`);
        if (this.#name > NAME_MASK) this.#fail(`node ${this.#node} has name ${this.#name}`);
        this.#kindAndName[this.#node] = ((this.#kind << NAME_BITS) | this.#name) >>> 0;
        this.#sizes.set(this.#node, this.#size);
        this.#node++;
      }
      this.#field = field;
    };
  }

  #edgeConsumer(): Consumer {
    const { nodeCount, edgeCount, edgeTypes, nodeFields } = this.#header!;
    const columns = nodeFields.length;
    return (values, count) => {
      let field = this.#field;
      for (let i = 0; i < count; i++) {
        const value = values[i];
        if (field === 0) {
          if (value >= edgeTypes.length)
            this.#fail(`edge ${this.#edge} is of kind ${value}, of ${edgeTypes.length}`);
          this.#kind = edgeTypes[value];
          field = 1;
        } else if (field === 1) {
          const isIndex = this.#kind === ELEMENT_EDGE || this.#kind === HIDDEN_EDGE;
          if (!isIndex && value > this.#largestName) this.#largestName = value;
          this.#name = isIndex ? Math.min(value, NAME_MASK) : value;
          field = 2;
        } else {
          const node = value / columns;
          if (node !== Math.floor(node) || node >= nodeCount)
            this.#fail(`edge ${this.#edge} leads to ${value}, where no node begins (there are ${nodeCount})`);
          if (this.#edge >= edgeCount) this.#fail(`it has more edges than the ${edgeCount} that it promises`);
          if (this.#name > NAME_MASK) this.#fail(`edge ${this.#edge} has name ${this.#name}`);
          this.#edges[this.#edge] = ((this.#kind << EDGE_KIND_SHIFT) | this.#name) >>> 0;
          this.#targets[this.#edge++] = node;
          field = 0;
        }
      }
      this.#field = field;
    };
  }

  #locationConsumer(): Consumer {
    const { length, node, script, line } = this.#header!.locationFields;
    const columns = this.#header!.nodeFields.length;
    const known = node >= 0 && script >= 0 && line >= 0;
    return (values, count) => {
      for (let i = 0; i < count; i++) {
        if (!known || this.#locations.length > MOST_LOCATIONS) continue;
        const value = values[i];
        if (this.#field === node) {
          this.#lastLocation = this.#locations.length;
          this.#locations.push(Math.floor(value / columns), 0, 0);
        } else if (this.#field === script) this.#locations[this.#lastLocation + 1] = value;
        else if (this.#field === line) this.#locations[this.#lastLocation + 2] = value + 1;
        this.#field = (this.#field + 1) % length;
      }
    };
  }

  #endColumns(): void {
    const { nodeCount, edgeCount } = this.#header!;
    if (this.#section === "nodes" && (this.#node !== nodeCount || this.#field !== 0))
      this.#fail(`it has ${this.#node} nodes, and promises ${nodeCount}`);
    if (this.#section !== "edges") return;
    if (this.#edge !== edgeCount || this.#edgesSoFar !== edgeCount || this.#field !== 0)
      this.#fail(`it has ${this.#edge} edges, and promises ${edgeCount}`);
    this.#markLastEdges();
  }

  /** The edge before a node's first is the last one of the node before. */
  #markLastEdges(): void {
    for (let node = 1; node < this.#firstEdge.length; node++) {
      const first = this.#firstEdge[node];
      if (first !== NO_EDGES && first > 0) this.#edges[first - 1] |= LAST_EDGE;
    }
    if (this.#edge > 0) this.#edges[this.#edge - 1] |= LAST_EDGE;
  }

  #checkNames(): void {
    if (this.#largestName >= this.#strings.length)
      this.#fail(`a name is number ${this.#largestName} of ${this.#strings.length} strings`);
  }

  #locationColumns(): HeapGraph["locations"] {
    const count = this.#locations.length / 3;
    const columns = [0, 1, 2].map((column) =>
      Uint32Array.from({ length: count }, (_, i) => this.#locations[i * 3 + column]),
    );
    this.#locations = [];
    return { node: columns[0], script: columns[1], line: columns[2] };
  }

  // ── strings ──

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

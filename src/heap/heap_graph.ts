import type { StringStore } from "./string_store.ts";

/**
 * The objects of a heap and what they hold, in columns: 10 bytes a node and 8 an edge. The edges of a node stand together, and the last
 * of them bears a mark, so that nodes can be put in another order (the columns that are not `readonly` then change) without their edges.
 */
export interface HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** By node: its kind (see `node_types.ts`) in the upper 4 bits, and its name's number. */
  kindAndName: Uint32Array<ArrayBuffer>;
  sizes: SizeColumn;
  /** By node: its first edge; `NO_EDGES`: it has none. */
  firstEdge: Uint32Array<ArrayBuffer>;
  /** By edge: its kind in the upper 3 bits, the mark of the last one, the mark of one that is set aside, and its name's number or its index. */
  readonly edges: Uint32Array<ArrayBuffer>;
  /** By edge: the node that it leads to. */
  readonly targets: Uint32Array<ArrayBuffer>;
  readonly strings: StringStore;
  /** Where functions stand in their scripts. */
  readonly locations: Locations;
}

/** Four columns: one entry a function. */
export interface Locations {
  readonly node: Uint32Array<ArrayBuffer>;
  readonly script: Uint32Array<ArrayBuffer>;
  /** 1-based. */
  readonly line: Uint32Array<ArrayBuffer>;
}

export const NO_EDGES = 0xffffffff;

export const NAME_BITS = 28;
/** Names have 27 bits. */
export const NAME_MASK: number = 2 ** 27 - 1;
/** Of an edge: it does not count for retained sizes. */
export const SET_ASIDE: number = 1 << 27;
export const LAST_EDGE: number = 1 << NAME_BITS;
export const EDGE_KIND_SHIFT = 29;

const DIRECT = 0xf000;

/**
 * Bytes of each node, in 2 bytes: what is below 61440 stands there itself, the 4096 slots above are for other sizes, and what finds no
 * slot is kept beside.
 */
export class SizeColumn {
  readonly #codes: Uint16Array<ArrayBuffer>;
  readonly #slots = new Map<number, number>();
  readonly #slotSizes: number[] = [];
  readonly #beside: Map<number, number>;

  constructor(length: number, from?: { readonly old: SizeColumn; readonly numbers: Uint32Array }) {
    this.#codes = new Uint16Array(length);
    this.#beside = new Map();
    if (from === undefined) return;
    const { old, numbers } = from;
    this.#slotSizes = old.#slotSizes;
    this.#slots = old.#slots;
    for (let i = 0; i < length; i++) this.#codes[numbers[i]] = old.#codes[i];
    for (const [node, size] of old.#beside) this.#beside.set(numbers[node], size);
  }

  at(node: number): number {
    const code = this.#codes[node];
    if (code < DIRECT) return code;
    return code === 0xffff ? (this.#beside.get(node) ?? 0) : this.#slotSizes[code - DIRECT];
  }

  set(node: number, size: number): void {
    if (size < DIRECT) {
      this.#codes[node] = size;
      return;
    }
    let slot = this.#slots.get(size);
    if (slot === undefined && this.#slotSizes.length < 0xfff) {
      slot = this.#slotSizes.push(size) - 1;
      this.#slots.set(size, slot);
    }
    if (slot === undefined) this.#beside.set(node, size);
    this.#codes[node] = slot === undefined ? 0xffff : DIRECT + slot;
  }

  /** The same with other numbers for the nodes. */
  reordered(numbers: Uint32Array): SizeColumn {
    return new SizeColumn(this.#codes.length, { old: this, numbers });
  }
}

export function kindOf(graph: HeapGraph, node: number): number {
  return graph.kindAndName[node] >>> NAME_BITS;
}

export function nameOf(graph: HeapGraph, node: number): string {
  return graph.strings.at(graph.kindAndName[node] & NAME_MASK);
}

import { followNumbered } from "./edges.ts";
import { type HeapGraph, kindOf, NAME_MASK } from "./heap_graph.ts";
import { reached } from "./held_by_program.ts";
import { CLOSURE, INTERNAL_EDGE, OBJECT, PROPERTY_EDGE, REGEXP } from "./node_types.ts";
import { isRuntimes, type Scripts } from "./scripts.ts";

interface Adoption {
  /** By node: its row + 1; 0: it has no mark. */
  readonly rowOf: Uint32Array;
  /** By node: for how many it stands. */
  readonly weights: Float32Array;
  readonly scripts: Scripts;
  readonly isOwn: (node: number) => boolean;
}

/** Objects that look alike and are about as large: those with a mark that stand for more, and those without. */
interface Alike {
  /** By row, how many blocks more there are than bear a mark. */
  readonly rows: Map<number, number>;
  /** The sum of these. */
  missing: number;
  /** The square of the standard error of that, from those that were followed. */
  variance: number;
  /** For how many one of them stands at the most. */
  heaviest: number;
  /** Whether only the program makes such: functions in its files, instances of its classes. */
  readonly isPrograms: boolean;
  /** Objects without a mark that nothing but the program's objects leads to. */
  near: number;
  /** Others without a mark. */
  far: number;
  /** How many of all these are the program's. */
  taken: number;
}

/** So many standard errors are as likely chance. */
const CHANCE = 3;

/**
 * Gives objects of the program's without a mark the rows of those that stand for them. Of those that look alike so many have no mark, and those that have one
 * stand for so many more: each of the former is taken with that likelihood, by a number that depends on its place alone, so that the same heap
 * gives the same answer. From then on each object stands for itself, with what it takes and holds, so that chance decides on which of the lines that
 * make such ones it counts, and not how much there is.
 *
 * @returns By node: the row + 1 where it is likely to be the program's, but what it leads to may as well be the runtime's: a plain object, an array, a Map.
 */
export function adopt(graph: HeapGraph, adoption: Adoption): Uint32Array<ArrayBuffer> {
  const likely = new Uint32Array(graph.nodeCount);
  const unfollowed = new Unfollowed(graph, adoption);
  if (unfollowed.isEmpty) return likely;
  unfollowed.spread(likely);
  return likely;
}

class Unfollowed {
  readonly #graph: HeapGraph;
  readonly #adoption: Adoption;
  readonly #looks: Looks;
  readonly #all: Alike[] = [];
  /** By node: the number + 1 of those that it is alike. */
  readonly #of: Uint32Array<ArrayBuffer>;
  /** By node: 1 where a way leads there past the program's objects. */
  readonly #isFar: Uint8Array<ArrayBuffer>;

  constructor(graph: HeapGraph, adoption: Adoption) {
    this.#graph = graph;
    this.#adoption = adoption;
    this.#looks = new Looks(graph, adoption.scripts);
    this.#of = new Uint32Array(graph.nodeCount);
    this.#find((node) => this.#looks.of(node));
    // Where each has a hidden class of its own, as with names that no other has, or as a dictionary; or code of its own (`new Function`).
    this.#find((node) => this.#looks.roughly(node));
    this.#findLonely();
    this.#isFar = this.isEmpty ? new Uint8Array(0) : this.#reached();
    for (let node = 1; node < this.#of.length; node++) {
      if (this.#of[node] === 0 || adoption.rowOf[node] !== 0) continue;
      const alike = this.#all[this.#of[node] - 1];
      if (!alike.isPrograms && this.#isFar[node] === 1) alike.far++;
      else alike.near++;
    }
    for (const alike of this.#all) alike.taken = takenOf(alike);
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Marked objects without others that are alike, with those that have no mark. */
  #find(lookOf: (node: number) => number): void {
    const { rowOf, weights, isOwn } = this.#adoption;
    const known = new Map<number, number>();
    const marked = new Map<number, number[]>();
    for (let node = 1; node < rowOf.length; node++) {
      if (rowOf[node] === 0 || this.#of[node] !== 0 || !(weights[node] > 1)) continue;
      const look = lookOf(node);
      const nodes = look === -1 ? undefined : marked.get(look);
      if (nodes !== undefined) nodes.push(node);
      else if (look !== -1) marked.set(look, [node]);
    }
    for (let node = 1; node < rowOf.length && marked.size > 0; node++) {
      if (rowOf[node] !== 0 || this.#of[node] !== 0) continue;
      const look = lookOf(node);
      const nodes = marked.get(look);
      if (nodes === undefined || isOwn(node)) continue;
      let number = known.get(look);
      if (number === undefined) {
        number = this.#all.push(this.#alike(nodes));
        known.set(look, number);
        for (const each of nodes) this.#of[each] = number;
      }
      this.#of[node] = number;
    }
  }

  /** What stands for others though there is none like it any more. */
  #findLonely(): void {
    const { rowOf, weights } = this.#adoption;
    for (let node = 1; node < rowOf.length; node++)
      if (rowOf[node] !== 0 && this.#of[node] === 0 && weights[node] > 1 && this.#looks.of(node) !== -1)
        this.#of[node] = this.#all.push(this.#alike([node]));
  }

  #alike(marked: readonly number[]): Alike {
    const { rowOf, weights } = this.#adoption;
    const isPrograms = this.#looks.isPrograms(marked[0]);
    const rows = new Map<number, number>();
    const alike: Alike = {
      rows,
      missing: 0,
      variance: 0,
      heaviest: 0,
      isPrograms,
      near: 0,
      far: 0,
      taken: 0,
    };
    for (const node of marked) {
      const more = weights[node] - 1;
      rows.set(rowOf[node], (rows.get(rowOf[node]) ?? 0) + more);
      alike.missing += more;
      alike.variance += more * weights[node];
      alike.heaviest = Math.max(alike.heaviest, weights[node]);
    }
    return alike;
  }

  #reached(): Uint8Array<ArrayBuffer> {
    const { rowOf } = this.#adoption;
    return reached(
      this.#graph,
      (node) => rowOf[node] !== 0 || (this.#of[node] !== 0 && this.#all[this.#of[node] - 1].isPrograms),
    );
  }

  /** By node, of those that may as well be the runtime's. */
  spread(likely: Uint32Array): void {
    const { rowOf, weights } = this.#adoption;
    for (let node = 1; node < rowOf.length; node++) {
      if (rowOf[node] !== 0) {
        if (this.#of[node] !== 0) weights[node] = 1;
        continue;
      }
      if (this.#of[node] === 0) continue;
      const alike = this.#all[this.#of[node] - 1];
      const { isPrograms, near, far, taken } = alike;
      const isFar = !isPrograms && this.#isFar[node] === 1;
      const share = Math.min(1, isFar ? (taken - near) / far : taken / near);
      const drawn = hashed(node);
      if (!isPrograms && drawn >= share) continue;
      weights[node] = isPrograms ? share : 1;
      (isFar ? likely : rowOf)[node] = drawRow(alike, isPrograms ? drawn : drawn / share);
    }
  }
}

/** Of objects without a mark that look alike, how many are the program's. */
function takenOf({ missing, variance, heaviest, isPrograms, near, far }: Alike): number {
  // If all of them are: where a few light ones are followed, a heavy one may just have been missed.
  const error = Math.sqrt(Math.max(variance, near * (heaviest - 1)));
  if (Math.abs(near - missing) <= CHANCE * error) return near;
  // What is more may have been made before anything was traced, or by others for the program's; what is less may be held by the runtime.
  return Math.min(missing, isPrograms || missing <= near ? near : near + far);
}

const { floor, log2 } = Math;
const SIZES = 64;

/** Tells what objects look like: numbers, which are equal for those that look alike. */
class Looks {
  readonly #graph: HeapGraph;
  readonly #scripts: Scripts;
  readonly #map: number;
  readonly #shared: number;
  readonly #parts: readonly number[];
  readonly #buffer: number;
  readonly #classOf: (node: number) => number;

  constructor(graph: HeapGraph, scripts: Scripts) {
    this.#graph = graph;
    this.#scripts = scripts;
    const { strings } = graph;
    this.#map = strings.indexOf("map");
    this.#shared = strings.indexOf("shared");
    this.#parts = ["elements", "properties", "table"].map((name) => strings.indexOf(name));
    this.#buffer = strings.indexOf("ArrayBuffer");
    this.#classOf = classTeller(graph, scripts);
  }

  /** By code, class or hidden class, and size; -1: it is neither a function nor an object. */
  of(node: number): number {
    const kind = kindOf(this.#graph, node);
    if (kind !== CLOSURE && kind !== OBJECT && kind !== REGEXP) return -1;
    // Each view has one of its own, which the tracker counts with it.
    if (this.#isBuffer(node)) return -1;
    const code = kind === CLOSURE ? followNumbered(this.#graph, node, INTERNAL_EDGE, this.#shared) : -1;
    // All functions of one code take the same. What `bind` gives has no code of its own.
    if (code !== -1) return code * SIZES;
    // Instances that are dictionaries may have a hidden class each.
    const ofClass = this.#classOf(node);
    const shape = ofClass === -1 ? followNumbered(this.#graph, node, INTERNAL_EDGE, this.#map) : ofClass;
    return shape === -1 ? -1 : shape * SIZES + 1 + this.#size(node);
  }

  #isBuffer(node: number): boolean {
    return (this.#graph.kindAndName[node] & NAME_MASK) === this.#buffer;
  }

  /** By what it is called, and size. */
  roughly(node: number): number {
    const kind = kindOf(this.#graph, node);
    const name = (this.#graph.kindAndName[node] & NAME_MASK) * SIZES;
    if (this.#isBuffer(node)) return -1;
    if (kind === OBJECT && this.#classOf(node) === -1) return (name + this.#size(node)) * 2;
    return kind === CLOSURE && this.isPrograms(node) ? (name + this.#size(node)) * 2 + 1 : -1;
  }

  /** Functions in the program's files, and instances of its classes. */
  isPrograms(node: number): boolean {
    return kindOf(this.#graph, node) === CLOSURE
      ? !isRuntimes(this.#scripts.scriptOf(node))
      : this.#classOf(node) !== -1;
  }

  /** As a power of two: of what a line makes, one may be a thousand times as large as others. */
  #size(node: number): number {
    const { sizes } = this.#graph;
    let bytes = sizes.at(node);
    for (const part of this.#parts) {
      const target = part === -1 ? -1 : followNumbered(this.#graph, node, INTERNAL_EDGE, part);
      if (target !== -1) bytes += sizes.at(target);
    }
    return bytes < 1 ? 0 : floor(log2(bytes));
  }
}

/** Tells the prototype of an instance of a class of the program's; -1: it is none. */
function classTeller(graph: HeapGraph, scripts: Scripts): (node: number) => number {
  const [proto, made] = ["__proto__", "constructor"].map((name) => graph.strings.indexOf(name));
  const isProgramsMaker = (prototype: number): boolean => {
    const maker = followNumbered(graph, prototype, PROPERTY_EDGE, made);
    return maker !== -1 && kindOf(graph, maker) === CLOSURE && !isRuntimes(scripts.scriptOf(maker));
  };
  const classes = new Map<number, boolean>();
  return (node) => {
    const prototype = kindOf(graph, node) === OBJECT ? followNumbered(graph, node, PROPERTY_EDGE, proto) : -1;
    if (prototype === -1) return -1;
    let isPrograms = classes.get(prototype);
    if (isPrograms === undefined) classes.set(prototype, (isPrograms = isProgramsMaker(prototype)));
    return isPrograms ? prototype : -1;
  };
}

function drawRow({ rows, missing }: Alike, drawn: number): number {
  let left = drawn * missing;
  let last = 0;
  for (const [row, more] of rows) {
    last = row;
    left -= more;
    if (left < 0) break;
  }
  return last;
}

/** A number from 0 to below 1. */
function hashed(node: number): number {
  let bits = Math.imul(node ^ (node >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

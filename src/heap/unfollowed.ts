import { followNumbered } from "./edges.ts";
import { type HeapGraph, kindOf } from "./heap_graph.ts";
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

/** Rows of one shape, and how many more blocks each has than bear a mark. */
interface Shape {
  readonly rows: Map<number, number>;
  missing: number;
  found: number;
}

/**
 * Gives the program's functions and instances without a mark the row of those that stand for them, with a weight of 0.
 *
 * @returns By node: 1 where it is likely to be another of the program's objects without a mark: a plain one, an array, a Map. Of a shape so many
 * have no mark, and those that have one stand for so many more: each of the former is taken with that likelihood, by a number that
 * depends on its place alone, so that the same heap gives the same answer. What such a one leads to may as well be the runtime's.
 */
export function adopt(
  graph: HeapGraph,
  { rowOf, weights, scripts, isOwn }: Adoption,
): Uint8Array<ArrayBuffer> {
  const likely = new Uint8Array(graph.nodeCount);
  const [map, shared] = ["map", "shared"].map((name) => graph.strings.indexOf(name));
  const shapeOf = (node: number): number => {
    const kind = kindOf(graph, node);
    if (kind !== CLOSURE && kind !== OBJECT && kind !== REGEXP) return -1;
    const code = kind === CLOSURE ? followNumbered(graph, node, INTERNAL_EDGE, shared) : -1;
    // What `bind` gives has no code of its own.
    return code === -1 ? followNumbered(graph, node, INTERNAL_EDGE, map) : code;
  };
  const classOf = classTeller(graph, scripts);
  const shapes = new Map<number, Shape>();
  const note = (shape: number, node: number): void => {
    const more = weights[node] - 1;
    if (shape === -1 || !(more > 0)) return;
    let known = shapes.get(shape);
    if (known === undefined) shapes.set(shape, (known = { rows: new Map(), missing: 0, found: 0 }));
    const row = rowOf[node];
    known.rows.set(row, (known.rows.get(row) ?? 0) + more);
    known.missing += more;
  };
  for (let node = 1; node < rowOf.length; node++) {
    if (rowOf[node] === 0) continue;
    note(shapeOf(node), node);
    note(classOf(node), node);
  }
  if (shapes.size === 0) return likely;
  const candidate = (node: number): Shape | undefined => {
    if (rowOf[node] !== 0) return undefined;
    // Instances that are dictionaries may have a hidden class each.
    const shape = shapes.get(shapeOf(node)) ?? shapes.get(classOf(node));
    return shape === undefined || isOwn(node) ? undefined : shape;
  };
  /** Functions in the program's files, and instances of its classes. */
  const isPrograms = (node: number): boolean =>
    kindOf(graph, node) === CLOSURE ? !isRuntimes(scripts.scriptOf(node)) : classOf(node) !== -1;
  for (let node = 1; node < rowOf.length; node++) {
    const shape = candidate(node);
    if (shape !== undefined) shape.found++;
  }
  for (let node = 1; node < rowOf.length; node++) {
    const shape = candidate(node);
    if (shape === undefined) continue;
    if (isPrograms(node)) rowOf[node] = drawRow(shape, hashed(node));
    else if (hashed(node) < shape.missing / shape.found) likely[node] = 1;
  }
  return likely;
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

function drawRow({ rows, missing }: Shape, drawn: number): number {
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

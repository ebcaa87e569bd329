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
    return followNumbered(graph, node, INTERNAL_EDGE, kind === CLOSURE ? shared : map);
  };
  const shapes = new Map<number, Shape>();
  for (let node = 1; node < rowOf.length; node++) {
    const row = rowOf[node];
    const more = weights[node] - 1;
    if (row === 0 || !(more > 0)) continue;
    const shape = shapeOf(node);
    if (shape === -1) continue;
    let known = shapes.get(shape);
    if (known === undefined) shapes.set(shape, (known = { rows: new Map(), missing: 0, found: 0 }));
    known.rows.set(row, (known.rows.get(row) ?? 0) + more);
    known.missing += more;
  }
  if (shapes.size === 0) return likely;
  const [proto, made] = ["__proto__", "constructor"].map((name) => graph.strings.indexOf(name));
  /** Functions in the program's files, and instances of its classes. */
  const isPrograms = (node: number): boolean => {
    if (kindOf(graph, node) === CLOSURE) return !isRuntimes(scripts.scriptOf(node));
    const prototype = followNumbered(graph, node, PROPERTY_EDGE, proto);
    const maker = prototype === -1 ? -1 : followNumbered(graph, prototype, PROPERTY_EDGE, made);
    return maker !== -1 && kindOf(graph, maker) === CLOSURE && !isRuntimes(scripts.scriptOf(maker));
  };
  const candidate = (node: number): Shape | undefined => {
    if (rowOf[node] !== 0) return undefined;
    const shape = shapes.get(shapeOf(node));
    return shape === undefined || isOwn(node) ? undefined : shape;
  };
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

// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { type CallTree, callTree, type TreeFrame } from "../call_tree/call_tree.ts";
import { childrenOf } from "../call_tree/children.ts";
import { jsonText } from "../text/json_text.ts";
import { filtered } from "../views/view.ts";
import { chunks, listItems } from "./chunks.ts";
import { baseName, frameName } from "./frame_name.ts";
import { type ExportOptions, selectionOf } from "./options.ts";

const SCHEMA = "https://www.speedscope.app/file-format-schema.json";

/**
 * speedscope's own format, with two profiles: the bytes that are alive, and the blocks that were ever allocated.
 * https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources
 */
export function speedscope(snapshot: Snapshot, options: ExportOptions = {}): Iterable<string> {
  const tree = callTree(filtered(snapshot, selectionOf(options)).columns);
  const { program } = snapshot.metadata;
  const name = typeof program === "string" && program !== "" ? baseName(program) : "memory";
  return chunks(document(tree, name));
}

function* document(tree: CallTree, name: string): Iterable<string> {
  const order = preorder(tree);
  yield `{"$schema":${jsonText(SCHEMA)},"exporter":"tracemalloc","name":${jsonText(name)},`;
  yield '"activeProfileIndex":0,"shared":{"frames":[\n';
  yield* listItems(tree.frames, frameText);
  yield ']},"profiles":[\n';
  yield* profile(tree, order, { name: "memory", unit: "bytes", figures: tree.self.size });
  yield ",\n";
  yield* profile(tree, order, { name: "allocations", unit: "none", figures: tree.self.allocatedCount });
  yield "]}\n";
}

function frameText(frame: TreeFrame): string {
  const { filename, lineno } = frame;
  const line = lineno > 0 ? `,"line":${lineno}` : "";
  return `{"name":${jsonText(frameName(frame))},"file":${jsonText(filename)}${line}}`;
}

/** Neighbours in the tree next to each other: viewers join what neighbouring samples have in common. */
function preorder(tree: CallTree): Int32Array {
  const { start, list } = childrenOf(tree.parent);
  const order = new Int32Array(tree.parent.length);
  const open = [0];
  let length = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    order[length++] = node;
    for (let at = start[node + 1] - 1; at >= start[node]; at--) open.push(list[at]);
  }
  return order;
}

function* profile(
  tree: CallTree,
  order: Int32Array,
  { name, unit, figures }: { name: string; unit: string; figures: Float64Array },
): Iterable<string> {
  const nodes = order.filter((node) => node > 0 && Math.round(figures[node]) > 0);
  const total = nodes.reduce((sum, node) => sum + Math.round(figures[node]), 0);
  yield `{"type":"sampled","name":${jsonText(name)},"unit":${jsonText(unit)},`;
  yield `"startValue":0,"endValue":${total},"samples":[\n`;
  yield* listItems(nodes, (node) => `[${pathOf(tree, node).join()}]`);
  yield '],"weights":[';
  yield* listItems(nodes, (node) => String(Math.round(figures[node])));
  yield "]}";
}

function pathOf({ parent, frame }: CallTree, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at > 0; at = parent[at]) path.push(frame[at]);
  return path.reverse();
}

// Browser compatible.
import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { type CallTree, callTree } from "../call_tree/call_tree.ts";
import { childrenOf } from "../call_tree/children.ts";
import { jsonText } from "../text/json_text.ts";
import { MEASURES } from "../views/measure.ts";
import { filtered } from "../views/view.ts";
import { chunks, listItems } from "./chunks.ts";
import { fileUrl } from "./file_url.ts";
import { type ExportOptions, selectionOf } from "./options.ts";

/**
 * V8's sampling heap profile, which Chrome DevTools loads (Memory, "Load profile"): the protocol's
 * `HeapProfiler.SamplingHeapProfile`.
 *
 * V8's own nodes are functions. Here every function that allocates has a child node for each line that does, so that
 * DevTools tells the lines apart.
 */
export function heapprofile(snapshot: Snapshot, options: ExportOptions = {}): Iterable<string> {
  const { columns } = filtered(snapshot, selectionOf(options));
  const tree = callTree(columns, { level: "function", leafLines: true });
  const { column } = MEASURES[options.measure ?? "size"];
  return chunks(document(tree, { self: tree.self[column], total: tree.total[column] }));
}

interface Figures {
  readonly self: Float64Array;
  readonly total: Float64Array;
}

function* document(tree: CallTree, figures: Figures): Iterable<string> {
  const callFrames = callFramesOf(tree);
  yield '{"head":';
  yield* chunks(nodes(tree, figures, callFrames));
  yield ',"samples":[\n';
  yield* listItems(allocating(figures), (node) => {
    return `{"size":${Math.round(figures.self[node])},"nodeId":${node + 1},"ordinal":${node}}`;
  });
  yield "]}\n";
}

function* allocating({ self }: Figures): Iterable<number> {
  for (let node = 1; node < self.length; node++) if (Math.round(self[node]) > 0) yield node;
}

/** Written without a recursion: paths may be 65,535 calls deep. */
function* nodes(tree: CallTree, { self, total }: Figures, callFrames: readonly string[]): Iterable<string> {
  const root = '{"functionName":"(root)","scriptId":"0","url":"","lineNumber":-1,"columnNumber":-1}';
  const { start, list } = childrenOf(tree.parent);
  /** Nodes that are to be written; -1: the end of a node. */
  const open = [0];
  let separator = "";
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === -1) {
      yield "]}";
      separator = ",\n";
      continue;
    }
    const callFrame = node === 0 ? root : callFrames[tree.frame[node]];
    yield `${separator}{"callFrame":${callFrame},"selfSize":${Math.round(self[node])},"id":${node + 1},"children":[`;
    separator = "";
    open.push(-1);
    for (let at = start[node + 1] - 1; at >= start[node]; at--) if (total[list[at]] > 0) open.push(list[at]);
  }
}

/** By frame. Lines and columns of the protocol begin at 0; -1: unknown. */
function callFramesOf({ frames }: CallTree): string[] {
  const scripts = new Map<string, number>();
  return frames.map(({ functionName, filename, lineno, isLine }) => {
    let script = scripts.get(filename);
    if (script === undefined) scripts.set(filename, (script = scripts.size + 1));
    const name = functionName === "" ? "(anonymous)" : functionName;
    const shown = isLine ? `${name} line ${lineno}` : name;
    const place = `"lineNumber":${lineno - 1},"columnNumber":${lineno > 0 ? 0 : -1}`;
    return `{"functionName":${jsonText(shown)},"scriptId":"${script}","url":${jsonText(fileUrl(filename))},${place}}`;
  });
}

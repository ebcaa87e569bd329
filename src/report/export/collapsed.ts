// Browser compatible.

import type { Snapshot } from "../../snapshot/model/snapshot.ts";
import { escapeText } from "../../vocabulary/escape_text.ts";
import { type CallTree, callTree } from "../call_tree/call_tree.ts";
import { MEASURES } from "../views/measure.ts";
import { filtered } from "../views/view.ts";
import { chunks } from "./chunks.ts";
import { type ExportOptions, selectionOf } from "./options.ts";

/**
 * Collapsed stacks, as `flamegraph.pl`, inferno and most flame graph viewers read them: one line per path, frames from
 * the oldest on between semicolons, a space, and the figure.
 */
export function collapsed(snapshot: Snapshot, options: ExportOptions = {}): Iterable<string> {
  const tree = callTree(filtered(snapshot, selectionOf(options)).columns);
  return chunks(lines(tree, tree.self[MEASURES[options.measure ?? "size"].column]));
}

function* lines(tree: CallTree, figures: Float64Array): Iterable<string> {
  const names = tree.frames.map(({ functionName, filename, lineno }) => {
    const place = `${filename}:${lineno}`;
    // A semicolon would begin another frame.
    return escapeText(functionName === "" ? place : `${functionName} (${place})`).replaceAll(";", ",");
  });
  const path: string[] = [];
  for (let node = 1; node < figures.length; node++) {
    const figure = Math.round(figures[node]);
    if (figure <= 0) continue;
    path.length = 0;
    for (let at = node; at > 0; at = tree.parent[at]) path.push(names[tree.frame[at]]);
    yield `${path.reverse().join(";")} ${figure}\n`;
  }
}

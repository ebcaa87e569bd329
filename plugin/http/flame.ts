import type { Snapshot } from "../../mod.ts";
import type { FlameNode } from "./live_state.ts";

interface Node {
  readonly name: string;
  value: number;
  readonly children: Map<number, Node>;
}

/** What is narrower than this share of the whole cannot be seen. */
const LEAST_SHARE = 1 / 1000;
const MOST_DEPTH = 64;

/** What each call path holds, as a tree from the outermost call inwards. */
export function flameOf(snapshot: Snapshot): FlameNode {
  const { frames, tracebacks, blocks } = snapshot.columns;
  const root: Node = { name: "all", value: 0, children: new Map() };
  const nameOf = (frame: number): string => {
    const name = frames.functionNames[frames.functionName[frame]!]!;
    const file = frames.filenames[frames.filename[frame]!]!;
    const line = `${file.slice(file.lastIndexOf("/") + 1)}:${frames.lineno[frame]}`;
    return name === "" ? line : `${name} (${line})`;
  };
  for (let row = 0; row < blocks.traceback.length; row++) {
    const bytes = blocks.size[row]! * blocks.count[row]!;
    if (bytes <= 0) continue;
    const traceback = blocks.traceback[row]!;
    const end = tracebacks.offset[traceback + 1]!;
    let node = root;
    root.value += bytes;
    for (let i = Math.max(tracebacks.offset[traceback]!, end - MOST_DEPTH); i < end; i++) {
      const frame = tracebacks.frames[i]!;
      let child = node.children.get(frame);
      if (child === undefined) {
        child = { name: nameOf(frame), value: 0, children: new Map() };
        node.children.set(frame, child);
      }
      child.value += bytes;
      node = child;
    }
  }
  return pruned(root, root.value * LEAST_SHARE);
}

function pruned({ name, value, children }: Node, least: number): FlameNode {
  const kept = [...children.values()].filter((child) => child.value >= least);
  return { name, value: Math.round(value), children: kept.map((child) => pruned(child, least)) };
}

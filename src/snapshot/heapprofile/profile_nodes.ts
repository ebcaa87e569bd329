// Browser compatible.

import { plainPath } from "../../sites/plain_path.ts";
import { MAX_DEPTH, type ReadLimits } from "../pprof/limits.ts";
import type { JsonCursor } from "./json_cursor.ts";
import { ProfileFrames } from "./profile_frames.ts";

const MAX_LINE = 2 ** 31 - 2;

/** The call tree of a profile, in columns: a node's parent has a smaller number than the node. */
export interface ProfileNodes {
  /** -1: none. */
  readonly parent: readonly number[];
  /** Index into `frames`. */
  readonly frame: readonly number[];
  /** Bytes that the function itself has allocated, on this way of calls. */
  readonly selfSize: readonly number[];
  /** By which the samples name it; -1: it has none. */
  readonly id: readonly number[];
  readonly frames: ProfileFrames;
}

/** Reads the tree that begins at the cursor. Without a recursion: a file may nest as deep as it likes. */
export function readNodes(cursor: JsonCursor, limits: ReadLimits): ProfileNodes {
  const frames = new ProfileFrames(limits, (reason) => cursor.fail(reason));
  const parent: number[] = [];
  const frame: number[] = [];
  const selfSize: number[] = [];
  const id: number[] = [];
  const open: number[] = [];
  const begin = (): void => {
    cursor.open("a node");
    if (parent.length === limits.samples)
      cursor.fail(`more than ${limits.samples} nodes, the most that is read of a file of this size`);
    if (open.length === MAX_DEPTH) cursor.fail(`calls more than ${MAX_DEPTH} deep`);
    parent.push(open.at(-1) ?? -1);
    frame.push(-1);
    selfSize.push(0);
    id.push(-1);
    open.push(parent.length - 1);
  };
  begin();
  let isFirst = true;
  while (open.length > 0) {
    const node = open.at(-1)!;
    const key = cursor.key(isFirst);
    isFirst = false;
    if (key === null) {
      if (frame[node] === -1) cursor.fail("a node has no callFrame");
      open.pop();
      if (open.length > 0 && cursor.entry(false)) {
        begin();
        isFirst = true;
      }
    } else if (key === "children") {
      cursor.openList("a list of children");
      if (cursor.entry(true)) {
        begin();
        isFirst = true;
      }
    } else if (key === "callFrame") frame[node] = readCallFrame(cursor, frames);
    else if (key === "selfSize") selfSize[node] = readWhole(cursor, { what: "selfSize", from: 0 });
    else if (key === "id") id[node] = readWhole(cursor, { what: "id", from: 0 });
    else cursor.skip();
  }
  return { parent, frame, selfSize, id, frames };
}

function readCallFrame(cursor: JsonCursor, frames: ProfileFrames): number {
  let functionName = "";
  let url = "";
  let script = "";
  let line = -1;
  let column = -1;
  cursor.open("a callFrame");
  for (let key = cursor.key(true); key !== null; key = cursor.key(false)) {
    if (key === "functionName") functionName = cursor.string("functionName");
    else if (key === "url") url = cursor.string("url");
    else if (key === "scriptId") script = cursor.string("scriptId");
    else if (key === "lineNumber") line = readWhole(cursor, { what: "lineNumber", from: -1, to: MAX_LINE });
    else if (key === "columnNumber")
      column = readWhole(cursor, { what: "columnNumber", from: -1, to: MAX_LINE });
    else cursor.skip();
  }
  const filename = url === "" ? unnamed(script) : plainPath(url);
  return frames.number({ functionName, filename, lineno: line + 1, column: column + 1 });
}

/** Scripts without a name are called as DevTools calls them; what is the engine's own has number 0. */
function unnamed(script: string): string {
  return /^[1-9]\d{0,9}$/.test(script) ? `VM${script}` : "";
}

/** Reads a whole number from `from` to `to`. */
export function readWhole(
  cursor: JsonCursor,
  { what, from, to = Number.MAX_SAFE_INTEGER }: { what: string; from: number; to?: number },
): number {
  const value = cursor.number(what);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  return cursor.fail(`${what} is ${value}, expected a whole number from ${from} to ${to}`);
}

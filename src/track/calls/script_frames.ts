// Browser compatible.

import { append, SafeMap } from "../../tables/safe_collections.ts";

// Frames as a page's engine names them: script, line and column. They have numbers below those of `frame_sites.ts`.

/** A script of the page. */
export interface Script {
  /** Its URL. */
  readonly name: string;
}

/** A place in a script. */
export interface ScriptFrame {
  readonly script: Script;
  /** 1-based, as `column`. */
  readonly line: number;
  readonly column: number;
}

/** The first number is one less. */
const BEYOND = -(2 ** 30);
/** Of a script, positions are `line * COLUMNS + column`: minified scripts have all in one line. */
const COLUMNS = 2 ** 26;

/** All of which a frame has been seen. */
export const scripts: Script[] = [];
const frames: ScriptFrame[] = [];
const byName = new SafeMap<string, { script: Script; positions: Map<number, number> } | null>();
const byLine = new SafeMap<string, number>();

/** Called when the first frame of a script has been seen. */
export const onScript: { call: (() => void) | null } = { call: null };

// A name may have an "@" in it, and so may a URL: packages' names have. What precedes an asynchronous frame ends in "*".
const LINE = /^(?:.*?@)?((?:blob:)?[a-z][\w+.-]*:\/\/.*):(\d+):(\d+)$/i;
// biome-ignore lint/correctness/noSelfAssign: from here on it is the pattern's own, whatever becomes of the prototype's
LINE.exec = LINE.exec;
/** Scripts that can be fetched: not what a program makes of text, nor what the browser has of its own. */
const FETCHED = /^(?!webpack-internal:|resource:|chrome:|node:)(?:blob:)?[a-z][\w+.-]*:\/\/(?!.* > )/i;
// biome-ignore lint/correctness/noSelfAssign: as above
FETCHED.exec = FETCHED.exec;

/** The number of a frame, below 0; 0: its script is none that has a text of its own. */
export function scriptFrame(name: string, line: number, column: number): number {
  let entry = byName.get(name);
  if (entry === undefined) byName.set(name, (entry = addScript(name)));
  if (entry === null) return 0;
  const position = line * COLUMNS + column;
  let number = entry.positions.get(position);
  if (number === undefined) {
    number = BEYOND - append(frames, { script: entry.script, line, column });
    entry.positions.set(position, number);
  }
  return number;
}

/** The same of a line of a stack as Firefox and Safari write it: `name@URL:line:column`. */
export function textFrame(text: string): number {
  let number = byLine.get(text);
  if (number === undefined) {
    const match = LINE.exec(text);
    number = match === null ? 0 : scriptFrame(match[1], +match[2], +match[3]);
    byLine.set(text, number);
  }
  return number;
}

/** Whether the number is that of such a frame. */
export function isScriptFrame(number: number): boolean {
  return number < BEYOND;
}

/** What the number stands for. */
export function frameOfScript(number: number): ScriptFrame {
  return frames[BEYOND - number - 1];
}

function addScript(name: string): { script: Script; positions: Map<number, number> } | null {
  if (FETCHED.exec(name) === null) return null;
  const script = { name };
  append(scripts, script);
  onScript.call?.();
  return { script, positions: new SafeMap() };
}

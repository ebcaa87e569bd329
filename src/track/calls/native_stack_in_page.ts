// Browser compatible.
// Takes the place of `native_stack.ts` in what bundlers make for pages: there code has been moved after it was instrumented. So the frames
// are kept as the engine gives them, the tracker's own too, until source maps tell where they come from (`script_places.ts`).

import { detectEngine } from "../../host/engine.ts";
import { min } from "../../tables/own_math.ts";
import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { callSites, stackText } from "./call_sites.ts";
import { scriptFrame, textFrame } from "./script_frames.ts";

/** Frames of the tracker's own, and of code that is not instrumented, besides those that are wanted. */
const MORE_FRAMES = 24;
/** Firefox gives no more, whatever is asked for. */
const MOST_OF_TEXT = 128;

/** Functions that await stand at an `await`, of which not all compressors say where it comes from; of what it waits for they do. */
const AWAIT = "await ".length;

const engine = detectEngine();
const hasCallSites = engine === "v8-compressed" || engine === "v8";
const { apply } = Reflect;
const { indexOf, slice } = String.prototype;

/** One capture counts for so much at most, in ms. Firefox's clock tells whole milliseconds: of many short captures one is said to take one. */
export const MOST_COST_MS: number = engine === "spidermonkey" ? 1 : 0.25;

/** Whether the engine gives stacks. */
export const hasNativeStacks: boolean = true;

/** The frames of the last stack that was captured, the most recent one first: numbers of `script_frames.ts`. */
export class NativeStack {
  sites: Int32Array = new OwnInt32Array(128);
  /** Kept here, because a program can see it being read from a typed array. */
  #capacity = 128;
  length = 0;
  /** How many frames there are in all; -1: more than were looked at. */
  total = 0;

  /**
   * Captures the stack.
   *
   * @param most How many frames are wanted.
   * @returns Whether the engine has given it: a program can forbid that, and near the end of the stack there is no room.
   */
  capture(most: number): boolean {
    const wanted = most + MORE_FRAMES;
    if (this.#capacity < wanted) this.sites = new OwnInt32Array((this.#capacity = wanted));
    this.length = 0;
    const frames = hasCallSites ? this.#ask(wanted) : this.#read(wanted);
    this.total = frames < wanted ? this.length : -1;
    return frames >= 0;
  }

  /** Gives how many frames there were; -1: none can be had. */
  #ask(wanted: number): number {
    const frames = callSites(wanted);
    if (frames === null) return -1;
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i];
      const name = frame.getFileName();
      if (typeof name !== "string") continue;
      const column = (frame.getColumnNumber() ?? 0) + (frame.isAsync() ? AWAIT : 0);
      this.#add(scriptFrame(name, frame.getLineNumber() ?? 0, column));
    }
    return frames.length;
  }

  /** The same from text, which has a line for each frame. */
  #read(wanted: number): number {
    const text = stackText(wanted);
    if (text === null) return -1;
    let count = 0;
    for (let start = 0; count < wanted; ) {
      const end = apply(indexOf, text, ["\n", start]) as number;
      const line = apply(slice, text, end === -1 ? [start] : [start, end]) as string;
      if (line !== "") {
        count++;
        this.#add(textFrame(line));
      }
      if (end === -1) break;
      start = end + 1;
    }
    return count >= min(wanted, MOST_OF_TEXT) ? wanted : count;
  }

  #add(frame: number): void {
    if (frame !== 0) this.sites[this.length++] = frame;
  }
}

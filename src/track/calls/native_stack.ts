// Browser compatible.
// In pages, `native_stack_in_page.ts` takes its place ("browser" of package.json).

import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { callSites, hasCallSites } from "./call_sites.ts";
import { frameSite } from "./native_frames.ts";

/** Frames of the tracker's own, of the host's, and of code that is not instrumented, besides those that are wanted. */
const MORE_FRAMES = 24;

/** One capture counts for so much at most, in ms: a process that had to wait for its turn was not busy with it. */
export const MOST_COST_MS = 0.25;

/** Whether the engine gives stacks. */
export const hasNativeStacks: boolean = hasCallSites;

/** The frames of the last stack that was captured, the most recent one first: numbers as sites have them. */
export class NativeStack {
  sites: Int32Array = new OwnInt32Array(64);
  /** Kept here, because a program can see it being read from a typed array. */
  #capacity = 64;
  length = 0;
  /** How many frames there are in all; -1: more than were looked at. */
  total = 0;

  /**
   * Captures the stack. Without frames of the tracker, of its stand-ins, and of the host: those of instrumented files alone.
   *
   * @param most How many frames are wanted.
   * @returns Whether the engine has given it: a program can forbid that, and near the end of the stack there is no room.
   */
  capture(most: number): boolean {
    const wanted = most + MORE_FRAMES;
    const frames = callSites(wanted);
    if (frames === null) return false;
    if (this.#capacity < most) this.sites = new OwnInt32Array((this.#capacity = most));
    let length = 0;
    let total = 0;
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i];
      const name = frame.getFileName();
      if (typeof name !== "string") continue;
      const site = frameSite(name, frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0);
      if (site === 0) continue;
      total++;
      if (length < most) this.sites[length++] = site;
      else if (frames.length >= wanted) break;
    }
    this.length = length;
    this.total = frames.length < wanted ? total : -1;
    return true;
  }
}

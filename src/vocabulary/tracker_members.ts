// Browser compatible.

/**
 * What instrumented code calls and reads of its file's tracker (`track/calls/file_tracker.ts`): a letter each, as they stand in
 * every line. Ahead-of-time code has them in it: a letter that has had a meaning gets no other one.
 */
export const Member = {
  /** A new object. */
  object: "o",
  /** A new function or class that a property has named. */
  named: "c",
  /** Perhaps a new object. */
  maybeObject: "n",
  /** A string. */
  text: "l",
  /** What a variable holds. */
  report: "q",
  /** Gives its first argument back; the second is evaluated for its effect. */
  first: "p",
  /** The last thing before a call that may be of a built-in function. */
  announce: "i",
  /** What that call gave. */
  settle: "m",
  /** What a constructor returns in the place of its own object. */
  replaceInstance: "r",
  enterAsync: "a",
  enterGenerator: "g",
  enterAsyncGenerator: "h",
  suspend: "u",
  /** As `suspend`, for a generator that goes on in the place of this one. */
  delegate: "y",
  resume: "w",
  /** The start of a handler: suspended or not. */
  handle: "k",
  leave: "z",
  /** No method: the number of the file's first site. */
  base: "b",
  /** No method: the shadow stack, for other realms. */
  stack: "s",
} as const;

/** Its long name. */
export type MemberName = keyof typeof Member;

/** Its letter. */
export type MemberLetter = (typeof Member)[MemberName];

/** What instrumented code reads of what `enterAsync` and its like give: the frame's slot. */
export const ACTIVATION_SLOT = "d";

/** Methods that are handed what may be new, and give it back. */
export type AllocationName = "object" | "named" | "maybeObject" | "text";

/** Methods by which frames are entered that can suspend. */
export type EntryName = "enterAsync" | "enterGenerator" | "enterAsyncGenerator";

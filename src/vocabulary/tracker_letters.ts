// Browser compatible.
import type * as Member from "./tracker_members.ts";

/** A member's long name. */
export type MemberName = keyof typeof Member;

/** A member's letter. */
export type MemberLetter = (typeof Member)[MemberName];

/** Of methods that are handed what may be new, and give it back. */
export type AllocationLetter = (typeof Member)["object" | "named" | "maybeObject" | "text"];

/** Of methods by which frames are entered that can suspend. */
export type EntryLetter = (typeof Member)["enterAsync" | "enterGenerator" | "enterAsyncGenerator"];

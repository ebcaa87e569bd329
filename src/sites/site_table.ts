import type { Kind } from "../kinds.ts";
import { PAYLOAD_VERSION } from "./payload_format.ts";
import { encodeNumbers } from "./vlq.ts";

/** A place in the source: an allocation, a call, or the start of a function. */
export interface Site {
  readonly kind: Kind;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Index into the functions of the table. */
  readonly functionIndex: number;
  /** What `Kind` says; 0 where it says nothing. */
  readonly parameter: number;
}

/** A function that holds sites; the module itself is the first. */
export interface SiteFunction {
  readonly name: string;
  /** 1-based line of its declaration. */
  readonly line: number;
}

/** Closures that are properties of an object literal: they are found under their keys once the object is there. */
export interface MemberClosures {
  /** The object's own site. */
  readonly site: number;
  /** Key and site of each closure. */
  readonly members: readonly (readonly [key: string, site: number])[];
}

/** The sites of one file, numbered in the order in which they are added. */
export class SiteTable {
  readonly filename: string;
  readonly sites: Site[] = [];
  readonly functions: SiteFunction[] = [];
  readonly memberClosures: MemberClosures[] = [];

  constructor(filename: string) {
    this.filename = filename;
  }

  /** Gives the new site's number. */
  add(site: Site): number {
    return this.sites.push(site) - 1;
  }

  /** Gives the new function's index. */
  addFunction(name: string, line: number): number {
    return this.functions.push({ name, line }) - 1;
  }

  /** The text that instrumented code hands to the tracker: `decodePayload` reads it. */
  encode(): string {
    const numbers: number[] = [];
    let line = 0;
    let functionIndex = 0;
    for (const site of this.sites) {
      numbers.push(
        site.kind,
        site.line - line,
        site.column,
        site.functionIndex - functionIndex,
        site.parameter,
      );
      line = site.line;
      functionIndex = site.functionIndex;
    }
    const functions: (string | number)[] = [];
    for (const { name, line } of this.functions) functions.push(name, line);
    const members: (string | number)[][] = this.memberClosures.map(({ site, members }) => [
      site,
      ...members.flat(),
    ]);
    return JSON.stringify([
      PAYLOAD_VERSION,
      this.filename,
      this.sites.length,
      functions,
      members,
      encodeNumbers(numbers),
    ]);
  }
}

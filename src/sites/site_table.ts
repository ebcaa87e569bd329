import { encodeNumbers } from "../tables/vlq.ts";
import type { Kind } from "../vocabulary/kinds.ts";
import type { EncodedPlaces } from "./payload.ts";
import { PAYLOAD_VERSION } from "./payload_format.ts";

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
  /** Index into the files of the table. */
  readonly file: number;
}

/** Closures that are properties of an object literal: they are found under their keys once the object is there. */
export interface MemberClosures {
  /** The object's own site. */
  readonly site: number;
  /** Key and site of each closure. */
  readonly members: readonly (readonly [key: string, site: number])[];
}

/**
 * The sites of one text, numbered in the order in which they are added. All sites of a function are in one file: where a
 * bundler has put code of several files into one function, each file has a function of that name.
 */
export class SiteTable {
  readonly filename: string;
  /** The text's own name, and those of the sources that its map leads to. */
  readonly files: string[];
  readonly sites: Site[] = [];
  readonly functions: SiteFunction[] = [];
  readonly memberClosures: MemberClosures[] = [];
  readonly #elsewhere = new Map<string, number>();

  constructor(filename: string) {
    this.filename = filename;
    this.files = [filename];
  }

  /** Gives the file's number: that of the text itself if it is its name. */
  addFile(name: string): number {
    return name === this.filename ? 0 : this.files.push(name) - 1;
  }

  /** Gives the new site's number. */
  add(site: Site): number {
    return this.sites.push(site) - 1;
  }

  /** Gives the new function's index. */
  addFunction(name: string, line: number, file = 0): number {
    return this.functions.push({ name, line, file }) - 1;
  }

  /** The function itself if it is in the file, else one of its name that is; it then starts at `line`, or at 1 for a module. */
  functionIn(index: number, file: number, line: number): number {
    if (this.functions[index].file === file) return index;
    const key = `${index} ${file}`;
    let found = this.#elsewhere.get(key);
    if (found === undefined) {
      const { name } = this.functions[index];
      this.#elsewhere.set(key, (found = this.addFunction(name, index === 0 ? 1 : line, file)));
    }
    return found;
  }

  /**
   * The text that instrumented code hands to the tracker: `decodePayload` reads it.
   *
   * @param places What `CallPlaces` gives, where calls are not recorded.
   */
  encode(places: EncodedPlaces | null = null): string {
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
    const isOneFile = this.functions.every(({ file }) => file === 0);
    const files: unknown[] = isOneFile ? [] : [this.files.slice(1), this.functions.map(({ file }) => file)];
    if (places !== null) {
      if (isOneFile) files.push([], []);
      files.push(places);
    }
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
      ...files,
    ]);
  }
}

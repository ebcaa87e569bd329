// Browser compatible.

import { OwnInt32Array } from "../../tables/safe_collections.ts";
import { decodeInto } from "../../tables/vlq.ts";

/** A place in a source of a map. */
export interface MappedPlace {
  /** Index among the map's sources. */
  readonly source: number;
  /** 1-based, as `column`. */
  readonly line: number;
  readonly column: number;
}

/** The parts of a source map of version 3 that are used here. */
interface MapText {
  readonly mappings?: unknown;
  readonly sources?: unknown;
}

/** Generated column, source, line and column of that. */
const FIELDS = 4;
/** Sites carry numbers of 31 bits. */
const MOST = 2 ** 29;

/**
 * A script's source map, as far as it leads from places to places. (`source_positions.ts` reads those of files that are instrumented, by
 * a library that pages need not load.)
 */
export class ScriptMap {
  readonly sources: readonly string[];
  /** By line: where its segments begin. */
  readonly #lines: Int32Array;
  /** `FIELDS` numbers each; a source of -1: it comes from nowhere. */
  readonly #segments: Int32Array;

  /** @throws {TypeError} when it is no flat source map. */
  constructor(map: MapText) {
    const { mappings, sources } = map;
    if (typeof mappings !== "string" || !Array.isArray(sources)) throw new TypeError("no flat source map");
    this.sources = sources.map((source) => (typeof source === "string" ? source : ""));
    const lines = mappings.split(";");
    this.#lines = new OwnInt32Array(lines.length + 1);
    this.#segments = new OwnInt32Array(countSegments(mappings) * FIELDS);
    this.#decode(lines);
  }

  #decode(lines: readonly string[]): void {
    const segments = this.#segments;
    const fields = new OwnInt32Array(5);
    let at = 0;
    let [source, sourceLine, sourceColumn] = [0, 0, 0];
    for (const [line, text] of lines.entries()) {
      let column = 0;
      for (const segment of text.split(",")) {
        if (segment === "") continue;
        const count = decodeInto(segment, fields);
        if (count < 1) throw new TypeError("no source map: its mappings are damaged");
        column += fields[0]!;
        if (count >= FIELDS) {
          source += fields[1]!;
          sourceLine += fields[2]!;
          sourceColumn += fields[3]!;
        }
        const isPlace =
          count >= FIELDS &&
          isBelow(source, this.sources.length) &&
          isBelow(sourceLine, MOST) &&
          sourceColumn >= 0;
        segments[at] = column;
        segments[at + 1] = isPlace ? source : -1;
        segments[at + 2] = sourceLine;
        segments[at + 3] = sourceColumn;
        at += FIELDS;
      }
      this.#lines[line + 1] = at / FIELDS;
    }
  }

  /** Where the text at a place (1-based) comes from; null: from nowhere. Only what is mapped on its own line counts. */
  find(line: number, column: number): MappedPlace | null {
    return line < this.#lines.length ? this.#last(this.#lines[line - 1]!, this.#lines[line]!, column) : null;
  }

  /** The same, but the last that is mapped before it, on whatever line: for what nothing of its own line is. */
  findBefore(line: number, column: number): MappedPlace | null {
    const found = this.find(line, column);
    if (found !== null) return found;
    for (let end = this.#lines[Math.min(line, this.#lines.length) - 1]!; end > 0; end--) {
      const place = this.#at(end - 1);
      if (place !== null) return place;
    }
    return null;
  }

  #last(start: number, end: number, column: number): MappedPlace | null {
    let low = start - 1;
    for (let high = end; high - low > 1; ) {
      const middle = (low + high) >>> 1;
      if (this.#segments[middle * FIELDS]! < column) low = middle;
      else high = middle;
    }
    return low < start ? null : this.#at(low);
  }

  #at(segment: number): MappedPlace | null {
    const at = segment * FIELDS;
    const source = this.#segments[at + 1]!;
    if (source < 0) return null;
    return { source, line: this.#segments[at + 2]! + 1, column: this.#segments[at + 3]! + 1 };
  }
}

function isBelow(value: number, limit: number): boolean {
  return value >= 0 && value < limit;
}

function countSegments(mappings: string): number {
  let count = 0;
  for (let i = 0; i < mappings.length; i++) {
    const isEnd = mappings[i] === "," || mappings[i] === ";";
    if (!isEnd && (i === 0 || mappings[i - 1] === "," || mappings[i - 1] === ";")) count++;
  }
  return count;
}

// Browser compatible.

import { append, OwnInt32Array, OwnUint8Array, SafeMap } from "../tables/safe_collections.ts";
import type { Kind } from "../vocabulary/kinds.ts";
import { decodeNumbers } from "./decode_numbers.ts";
import { PAYLOAD_VERSION, SITE_FIELDS } from "./payload_format.ts";

/** The sites of one file as the tracker keeps them: a column per field. */
export interface DecodedSites {
  readonly filename: string;
  /** How many there are. */
  readonly count: number;
  readonly kind: Uint8Array;
  readonly line: Int32Array;
  readonly column: Int32Array;
  readonly functionIndex: Int32Array;
  readonly parameter: Int32Array;
  /** Name and line of each, one after the other. */
  readonly functions: readonly (string | number)[];
  /** Names of other files that functions are of, where the text is generated. */
  readonly files: readonly string[];
  /** For each function a number among `files`, from 1; 0, or none, for `filename`. */
  readonly fileNumbers: readonly number[];
  /** By the object's site: keys and sites of the closures that are its properties. */
  readonly memberClosures: ReadonlyMap<number, readonly (readonly [key: string, site: number])[]>;
}

const { parse } = JSON;

/** Version, name, number of sites. */
const HEAD = /^\[(\d+),"(?:[^"\\]|\\.)*",(\d+),/;
// biome-ignore lint/correctness/noSelfAssign: from here on it is the pattern's own, whatever becomes of the prototype's
HEAD.exec = HEAD.exec;

type Payload = [
  version: number,
  filename: string,
  count: number,
  functions: (string | number)[],
  members: (string | number)[][],
  sites: string,
  /** Where the text is generated: names of other files, and for each function 0 for `filename` or a number among these, from 1. */
  files?: string[],
  functionFiles?: number[],
  places?: EncodedPlaces,
];

/**
 * Where the text calls, if it does not record that: whether it is a module (1) or a script (0), how many places there are, how many
 * numbers for each, and these. `decodeCallPlaces` reads them.
 */
export type EncodedPlaces = readonly [isModule: number, count: number, fields: number, numbers: string];

/** Reads what `SiteTable.encode` wrote, of the version that `countSites` has checked; throws where sites are missing. */
export function decodePayload(text: string): DecodedSites {
  // No iterators, here and below: a program may have changed those of arrays.
  const payload = parse(text) as Payload;
  const {
    1: filename,
    2: count,
    3: functions,
    4: members,
    5: sites,
    6: files = [],
    7: fileNumbers = [],
  } = payload;
  const numbers = decodeNumbers(sites, count * SITE_FIELDS);
  const decoded: DecodedSites = {
    filename,
    count,
    functions,
    files,
    fileNumbers,
    kind: new OwnUint8Array(count),
    line: new OwnInt32Array(count),
    column: new OwnInt32Array(count),
    functionIndex: new OwnInt32Array(count),
    parameter: new OwnInt32Array(count),
    memberClosures: memberClosures(members),
  };
  let line = 0;
  let functionIndex = 0;
  for (let i = 0, at = 0; i < count; i++, at += SITE_FIELDS) {
    decoded.kind[i] = numbers[at] as Kind;
    line += numbers[at + 1];
    decoded.line[i] = line;
    decoded.column[i] = numbers[at + 2];
    functionIndex += numbers[at + 3];
    decoded.functionIndex[i] = functionIndex;
    decoded.parameter[i] = numbers[at + 4];
  }
  return decoded;
}

/** `[site, key, member, key, member, …]` each. */
function memberClosures(members: Payload[4]): DecodedSites["memberClosures"] {
  const all = new SafeMap<number, [string, number][]>();
  for (let at = 0; at < members.length; at++) {
    const flat = members[at];
    const closures: [string, number][] = [];
    for (let i = 1; i < flat.length; i += 2) append(closures, [flat[i] as string, flat[i + 1] as number]);
    all.set(flat[0] as number, closures);
  }
  return all;
}

/** Reads the number of sites without decoding them: files are registered long before their sites are needed. */
export function countSites(text: string): number {
  const match = HEAD.exec(text);
  return match === null || +match[1] !== PAYLOAD_VERSION ? -1 : +match[2];
}

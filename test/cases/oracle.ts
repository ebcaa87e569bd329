// What CPython answers; written by python_oracle.py.
import { readFileSync } from "node:fs";
import type { RawTrace } from "../../src/snapshot/model/from_traces.ts";
import type { KeyType } from "../../src/statistics/key_type.ts";

export interface FilterSpec {
  inclusive: boolean;
  pattern?: string;
  lineno?: number | null;
  allFrames?: boolean;
  domain: number | null;
}

type Statistics = [keyType: KeyType, cumulative: boolean, texts: string[]][];

export interface OracleCase {
  old: RawTrace[];
  new: RawTrace[];
  traces: string[];
  statistics: Statistics;
  differences: Statistics;
  filters: [specs: FilterSpec[], kept: number[]][];
  equal: boolean;
}

export interface Oracle {
  cases: OracleCase[];
  sizes: [size: number, sign: boolean, text: string][];
  matches: [pattern: string, name: string, matches: boolean][];
  format: {
    text: string;
    frames: [filename: string, lineno: number][];
    results: [limit: number | null, mostRecentFirst: boolean, lines: string[]][];
  };
  errors: { unknown: string; traceback: string };
}

export const oracle: Oracle = JSON.parse(
  readFileSync(new URL("python_oracle.json", import.meta.url), "utf8"),
);

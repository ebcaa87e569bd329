// Where V8's functions stand in the sources, as the tracker names them: the same maps are followed in both sides.
import { readFileSync } from "node:fs";
import { readInputMap } from "../../src/instrument/maps/input_map.ts";
import { keepsOwnLines } from "../../src/instrument/maps/package_text.ts";
import { openSourceMap, type SourcePositions } from "../../src/instrument/maps/source_positions.ts";

/** A function as V8 knows it: line and column are mostly those of its parameters. */
export interface FunctionPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly name: string;
}

interface Text {
  readonly lines: readonly string[];
  /** Null: the tracker gives it the lines of the text that runs. */
  readonly positions: SourcePositions | null;
}

const texts = new Map<string, Text>();

function textOf(file: string): Text {
  let text = texts.get(file);
  if (text === undefined) texts.set(file, (text = read(file)));
  return text;
}

function read(file: string): Text {
  const code = readFileSync(file, "utf8");
  const lines = code.split("\n");
  const map = keepsOwnLines(file, code) ? null : readInputMap(code, file).map;
  if (map === null) return { lines, positions: null };
  return { lines, positions: openSourceMap(map, { filename: file, characters: code.length }) };
}

/** The place in the source, with the name that the function has there. A module is that of the text that runs. */
export function sourcePlace(place: FunctionPlace): Pick<FunctionPlace, "file" | "line" | "name"> {
  const { file, name, line, column } = place;
  const { positions } = textOf(file);
  const found = isModule(place) ? null : positions?.find(line, column);
  if (positions === null || found === null || found === undefined) return place;
  // A minifier's name stands in front of the parameters.
  const original = textBefore(place) === name ? positions.nameAt(line, column - name.length) : null;
  return { file: positions.sources[found.source], line: found.line, name: original ?? name };
}

/** Whether it is the code of a file around its functions. */
export function isModule({ name, line, column }: Pick<FunctionPlace, "name" | "line" | "column">): boolean {
  return name === "" && line === 1 && column === 1;
}

function textBefore({ file, name, line, column }: FunctionPlace): string {
  return textOf(file).lines[line - 1].slice(Math.max(0, column - 1 - name.length), column - 1);
}

/** The sources of those texts that were asked for, by the running text: a bundle is one module to V8, and several to the tracker. */
export function mappedSources(): Record<string, readonly string[]> {
  const mapped = [...texts].filter(([, { positions }]) => positions !== null);
  return Object.fromEntries(mapped.map(([file, { positions }]) => [file, positions!.sources]));
}

/** The function that V8 fills a class's own fields with, under the class's name: it begins where the first field does. */
export function isStaticInitializer({ file, line, column }: FunctionPlace): boolean {
  return /^static\b/.test((textOf(file).lines[line - 1] ?? "").slice(column - 1, column + 6));
}

/** The names of classes in a text that are derived from others. */
export function derivedClasses(file: string): ReadonlySet<string> {
  let names = derived.get(file);
  if (names === undefined) {
    const source = textOf(file).lines.join("\n");
    names = new Set([...source.matchAll(/\bclass\s+([\w$]+)\s+extends\b/g)].map(([, name]) => name));
    derived.set(file, names);
  }
  return names;
}

const derived = new Map<string, ReadonlySet<string>>();
